// SPDX-License-Identifier: Apache-2.0
// Lines (2) and (3) of docs/models/loihi.md: the noise and the input of a step. Combinational.
`include "gsp_bug.vh"
`default_nettype none
module gsp_loihi_input (
    // params
    input  wire [2:0]         act_shift,
    input  wire               q_wrap22,
    input  wire               noise_enable,
    input  wire               noise_at_v,
    input  wire [3:0]         noise_exp,
    input  wire signed [7:0]  noise_offset,
    // inputs
    input  wire signed [23:0] a_in,
    input  wire signed [7:0]  rnd,
    output wire signed [22:0] noise_v, // what is added to u + bias
    output wire signed [30:0] q,
    output wire               q_overflow
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
    assign noise_v = noise_at_v ? noise : 23'sd0;

    // (3)
    wire signed [29:0] a = act_shift == 3'd6 ? {a_in, 6'd0} : {{6{a_in[23]}}, a_in};
    wire signed [30:0] q_sum = {a[29], a} + {{8{noise_q[22]}}, noise_q};
    wire signed [30:0] q_tc = {{9{q_sum[21]}}, q_sum[21:0]};
    assign q = `GSP_BUG(4, q_wrap22, 1'b0) ? q_tc : q_sum;
    assign q_overflow = (|q_sum[30:21]) & ~(&q_sum[30:21]);
endmodule
`default_nettype wire
