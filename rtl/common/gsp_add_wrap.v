// SPDX-License-Identifier: Apache-2.0
// y = a + b modulo 2^WIDTH.
`default_nettype none
module gsp_add_wrap #(
    parameter integer WIDTH = 16
) (
    input  wire signed [WIDTH-1:0] a,
    input  wire signed [WIDTH-1:0] b,
    output wire signed [WIDTH-1:0] y
);
    assign y = a + b;
endmodule
`default_nettype wire
