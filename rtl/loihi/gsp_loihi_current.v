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

    // (2), (3)
    wire signed [22:0] noise_v;
    gsp_loihi_input in (
        .act_shift(act_shift), .q_wrap22(q_wrap22), .noise_enable(noise_enable), .noise_at_v(noise_at_v),
        .noise_exp(noise_exp), .noise_offset(noise_offset), .a_in(a_in), .rnd(rnd), .noise_v(noise_v), .q(q),
        .q_overflow(q_overflow)
    );

    // (4)
    wire signed [32:0] u_carried = {whole[27], whole[27], whole[27], whole[27], whole, 1'b1} + {q[30], q, up};
    wire signed [31:0] u_sum = u_carried[32:1];
    wire               unused = &{1'b0, u_carried[0]};

    // (5)
    gsp_loihi_wrap wrap (.u_wrap(u_wrap), .u_sum(u_sum), .u_next(u_next), .u_overflow(u_overflow));

    // (6)
    wire signed [19:0] bias;
    gsp_loihi_bias scale_bias (.bias_mant(bias_mant), .bias_exp(bias_exp), .bias(bias));
    wire signed [28:0] x_sum = {u_next[27], u_next} + {{9{bias[19]}}, bias} + {{6{noise_v[22]}}, noise_v};
    wire signed [28:0] x_tc = {{5{x_sum[23]}}, x_sum[23:0]};
    assign x = `GSP_BUG(6, u2_wrap24, 1'b0) ? x_tc : x_sum;
    assign u2_overflow = (|x_sum[28:23]) & ~(&x_sum[28:23]);
endmodule
`default_nettype wire
