// SPDX-License-Identifier: Apache-2.0
// Lines (2) to (6) of docs/models/loihi.md: from the decayed current to the
// next u and to x, what is added to v. Combinational.
`include "gsp_bug.vh"
`default_nettype none
module gsp_loihi_current (
    // params
    input  wire signed [12:0] bias_mant,
    input  wire signed [3:0]  bias_exp,
    input  wire [2:0]         act_shift,
    input  wire               q_wrap22,
    input  wire               u_wrap,
    input  wire               u2_wrap24,
    input  wire               noise_enable,
    input  wire               noise_at_v,
    input  wire [3:0]         noise_exp,
    input  wire signed [7:0]  noise_offset,
    // inputs
    input  wire signed [23:0] a_in,
    input  wire signed [7:0]  rnd,
    // dec(u) = whole + up
    input  wire signed [27:0] whole,
    input  wire               up,
    output wire signed [30:0] q,
    output wire signed [27:0] u_next,
    output wire signed [28:0] x,
    output wire               q_overflow,
    output wire               u_overflow,
    output wire               u2_overflow
);
    `GSP_BUG_SELECT

    // (2) Floor of drawn * 2^(noise_exp - 7), and one more where that is negative and not exact.
    wire signed [14:0] mean = {noise_offset[7], noise_offset, 6'd0};
    wire signed [14:0] drawn = mean + {{7{rnd[7]}}, rnd};
    wire signed [29:0] spread = {{15{drawn[14]}}, drawn} << noise_exp;
    wire               spread_up = `GSP_BUG(3, spread[29] & (|spread[6:0]), 1'b0);
    wire signed [22:0] scaled_noise = spread[29:7] + {22'd0, spread_up};
    wire signed [22:0] noise = noise_enable ? scaled_noise : 23'sd0;
    wire signed [22:0] noise_q = noise_at_v ? 23'sd0 : noise;
    wire signed [22:0] noise_v = noise_at_v ? noise : 23'sd0;

    // (3)
    wire signed [29:0] a = act_shift == 3'd6 ? {a_in, 6'd0} : {{6{a_in[23]}}, a_in};
    wire signed [30:0] q_sum = {a[29], a} + {{8{noise_q[22]}}, noise_q};
    wire signed [30:0] q_tc = {{9{q_sum[21]}}, q_sum[21:0]};
    assign q = `GSP_BUG(4, q_wrap22, 1'b0) ? q_tc : q_sum;
    assign q_overflow = (|q_sum[30:21]) & ~(&q_sum[30:21]);

    // (4)
    wire signed [32:0] u_carried = {whole[27], whole[27], whole[27], whole[27], whole, 1'b1} + {q[30], q, up};
    wire signed [31:0] u_sum = u_carried[32:1];
    wire               unused = &{1'b0, u_carried[0]};

    // (5) Only the bits from 2^24 up change; lava keeps +2^23 and takes -2^23 to it.
    wire u_low = |u_sum[22:0];
    wire over  = ~u_sum[31] & ((|u_sum[30:24]) | (u_sum[23] & `GSP_BUG(5, u_low, 1'b1)));
    wire under = u_sum[31] & ~((&u_sum[30:23]) & u_low);
    wire [3:0] u_high = u_sum[27:24] + {over, over, over, over | under};
    assign u_next = {u_wrap ? u_high : {4{u_sum[23]}}, u_sum[23:0]};
    assign u_overflow = (|u_sum[31:23]) & ~(&u_sum[31:23]);

    // (6) mant << exp for exp = 0..7; mant << (exp + 8) >> 8 for exp = -8..-1, where
    // exp + 8 has the same low bits.
    wire signed [19:0] bias_left = {{7{bias_mant[12]}}, bias_mant} << bias_exp[2:0];
    wire signed [19:0] bias = bias_exp[3] ? {{8{bias_left[19]}}, bias_left[19:8]} : bias_left;
    wire signed [28:0] x_sum = {u_next[27], u_next} + {{9{bias[19]}}, bias} + {{6{noise_v[22]}}, noise_v};
    wire signed [28:0] x_tc = {{5{x_sum[23]}}, x_sum[23:0]};
    assign x = `GSP_BUG(6, u2_wrap24, 1'b0) ? x_tc : x_sum;
    assign u2_overflow = (|x_sum[28:23]) & ~(&x_sum[28:23]);
endmodule
`default_nettype wire
