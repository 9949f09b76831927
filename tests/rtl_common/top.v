// SPDX-License-Identifier: Apache-2.0
module top #(
    parameter integer COUNT = 1
) (
    input  wire        [11:0]         x,
    output wire        [16*COUNT-1:0] out,
    input  wire signed [32:0]         a,
    input  wire signed [31:0]         b,
    output wire        [64:0]         p0, p1, p2,
    output wire        [32:0]         q0, q1, q2
);
    cells cells (.x(x), .out(out));
    wide wide (.a(a), .b(b), .p0(p0), .p1(p1), .p2(p2), .q0(q0), .q1(q1), .q2(q2));
endmodule
