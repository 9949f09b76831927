// SPDX-License-Identifier: Apache-2.0
// y = floor(x / 2^N): the arithmetic shift. The result needs WIDTH - N bits.
`default_nettype none
module gsp_shr_floor #(
    parameter integer WIDTH = 16,
    parameter integer N = 8
) (
    input  wire signed [WIDTH-1:0]   x,
    output wire signed [WIDTH-N-1:0] y
);
    generate
        if (N < 0 || N >= WIDTH) begin : illegal
            gsp_error_N_must_be_0_to_WIDTH_minus_1 stop ();
        end
    endgenerate

    wire unused = &x; // the bits shifted out
    assign y = x[WIDTH-1:N];
endmodule
`default_nettype wire
