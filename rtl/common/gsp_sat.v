// SPDX-License-Identifier: Apache-2.0
// y = x saturated to a signed field of WIDTH bits.
`default_nettype none
module gsp_sat #(
    parameter integer X_WIDTH = 32,
    parameter integer WIDTH = 16
) (
    input  wire signed [X_WIDTH-1:0] x,
    output wire signed [WIDTH-1:0]   y
);
    generate
        if (WIDTH < 1 || WIDTH > X_WIDTH) begin : illegal
            gsp_error_WIDTH_must_be_1_to_X_WIDTH stop ();
        end
    endgenerate

    // x fits when every bit above the field equals the field's sign bit.
    wire [X_WIDTH-WIDTH:0] top = x[X_WIDTH-1:WIDTH-1];
    wire                   fits = (&top) | ~(|top);
    wire [WIDTH-1:0]       least = {WIDTH{1'b1}} << (WIDTH - 1);
    assign y = fits ? x[WIDTH-1:0] : x[X_WIDTH-1] ? least : ~least;
endmodule
`default_nettype wire
