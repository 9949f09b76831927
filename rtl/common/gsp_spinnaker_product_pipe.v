// SPDX-License-Identifier: Apache-2.0
// The product of gsp_spinnaker_product, two edges with advance = 1 after a and b: y = a * b with a signed a and a b
// that is signed (s16.15) or not (u0.32); and share = (a * b >> 32) + onto for a b that is not.
// onto is taken as the result stands; with another than 0 y is not the product.
//
// MULTIPLIER says how, never what: 0 one `*` of 32 x 33 bits; 2 four unsigned products of at most 16 x 16 bits,
// each with an addition in the adder behind a DSP block, and the signs corrected in the upper half.
`default_nettype none
module gsp_spinnaker_product_pipe #(
    parameter integer MULTIPLIER = 0
) (
    input  wire               clk,
    input  wire               advance,
    input  wire signed [31:0] a,
    input  wire [31:0]        b,
    input  wire               b_signed,
    input  wire [31:0]        onto,
    output wire signed [63:0] y,
    output wire [31:0]        share
);
    generate
        if (MULTIPLIER != 0 && MULTIPLIER != 2) begin : illegal_multiplier
            gsp_error_MULTIPLIER_must_be_0_or_2 stop ();
        end

        if (MULTIPLIER == 2) begin : split
            // a * b = (a modulo 2^31) * unsigned b - 2^31 (a < 0 ? b : 0) - 2^32 (b < 0 ? a : 0), and with a lower half of
            // 15 bits each product takes up all of what comes from below it.
            wire [30:0] low = a[14:0] * b[15:0];
            wire [31:0] left = a[30:15] * b[15:0] + {16'd0, low[30:15]};
            // Two registers: Yosys 0.23 puts a whole one into both blocks, the one that makes it and the one that takes
            // it up, and leaves the latter without an input.
            reg  [30:0] left_1;
            reg         left_0;
            reg  [31:0] a_1, b_1;
            reg  [14:0] low_1;
            reg         b_signed_1;
            wire [30:0] mixed = a_1[14:0] * b_1[31:16]; // 31 bits, or Yosys adds outside of the block
            wire [31:0] right = {1'b0, mixed} + {1'b0, left_1};
            reg  [31:0] high_2, minus_b, minus_a; // high_2 from bit 31 of the product
            reg  [30:0] low_2;
            always @(posedge clk)
                if (advance) begin
                    left_1 <= left[31:1];
                    left_0 <= left[0];
                    low_1 <= low[14:0];
                    a_1 <= a;
                    b_1 <= b;
                    b_signed_1 <= b_signed;
                    high_2 <= a_1[30:15] * b_1[31:16] + {15'd0, right[31:15]};
                    low_2 <= {right[14:0], left_0, low_1};
                    minus_b <= a_1[31] ? b_1 : 32'd0;
                    minus_a <= b_1[31] & b_signed_1 ? a_1 : 32'd0;
                end
            // Chains one behind the other. The bits between two of them keep Yosys from merging them into carry-save
            // rows, which cost more. x - z is ~(~x + z).
            wire [31:0] not_onto = ~({1'b0, high_2[31:1]} + onto);
            wire [32:0] below = ~({not_onto, ~high_2[0]} + {1'b0, minus_b});
            wire [31:0] upper = ~(~below[32:1] + minus_a);
            assign y = {upper, below[0], low_2};
            assign share = below[32:1];
        end else begin : plain
            reg signed [31:0] a_1;
            reg signed [32:0] b_1;
            reg signed [64:0] product_2;
            wire signed [64:0] product;
            gsp_mul #(.A_WIDTH(32), .B_WIDTH(33)) multiply (.a(a_1), .b(b_1), .y(product));
            always @(posedge clk)
                if (advance) begin
                    a_1 <= a;
                    b_1 <= {b[31] & b_signed, b};
                    product_2 <= product;
                end
            assign y = product_2[63:0];
            assign share = product_2[63:32] + onto;
            wire unused = &{1'b0, product_2[64]};
        end
    endgenerate
endmodule
`default_nettype wire
