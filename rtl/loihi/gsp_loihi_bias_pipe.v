// SPDX-License-Identifier: Apache-2.0
// gsp_loihi_bias, two edges with advance = 1 later; bias_exp must stand as long as bias_mant.
//
// Two shifts of four ways each. A way that is not taken is a register kept at 0, which costs no LUT, and one LUT
// per bit puts the four together.
`include "gsp_bug.vh"
`default_nettype none
module gsp_loihi_bias_pipe (
    input  wire               clk,
    input  wire               advance,
    input  wire signed [12:0] bias_mant,
    input  wire signed [3:0]  bias_exp,
    output wire signed [19:0] bias
);
    `GSP_BUG_SELECT

    // mant * 2^(exp mod 4)
    wire [14:0] mant = {{2{bias_mant[12]}}, bias_mant};
    reg  [14:0] by_0, by_1, by_2, by_3;
    reg  [1:0]  coarse;
    reg         sign;
    always @(posedge clk)
        if (advance) begin
            by_0 <= bias_exp[1:0] == 2'd0 ? mant : 15'd0;
            by_1 <= bias_exp[1:0] == 2'd1 ? {mant[13:0], 1'b0} : 15'd0;
            by_2 <= bias_exp[1:0] == 2'd2 ? {mant[12:0], 2'd0} : 15'd0;
            by_3 <= bias_exp[1:0] == 2'd3 ? {mant[11:0], 3'd0} : 15'd0;
            coarse <= bias_exp[3:2];
            sign <= bias_mant[12];
        end
    // That times 2^-8, 2^-4, 1 or 2^4, floor.
    wire [14:0] fine = by_0 | by_1 | by_2 | by_3;
    reg  [18:0] down_8, down_4, as_is, up_4;
    reg         sign_2;
    always @(posedge clk)
        if (advance) begin
            down_8 <= coarse == 2'd2 ? {{12{`GSP_BUG(246, sign, 1'b0)}}, fine[14:8]} : 19'd0;
            down_4 <= coarse == 2'd3 ? {{8{sign}}, fine[14:4]} : 19'd0;
            as_is <= coarse == 2'd0 ? {{4{sign}}, fine} : 19'd0;
            up_4 <= coarse == 2'd1 ? {fine, 4'd0} : 19'd0;
            sign_2 <= sign;
        end
    assign bias = {sign_2, down_8 | down_4 | as_is | up_4};
endmodule
`default_nettype wire
