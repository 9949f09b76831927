// SPDX-License-Identifier: Apache-2.0
// dec(s, k) of docs/models/loihi.md, three edges with advance = 1 after s and k: s * k / 4096 toward zero, of the
// exact product, for k = -1..4096. The result is whole + up, as in gsp_loihi_decay.
//
// MULTIPLIER 0: for two DSP blocks. s = high * 4096 + low, and the rounding is an addend of 4095 where the product
// is negative, so that every addition is one behind a multiplier and `up` is 0. 1: for LUTs, in two stages.
`default_nettype none
module gsp_loihi_decay_pipe #(
    parameter integer MULTIPLIER = 0
) (
    input  wire               clk,
    input  wire               advance,
    input  wire signed [27:0] s,
    input  wire signed [13:0] k,
    output wire signed [27:0] whole,
    output wire               up
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
            wire signed [41:0] product;
            gsp_mul_pipe #(.A_WIDTH(28), .B_WIDTH(14), .STAGES(2)) multiply (
                .clk(clk), .advance(advance), .a(s_1), .b(k_1), .y(product)
            );
            assign whole = product[39:12];
            assign up = product[41] & (|product[11:0]);
            wire unused = &{1'b0, product[40]};
        end else begin : blocks
            reg  signed [15:0] high_2;
            reg  signed [13:0] k_2;
            reg  signed [26:0] low_sum;
            reg  signed [29:0] sum;
            wire signed [12:0] low = {1'b0, s_1[11:0]};
            wire signed [26:0] low_product;
            wire signed [29:0] high_product;
            // A product of 0 is not changed by the addend, so that the signs of s and k are enough.
            wire               negative = s_1[27] ^ k_1[13];
            wire signed [26:0] rounding = {15'd0, {12{negative}}};
            wire signed [14:0] low_whole = low_sum[26:12];
            gsp_mul #(.A_WIDTH(13), .B_WIDTH(14)) multiply_low (.a(low), .b(k_1), .y(low_product));
            gsp_mul #(.A_WIDTH(16), .B_WIDTH(14)) multiply_high (.a(high_2), .b(k_2), .y(high_product));
            always @(posedge clk)
                if (advance) begin
                    high_2 <= s_1[27:12];
                    k_2 <= k_1;
                    low_sum <= low_product + rounding;
                    sum <= high_product + {{15{low_whole[14]}}, low_whole};
                end
            assign whole = sum[27:0];
            assign up = 1'b0;
            wire unused = &{1'b0, sum[29:28], low_sum[11:0]};
        end
    endgenerate
endmodule
`default_nettype wire
