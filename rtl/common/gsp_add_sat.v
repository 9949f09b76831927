// SPDX-License-Identifier: Apache-2.0
// y = a + b, saturated to WIDTH bits.
`default_nettype none
module gsp_add_sat #(
    parameter integer WIDTH = 16
) (
    input  wire signed [WIDTH-1:0] a,
    input  wire signed [WIDTH-1:0] b,
    output wire signed [WIDTH-1:0] y
);
    wire [WIDTH-1:0] sum = a + b;
    wire [WIDTH-1:0] least = {WIDTH{1'b1}} << (WIDTH - 1);
    // Overflow: both operands have the sign the sum has not.
    wire overflow = (a[WIDTH-1] == b[WIDTH-1]) && (a[WIDTH-1] != sum[WIDTH-1]);
    assign y = !overflow ? sum : a[WIDTH-1] ? least : ~least;
endmodule
`default_nettype wire
