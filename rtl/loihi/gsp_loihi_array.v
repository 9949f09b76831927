// SPDX-License-Identifier: Apache-2.0
// loihi, NEURONS neurons over one datapath (docs/rtl.md, form array).
`default_nettype none
module gsp_loihi_array #(
    parameter integer NEURONS = 256,
    parameter integer MULTIPLIER = 0,
    parameter integer ID_WIDTH = $clog2(NEURONS) // derived
) (
    input  wire clk,
    input  wire rst_n, // synchronous; starts the sweep

    // params of all neurons; may change when no update is in flight and in_ready = 1
    input  wire signed [13:0] decay_u,
    input  wire signed [13:0] decay_v,
    input  wire ds_offset,
    input  wire dm_offset,
    input  wire [22:0] vth,
    input  wire signed [23:0] vth_lo,
    input  wire ternary,
    input  wire signed [12:0] bias_mant,
    input  wire signed [3:0] bias_exp,
    input  wire [5:0] refract_delay,
    input  wire [2:0] act_shift,
    input  wire q_wrap22,
    input  wire u_wrap,
    input  wire u2_wrap24,
    input  wire signed [23:0] vmin,
    input  wire signed [23:0] vmax,
    input  wire noise_enable,
    input  wire noise_at_v,
    input  wire [3:0] noise_exp,
    input  wire signed [7:0] noise_offset,
    input  wire [15:0] reset_interval,
    input  wire [15:0] reset_offset,

    input  wire in_valid,
    output wire in_ready,
    input  wire [ID_WIDTH-1:0] in_id,
    input  wire signed [23:0] a_in,
    input  wire signed [7:0] rnd,

    output wire out_valid,
    input  wire out_ready,
    output wire [ID_WIDTH-1:0] out_id,
    output wire signed [27:0] u,
    output wire signed [23:0] v,
    output wire [5:0] refractory_count,
    output wire [15:0] reset_count,
    output wire signed [1:0] spike,
    output wire signed [23:0] v_readback,
    output wire signed [30:0] q,
    output wire q_overflow,
    output wire u_overflow,
    output wire u2_overflow,
    output wire v_clipped,

    // trace: what the update was made of
    output wire signed [27:0] u_before,
    output wire signed [23:0] v_before,
    output wire [5:0] refractory_count_before,
    output wire [15:0] reset_count_before,
    output wire signed [23:0] a_in_taken,
    output wire signed [7:0] rnd_taken
);
    wire advance, entered, unused_works;
    wire signed [23:0] a_in_1; // stage 1
    wire signed [7:0] rnd_1;
    wire signed [27:0] u_1;
    wire signed [23:0] v_1;
    wire [5:0] refractory_count_1;
    wire [15:0] reset_count_1;
    wire signed [27:0] u_next;
    wire signed [23:0] v_next;
    wire [5:0] refractory_count_next;
    wire [15:0] reset_count_next;
    wire signed [1:0] spike_next;
    wire signed [30:0] q_next;
    wire q_overflow_next;
    wire u_overflow_next;
    wire u2_overflow_next;
    wire v_clipped_next;

    localparam integer DEPTH = MULTIPLIER == 1 ? 11 : 12; // as in gsp_loihi_pipeline
    gsp_array #(
        .NEURONS(NEURONS), .DEPTH(DEPTH), .INTERVAL(2), .IN_WIDTH(32), .STATE_WIDTH(74), .RESULT_WIDTH(37)
    ) array (
        .clk(clk), .rst_n(rst_n),
        .in_valid(in_valid), .in_ready(in_ready), .in_id(in_id), .in_data({a_in, rnd}),
        .advance(advance), .entered(entered), .in({a_in_1, rnd_1}), .state({u_1, v_1, refractory_count_1, reset_count_1}),
        .state_next({u_next, v_next, refractory_count_next, reset_count_next}),
        .result({spike_next, q_next, q_overflow_next, u_overflow_next, u2_overflow_next, v_clipped_next}),
        .works(unused_works), .done(1'b1),
        .state_reset(74'd0),
        .out_valid(out_valid), .out_ready(out_ready), .out_id(out_id), .out_state({u, v, refractory_count, reset_count}),
        .out_result({spike, q, q_overflow, u_overflow, u2_overflow, v_clipped}),
        .out_before({u_before, v_before, refractory_count_before, reset_count_before}), .out_in({a_in_taken, rnd_taken})
    );

    gsp_loihi_pipeline #(.MULTIPLIER(MULTIPLIER), .DEPTH(DEPTH)) pipeline (
        .clk(clk), .advance(advance), .entered(entered),
        .decay_u(decay_u), .decay_v(decay_v), .ds_offset(ds_offset), .dm_offset(dm_offset), .vth(vth),
        .vth_lo(vth_lo), .ternary(ternary), .bias_mant(bias_mant), .bias_exp(bias_exp),
        .refract_delay(refract_delay), .act_shift(act_shift), .q_wrap22(q_wrap22), .u_wrap(u_wrap),
        .u2_wrap24(u2_wrap24), .vmin(vmin), .vmax(vmax), .noise_enable(noise_enable), .noise_at_v(noise_at_v),
        .noise_exp(noise_exp), .noise_offset(noise_offset), .reset_interval(reset_interval),
        .reset_offset(reset_offset),
        .a_in(a_in_1), .rnd(rnd_1),
        .u(u_1), .v(v_1), .refractory_count(refractory_count_1), .reset_count(reset_count_1),
        .u_next(u_next), .v_next(v_next), .refractory_count_next(refractory_count_next),
        .reset_count_next(reset_count_next),
        .spike(spike_next), .q(q_next), .q_overflow(q_overflow_next),
        .u_overflow(u_overflow_next), .u2_overflow(u2_overflow_next), .v_clipped(v_clipped_next)
    );
    gsp_loihi_readback shown (
        .v(v), .refractory_count(refractory_count), .spike(spike), .v_readback(v_readback)
    );
endmodule
`default_nettype wire
