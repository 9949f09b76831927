// SPDX-License-Identifier: Apache-2.0
// loihi, NEURONS neurons over one datapath (docs/rtl.md, form array).
`default_nettype none
module gsp_loihi_array #(
    parameter integer NEURONS = 256,
    parameter integer MULTIPLIER = 0,
    parameter integer OWN_PARAMS = 0, // 1: each neuron has its own
    parameter integer ID_WIDTH = $clog2(NEURONS) // derived
) (
    input  wire clk,
    input  wire rst_n, // synchronous; starts the sweep

    // params: of all neurons, which may change when no update is in flight and in_ready = 1; with OWN_PARAMS
    // of neuron param_id, taken at an edge with param_write && param_ready
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
    input  wire param_write,
    output wire param_ready,
    input  wire [ID_WIDTH-1:0] param_id,

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
    // params of the update in stage 1
    wire signed [13:0] decay_u_1;
    wire signed [13:0] decay_v_1;
    wire ds_offset_1;
    wire dm_offset_1;
    wire [22:0] vth_1;
    wire signed [23:0] vth_lo_1;
    wire ternary_1;
    wire signed [12:0] bias_mant_1;
    wire signed [3:0] bias_exp_1;
    wire [5:0] refract_delay_1;
    wire [2:0] act_shift_1;
    wire q_wrap22_1;
    wire u_wrap_1;
    wire u2_wrap24_1;
    wire signed [23:0] vmin_1;
    wire signed [23:0] vmax_1;
    wire noise_enable_1;
    wire noise_at_v_1;
    wire [3:0] noise_exp_1;
    wire signed [7:0] noise_offset_1;
    wire [15:0] reset_interval_1;
    wire [15:0] reset_offset_1;

    localparam integer DEPTH = MULTIPLIER == 1 ? 14 : 15; // as in gsp_loihi_pipeline
    gsp_array #(
        .NEURONS(NEURONS), .DEPTH(DEPTH), .INTERVAL(2), .IN_WIDTH(32), .STATE_WIDTH(74), .RESULT_WIDTH(37),
        .OWN_PARAMS(OWN_PARAMS), .PARAM_WIDTH(201)
    ) array (
        .clk(clk), .rst_n(rst_n),
        .in_valid(in_valid), .in_ready(in_ready), .in_id(in_id), .in_data({a_in, rnd}),
        .param_write(param_write), .param_ready(param_ready), .param_id(param_id), .param_in({
            decay_u, decay_v, ds_offset, dm_offset, vth, vth_lo, ternary, bias_mant, bias_exp, refract_delay,
            act_shift, q_wrap22, u_wrap, u2_wrap24, vmin, vmax, noise_enable, noise_at_v, noise_exp,
            noise_offset, reset_interval, reset_offset
        }), .params({
            decay_u_1, decay_v_1, ds_offset_1, dm_offset_1, vth_1, vth_lo_1, ternary_1, bias_mant_1,
            bias_exp_1, refract_delay_1, act_shift_1, q_wrap22_1, u_wrap_1, u2_wrap24_1, vmin_1, vmax_1,
            noise_enable_1, noise_at_v_1, noise_exp_1, noise_offset_1, reset_interval_1, reset_offset_1
        }),
        .advance(advance), .entered(entered), .in({a_in_1, rnd_1}), .state({u_1, v_1, refractory_count_1, reset_count_1}),
        .state_next({u_next, v_next, refractory_count_next, reset_count_next}),
        .result({spike_next, q_next, q_overflow_next, u_overflow_next, u2_overflow_next, v_clipped_next}),
        .works(unused_works), .done(1'b1),
        .state_reset(74'd0),
        .out_valid(out_valid), .out_ready(out_ready), .out_id(out_id), .out_state({u, v, refractory_count, reset_count}),
        .out_result({spike, q, q_overflow, u_overflow, u2_overflow, v_clipped}),
        .out_before({u_before, v_before, refractory_count_before, reset_count_before}), .out_in({a_in_taken, rnd_taken})
    );

    gsp_loihi_pipeline #(.MULTIPLIER(MULTIPLIER), .DEPTH(DEPTH), .OWN_PARAMS(OWN_PARAMS)) pipeline (
        .clk(clk), .advance(advance), .entered(entered),
        .decay_u(decay_u_1), .decay_v(decay_v_1), .ds_offset(ds_offset_1), .dm_offset(dm_offset_1), .vth(vth_1),
        .vth_lo(vth_lo_1), .ternary(ternary_1), .bias_mant(bias_mant_1), .bias_exp(bias_exp_1),
        .refract_delay(refract_delay_1), .act_shift(act_shift_1), .q_wrap22(q_wrap22_1), .u_wrap(u_wrap_1),
        .u2_wrap24(u2_wrap24_1), .vmin(vmin_1), .vmax(vmax_1), .noise_enable(noise_enable_1), .noise_at_v(noise_at_v_1),
        .noise_exp(noise_exp_1), .noise_offset(noise_offset_1), .reset_interval(reset_interval_1),
        .reset_offset(reset_offset_1),
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
