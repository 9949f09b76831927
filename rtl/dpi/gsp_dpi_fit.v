// SPDX-License-Identifier: Apache-2.0
// dpi: y = x modulo 2^WIDTH, for an unsigned x of any width.
`default_nettype none
module gsp_dpi_fit #(
    parameter integer X_WIDTH = 32,
    parameter integer WIDTH = 37
) (
    input  wire [X_WIDTH-1:0] x,
    output wire [WIDTH-1:0]   y
);
    generate
        if (X_WIDTH < WIDTH) begin : wider
            assign y = {{(WIDTH-X_WIDTH){1'b0}}, x};
        end else begin : narrower
            wire unused = &{1'b0, x};
            assign y = x[WIDTH-1:0];
        end
    endgenerate
endmodule
`default_nettype wire
