// SPDX-License-Identifier: Apache-2.0
// y = x, sign-extended to WIDTH >= X_WIDTH bits. In C every value is wide already.
`default_nettype none
module gsp_extend #(
    parameter integer X_WIDTH = 16,
    parameter integer WIDTH = 32
) (
    input  wire signed [X_WIDTH-1:0] x,
    output wire signed [WIDTH-1:0]   y
);
    generate
        if (X_WIDTH > WIDTH) begin : illegal
            gsp_error_WIDTH_must_not_be_less_than_X_WIDTH stop ();
        end
    endgenerate

    generate
        if (X_WIDTH < WIDTH) begin : wider
            // To the top and back: Icarus runs the replication {N{x[X_WIDTH-1]}} several times slower.
            wire signed [WIDTH-1:0] top = {x, {(WIDTH-X_WIDTH){1'b0}}};
            assign y = top >>> (WIDTH - X_WIDTH);
        end else begin : same
            assign y = x;
        end
    endgenerate
endmodule
`default_nettype wire
