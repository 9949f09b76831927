// SPDX-License-Identifier: Apache-2.0
// sum = s * k / 4096 toward zero (of the exact product) + addend, for k = -1..4096 or k = -4096..1: dec() of
// docs/models/loihi.md or its negative. The addend stands at the input `ADDEND` edges with advance = 1 after
// s and k, the sum at the output SUM such edges after them:
//
//   MULTIPLIER 0, for two DSP blocks: ADDEND 1, SUM 4
//   MULTIPLIER 1, for LUTs:           ADDEND 4, SUM 5
`include "gsp_bug.vh"
`default_nettype none
module gsp_loihi_decay_pipe #(
    parameter integer MULTIPLIER = 0
) (
    input  wire               clk,
    input  wire               advance,
    input  wire signed [27:0] s,
    input  wire signed [13:0] k,
    input  wire signed [31:0] addend,
    output reg  signed [31:0] sum
);
    reg signed [27:0] s_1;
    reg signed [13:0] k_1;
    always @(posedge clk)
        if (advance) begin
            s_1 <= s;
            k_1 <= k;
        end
    generate
        if (MULTIPLIER < 0 || MULTIPLIER > 1) begin : illegal_multiplier
            gsp_error_MULTIPLIER_must_be_0_or_1 stop ();
        end
        if (MULTIPLIER == 1) begin : rows
            // k has no highest row. Toward zero is the floor, and one more where the product is negative
            // and not a multiple of 4096: the carry of the sum.
            wire signed [41:0] product;
            gsp_mul_pipe #(.A_WIDTH(28), .B_WIDTH(14), .STAGES(3), .ROWS(7)) multiply (
                .clk(clk), .advance(advance), .a(s_1), .b(k_1), .y(product)
            );
            wire               up = product[41] & (|product[11:0]);
            wire signed [32:0] carried = {{4{product[39]}}, product[39:12], 1'b1} + {addend, up};
            always @(posedge clk)
                if (advance)
                    sum <= carried[32:1];
            wire unused = &{1'b0, product[40], carried[0]};
        end else begin : blocks
            // s = high * 4096 + low; the rounding is an addend of 4095 where the product is negative. Each block
            // multiplies and adds: first high * k + addend, then low * k and its rounding to what that left, of
            // which 19 bits have room. What the second sum carries or borrows beyond them is left for the end.
            reg  signed [31:0] high_sum, low_sum;
            reg  signed [13:0] k_2;
            reg         [11:0] low_2;
            reg                negative_2;
            reg         [12:0] upper_3;
            `GSP_BUG_SELECT
            wire signed [15:0] high = s_1[27:12];
            wire signed [12:0] low = {1'b0, low_2};
            wire signed [29:0] high_product;
            wire signed [26:0] low_product;
            // Extended by hand for the lint; Yosys takes the copies off again.
            wire signed [31:0] high_wide = {{2{high_product[29]}}, high_product};
            wire signed [31:0] low_wide = {{5{low_product[26]}}, low_product};
            wire signed [31:0] low_addend = {1'b0, high_sum[18:0], {12{negative_2}}};
            gsp_mul #(.A_WIDTH(16), .B_WIDTH(14)) multiply_high (.a(high), .b(k_1), .y(high_product));
            gsp_mul #(.A_WIDTH(13), .B_WIDTH(14)) multiply_low (.a(low), .b(k_2), .y(low_product));
            always @(posedge clk)
                if (advance) begin
                    high_sum <= high_wide + addend;
                    low_2 <= s_1[11:0];
                    k_2 <= k_1;
                    // A product of 0 is not changed by the rounding, so that the signs of s and k are enough.
                    negative_2 <= s_1[27] ^ k_1[13];
                    low_sum <= low_wide + low_addend;
                    upper_3 <= high_sum[31:19];
                end
            // low_sum is in -2^24..2^31 + 2^24: its two highest bits are 10 for a carry and 11 for a borrow.
            wire        borrow = low_sum[31] & `GSP_BUG(244, low_sum[30], 1'b0);
            wire [12:0] upper = upper_3 + {{12{borrow}}, low_sum[31]};
            always @(posedge clk)
                if (advance)
                    sum <= {upper, low_sum[30:12]};
            wire unused = &{1'b0, low_sum[11:0]};
        end
    endgenerate
endmodule
`default_nettype wire
