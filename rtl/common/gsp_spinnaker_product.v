// SPDX-License-Identifier: Apache-2.0
// The one multiplier of the serial SpiNNaker neurons: y = a * b with a signed a and
// a b that is signed (s16.15) or not (u0.32). Exact.
//
// MULTIPLIER says how, never what: 0 one `*` of 32 x 33 bits; 2 four unsigned products
// of 16 x 16 bits, each sum in the adder behind a DSP block, and the signs corrected
// in the upper half.
`default_nettype none
module gsp_spinnaker_product #(
    parameter integer MULTIPLIER = 0
) (
    input  wire signed [31:0] a,
    input  wire [31:0]        b,
    input  wire               b_signed,
    output wire signed [63:0] y,
    output wire [31:0]        share      // the upper half where b_signed = 0; it needs one correction less
);
    generate
        if (MULTIPLIER != 0 && MULTIPLIER != 2) begin : illegal_multiplier
            gsp_error_MULTIPLIER_must_be_0_or_2 stop ();
        end

        if (MULTIPLIER == 2) begin : split
            // a * b = unsigned a * unsigned b - 2^32 (a < 0 ? b : 0) - 2^32 (b < 0 ? a : 0)
            wire [31:0] low = a[15:0] * b[15:0];
            wire [31:0] left = a[31:16] * b[15:0] + {16'd0, low[31:16]};
            wire [31:0] right = a[15:0] * b[31:16] + {16'd0, left[15:0]};
            wire [16:0] carried = {1'b0, left[31:16]} + {1'b0, right[31:16]};
            wire [31:0] high = a[31:16] * b[31:16] + {15'd0, carried};
            // Each difference is one chain with its carry in as lowest bit; the bits between two
            // chains keep Yosys from merging them into carry-save rows, which cost more.
            wire [31:0] not_b = ~(b & {32{a[31]}});
            wire [31:0] not_a = ~(a & {32{b[31] & b_signed}});
            wire [32:0] of_a = {high, 1'b1} + {not_b, 1'b1};
            wire [32:0] of_both = {of_a[32:1], 1'b1} + {not_a, 1'b1};
            assign y = {of_both[32:1], right[15:0], low[15:0]};
            assign share = of_a[32:1];
            wire unused = &{1'b0, of_a[0], of_both[0]};
        end else begin : plain
            wire signed [32:0] b_wide = {b[31] & b_signed, b};
            wire signed [64:0] product;
            gsp_mul #(.A_WIDTH(32), .B_WIDTH(33)) multiply (.a(a), .b(b_wide), .y(product));
            assign y = product[63:0];
            assign share = product[63:32];
            wire unused = &{1'b0, product[64]};
        end
    endgenerate
endmodule
`default_nettype wire
