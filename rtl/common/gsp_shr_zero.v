// SPDX-License-Identifier: Apache-2.0
// y = x / 2^N toward zero. The result needs WIDTH - N bits.
`default_nettype none
module gsp_shr_zero #(
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

    // Adding 2^N - 1 to a negative x moves the floor to the ceiling; it cannot overflow.
    wire [WIDTH-1:0] bias = {WIDTH{x[WIDTH-1]}} & ~({WIDTH{1'b1}} << N);
    wire [WIDTH-1:0] moved = x + bias;
    wire             unused = &{1'b0, moved}; // the bits shifted out
    assign y = moved[WIDTH-1:N];
endmodule
`default_nettype wire
