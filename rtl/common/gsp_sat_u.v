// SPDX-License-Identifier: Apache-2.0
// y = x saturated to an unsigned field of WIDTH bits; x is signed.
`default_nettype none
module gsp_sat_u #(
    parameter integer X_WIDTH = 32,
    parameter integer WIDTH = 16
) (
    input  wire signed [X_WIDTH-1:0] x,
    output wire        [WIDTH-1:0]   y
);
    generate
        if (WIDTH < 1 || WIDTH >= X_WIDTH) begin : illegal
            gsp_error_WIDTH_must_be_1_to_X_WIDTH_minus_1 stop ();
        end
    endgenerate

    wire negative = x[X_WIDTH-1];
    wire above = |x[X_WIDTH-1:WIDTH];
    assign y = negative ? {WIDTH{1'b0}} : above ? {WIDTH{1'b1}} : x[WIDTH-1:0];
endmodule
`default_nettype wire
