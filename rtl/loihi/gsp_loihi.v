// SPDX-License-Identifier: Apache-2.0
// One neuron of loihi: a step at every edge with en = 1. Synchronous reset,
// active low. MULTIPLIER chooses how the two products are built: see
// gsp_loihi_decay.
`include "gsp_bug.vh"
`default_nettype none
module gsp_loihi #(
    parameter integer MULTIPLIER = 0
) (
    input  wire               clk,
    input  wire               rst_n,
    input  wire               en,
    // params
    input  wire signed [13:0] decay_u,
    input  wire signed [13:0] decay_v,
    input  wire               ds_offset,
    input  wire               dm_offset,
    input  wire [22:0]        vth,
    input  wire signed [23:0] vth_lo,
    input  wire               ternary,
    input  wire signed [12:0] bias_mant,
    input  wire signed [3:0]  bias_exp,
    input  wire [5:0]         refract_delay,
    input  wire [2:0]         act_shift,
    input  wire               q_wrap22,
    input  wire               u_wrap,
    input  wire               u2_wrap24,
    input  wire signed [23:0] vmin,
    input  wire signed [23:0] vmax,
    input  wire               noise_enable,
    input  wire               noise_at_v,
    input  wire [3:0]         noise_exp,
    input  wire signed [7:0]  noise_offset,
    input  wire [15:0]        reset_interval,
    input  wire [15:0]        reset_offset,
    // inputs
    input  wire signed [23:0] a_in,
    input  wire signed [7:0]  rnd,
    // state
    output reg  signed [27:0] u,
    output reg  signed [23:0] v,
    output reg  [5:0]         refractory_count,
    output reg  [15:0]        reset_count,
    // outputs and flags
    output reg  signed [1:0]  spike,
    output wire signed [23:0] v_readback,
    output reg  signed [30:0] q,
    output reg                q_overflow,
    output reg                u_overflow,
    output reg                u2_overflow,
    output reg                v_clipped
);
    `GSP_BUG_SELECT

    wire signed [27:0] u_next;
    wire signed [23:0] v_next;
    wire [5:0] refractory_count_next;
    wire [15:0] reset_count_next;
    wire signed [1:0] spike_next;
    wire signed [23:0] unused_v_readback;
    wire signed [30:0] q_next;
    wire q_overflow_next;
    wire u_overflow_next;
    wire u2_overflow_next;
    wire v_clipped_next;

    gsp_loihi_step #(.MULTIPLIER(MULTIPLIER)) step (
        .decay_u(decay_u), .decay_v(decay_v), .ds_offset(ds_offset), .dm_offset(dm_offset), .vth(vth),
        .vth_lo(vth_lo), .ternary(ternary), .bias_mant(bias_mant), .bias_exp(bias_exp),
        .refract_delay(refract_delay), .act_shift(act_shift), .q_wrap22(q_wrap22), .u_wrap(u_wrap),
        .u2_wrap24(u2_wrap24), .vmin(vmin), .vmax(vmax), .noise_enable(noise_enable),
        .noise_at_v(noise_at_v), .noise_exp(noise_exp), .noise_offset(noise_offset),
        .reset_interval(reset_interval), .reset_offset(reset_offset), .a_in(a_in), .rnd(rnd), .u(u), .v(v),
        .refractory_count(refractory_count), .reset_count(reset_count), .u_next(u_next), .v_next(v_next),
        .refractory_count_next(refractory_count_next), .reset_count_next(reset_count_next),
        .spike(spike_next), .v_readback(unused_v_readback), .q(q_next), .q_overflow(q_overflow_next),
        .u_overflow(u_overflow_next), .u2_overflow(u2_overflow_next), .v_clipped(v_clipped_next)
    );

    // Of the state after the step, so it needs no register of its own.
    gsp_loihi_readback shown (
        .v(v), .refractory_count(refractory_count), .spike(spike), .v_readback(v_readback)
    );

    // Reset inside the enable, not around it: that is how iCE40 flip-flops have it, and
    // other ways to 0 (a spike, the end of an interval) can then share their reset.
    always @(posedge clk)
        if (`GSP_BUG(14, en, 1'b1) || !rst_n) begin
            if (!rst_n) begin
                u <= 28'sd0;
                v <= `GSP_BUG(13, 24'sd0, v);
                refractory_count <= 6'd0;
                reset_count <= 16'd0;
                spike <= 2'sd0;
                q <= 31'sd0;
                q_overflow <= 1'b0;
                u_overflow <= 1'b0;
                u2_overflow <= 1'b0;
                v_clipped <= 1'b0;
            end else begin
                u <= u_next;
                v <= v_next;
                refractory_count <= refractory_count_next;
                reset_count <= reset_count_next;
                spike <= spike_next;
                q <= q_next;
                q_overflow <= q_overflow_next;
                u_overflow <= u_overflow_next;
                u2_overflow <= u2_overflow_next;
                v_clipped <= v_clipped_next;
            end
        end
endmodule
`default_nettype wire
