// SPDX-License-Identifier: Apache-2.0
// The product of gsp_spinnaker_product, two edges with advance = 1 after a and b: y = a * b with a signed a and a b
// that is signed (s16.15) or not (u0.32); and share = (a * b >> 32) + onto for a b that is not.
// onto is taken one edge later than a and b; with another than 0 y is not the product.
//
// MULTIPLIER says how, never what: 0 one `*` of 32 x 33 bits; 2 four unsigned products of 16 x 16 bits, each sum of
// 16 bits or of 32 in the adder behind a DSP block, and the signs corrected in the upper half.
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
            // a * b = unsigned a * unsigned b - 2^32 (a < 0 ? b : 0) - 2^32 (b < 0 ? a : 0)
            wire [31:0] low = a[15:0] * b[15:0];
            reg  [31:0] left_1, a_1, b_1;
            reg  [15:0] low_1;
            reg         b_signed_1;
            wire [31:0] right = a_1[15:0] * b_1[31:16] + {16'd0, left_1[15:0]};
            reg  [31:0] right_2, high_2, minus_b, minus_a;
            reg  [15:0] left_2, low_2;
            always @(posedge clk)
                if (advance) begin
                    left_1 <= a[31:16] * b[15:0] + {16'd0, low[31:16]};
                    low_1 <= low[15:0];
                    a_1 <= a;
                    b_1 <= b;
                    b_signed_1 <= b_signed;
                    right_2 <= right;
                    high_2 <= a_1[31:16] * b_1[31:16] + onto;
                    left_2 <= left_1[31:16];
                    low_2 <= low_1;
                    minus_b <= a_1[31] ? b_1 : 32'd0;
                    minus_a <= b_1[31] & b_signed_1 ? a_1 : 32'd0;
                end
            // Chains one behind the other. A constant carry in and the bit between two of them keep Yosys from
            // merging them into carry-save rows, which cost more. x - z is ~(~x + z).
            wire [17:0] middle = {1'b0, left_2, 1'b1} + {1'b0, right_2[31:16], 1'b0};
            wire [31:0] not_high = ~(high_2 + {15'd0, middle[17:1]});
            wire [31:0] not_share = not_high + minus_b;
            wire [31:0] upper = ~(not_share + minus_a);
            assign y = {upper, right_2[15:0], low_2};
            assign share = ~not_share;
            wire unused = &{1'b0, middle[0]};
        end else begin : plain
            reg signed [31:0] a_1;
            reg signed [32:0] b_1;
            reg signed [64:0] product_2;
            reg        [31:0] onto_2;
            wire signed [64:0] product;
            gsp_mul #(.A_WIDTH(32), .B_WIDTH(33)) multiply (.a(a_1), .b(b_1), .y(product));
            always @(posedge clk)
                if (advance) begin
                    a_1 <= a;
                    b_1 <= {b[31] & b_signed, b};
                    product_2 <= product;
                    onto_2 <= onto;
                end
            assign y = product_2[63:0];
            assign share = product_2[63:32] + onto_2;
            wire unused = &{1'b0, product_2[64]};
        end
    endgenerate
endmodule
`default_nettype wire
