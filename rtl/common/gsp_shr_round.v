// SPDX-License-Identifier: Apache-2.0
// y = floor(x / 2^N + 1/2): to nearest, halves up. Rounding up may carry, so the result
// has WIDTH - N + 1 bits.
`default_nettype none
module gsp_shr_round #(
    parameter integer WIDTH = 16,
    parameter integer N = 8
) (
    input  wire signed [WIDTH-1:0] x,
    output wire signed [WIDTH-N:0] y
);
    generate
        if (N < 0 || N >= WIDTH) begin : illegal
            gsp_error_N_must_be_0_to_WIDTH_minus_1 stop ();
        end
    endgenerate

    localparam integer Y = WIDTH - N + 1;
    wire [Y-1:0] floor = {x[WIDTH-1], x[WIDTH-1:N]};
    wire [Y-1:0] half; // the bit shifted out last decides
    generate
        if (N == 0) begin : exact
            assign half = {Y{1'b0}};
        end else begin : rounding
            wire unused = &{1'b0, x};
            assign half = {{(Y-1){1'b0}}, x[N-1]};
        end
    endgenerate
    assign y = floor + half;
endmodule
`default_nettype wire
