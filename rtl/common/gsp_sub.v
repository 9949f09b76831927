// SPDX-License-Identifier: Apache-2.0
// y = a - b, exact: one bit more than the operands.
`default_nettype none
module gsp_sub #(
    parameter integer WIDTH = 16
) (
    input  wire signed [WIDTH-1:0] a,
    input  wire signed [WIDTH-1:0] b,
    output wire signed [WIDTH:0]   y
);
    wire signed [WIDTH:0] a_x = {a[WIDTH-1], a};
    wire signed [WIDTH:0] b_x = {b[WIDTH-1], b};
    assign y = a_x - b_x;
endmodule
`default_nettype wire
