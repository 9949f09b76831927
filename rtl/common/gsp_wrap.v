// SPDX-License-Identifier: Apache-2.0
// y = x wrapped to a signed field of WIDTH bits (two's complement).
`default_nettype none
module gsp_wrap #(
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

    wire unused = &x;
    assign y = x[WIDTH-1:0];
endmodule
`default_nettype wire
