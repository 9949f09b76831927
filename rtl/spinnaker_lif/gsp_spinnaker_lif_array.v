// SPDX-License-Identifier: Apache-2.0
// spinnaker_lif, NEURONS neurons over one datapath (docs/rtl.md, form array).
`include "gsp_bug.vh"
`default_nettype none
module gsp_spinnaker_lif_array #(
    parameter integer NEURONS = 256,
    parameter integer MULTIPLIER = 0, // see gsp_spinnaker_product_pipe
    parameter integer OWN_PARAMS = 0, // 1: each neuron has its own
    parameter integer ID_WIDTH = $clog2(NEURONS) // derived
) (
    input  wire clk,
    input  wire rst_n, // synchronous; starts the sweep, which loads v_rest

    // params: of all neurons, which may change when no update is in flight and in_ready = 1; with OWN_PARAMS
    // of neuron param_id, taken at an edge with param_write && param_ready
    input  wire signed [31:0] v_rest,
    input  wire signed [31:0] r_membrane,
    input  wire signed [31:0] exp_tc,
    input  wire signed [31:0] i_offset,
    input  wire signed [31:0] v_reset,
    input  wire signed [31:0] v_thresh,
    input  wire [31:0] t_refract,
    input  wire [31:0] decay_exc,
    input  wire [31:0] init_exc,
    input  wire [31:0] decay_inh,
    input  wire [31:0] init_inh,
    input  wire [1:0] input_kind,
    input  wire signed [31:0] scale,
    input  wire signed [31:0] v_rev_exc,
    input  wire signed [31:0] v_rev_inh,
    input  wire ca2_enable,
    input  wire signed [31:0] ca2_decay,
    input  wire signed [31:0] ca2_alpha,
    input  wire [2:0] rounding,
    input  wire param_write,
    output wire param_ready,
    input  wire [ID_WIDTH-1:0] param_id,

    input  wire in_valid,
    output wire in_ready,
    input  wire [ID_WIDTH-1:0] in_id,
    input  wire signed [31:0] in_exc,
    input  wire signed [31:0] in_inh,
    input  wire signed [31:0] current_offset,
    input  wire first_substep,
    input  wire [31:0] rnd0,
    input  wire [31:0] rnd1,
    input  wire [31:0] rnd2,
    input  wire [31:0] rnd3,
    input  wire [31:0] rnd4,

    output wire out_valid,
    input  wire out_ready,
    output wire [ID_WIDTH-1:0] out_id,
    output wire signed [31:0] v,
    output wire signed [31:0] refract_timer,
    output wire signed [31:0] syn_exc,
    output wire signed [31:0] syn_inh,
    output wire signed [31:0] ca2,
    output wire spike,
    output wire [4:0] draws_used,

    // trace: what the update was made of
    output wire signed [31:0] v_before,
    output wire signed [31:0] refract_timer_before,
    output wire signed [31:0] syn_exc_before,
    output wire signed [31:0] syn_inh_before,
    output wire signed [31:0] ca2_before,
    output wire signed [31:0] in_exc_taken,
    output wire signed [31:0] in_inh_taken,
    output wire signed [31:0] current_offset_taken,
    output wire first_substep_taken,
    output wire [31:0] rnd0_taken,
    output wire [31:0] rnd1_taken,
    output wire [31:0] rnd2_taken,
    output wire [31:0] rnd3_taken,
    output wire [31:0] rnd4_taken
);
    `GSP_BUG_SELECT

    wire advance, works, done, unused_entered;
    wire signed [31:0] in_exc_1; // stage 1
    wire signed [31:0] in_inh_1;
    wire signed [31:0] current_offset_1;
    wire first_substep_1;
    wire [31:0] rnd0_1;
    wire [31:0] rnd1_1;
    wire [31:0] rnd2_1;
    wire [31:0] rnd3_1;
    wire [31:0] rnd4_1;
    wire signed [31:0] v_1;
    wire signed [31:0] refract_timer_1;
    wire signed [31:0] syn_exc_1;
    wire signed [31:0] syn_inh_1;
    wire signed [31:0] ca2_1;
    wire signed [31:0] v_next;
    wire signed [31:0] refract_timer_next;
    wire signed [31:0] syn_exc_next;
    wire signed [31:0] syn_inh_next;
    wire signed [31:0] ca2_next;
    wire spike_next;
    wire [4:0] draws_used_next;
    // params of the update in stage 1
    wire signed [31:0] v_rest_1;
    wire signed [31:0] r_membrane_1;
    wire signed [31:0] exp_tc_1;
    wire signed [31:0] i_offset_1;
    wire signed [31:0] v_reset_1;
    wire signed [31:0] v_thresh_1;
    wire [31:0] t_refract_1;
    wire [31:0] decay_exc_1;
    wire [31:0] init_exc_1;
    wire [31:0] decay_inh_1;
    wire [31:0] init_inh_1;
    wire [1:0] input_kind_1;
    wire signed [31:0] scale_1;
    wire signed [31:0] v_rev_exc_1;
    wire signed [31:0] v_rev_inh_1;
    wire ca2_enable_1;
    wire signed [31:0] ca2_decay_1;
    wire signed [31:0] ca2_alpha_1;
    wire [2:0] rounding_1;

    gsp_array #(
        .NEURONS(NEURONS), .DEPTH(2), .IN_WIDTH(257), .STATE_WIDTH(160), .RESULT_WIDTH(6),
        .OWN_PARAMS(OWN_PARAMS), .PARAM_WIDTH(518)
    ) array (
        .clk(clk), .rst_n(rst_n),
        .in_valid(in_valid), .in_ready(in_ready), .in_id(in_id),
        .in_data({in_exc, in_inh, current_offset, first_substep, rnd0, rnd1, rnd2, rnd3, rnd4}),
        .param_write(param_write), .param_ready(param_ready), .param_id(param_id), .param_in({
            v_rest, r_membrane, exp_tc, i_offset, v_reset, v_thresh, t_refract, decay_exc, init_exc, decay_inh,
            init_inh, input_kind, scale, v_rev_exc, v_rev_inh, ca2_enable, ca2_decay, ca2_alpha, rounding
        }), .params({
            v_rest_1, r_membrane_1, exp_tc_1, i_offset_1, v_reset_1, v_thresh_1, t_refract_1, decay_exc_1,
            init_exc_1, decay_inh_1, init_inh_1, input_kind_1, scale_1, v_rev_exc_1, v_rev_inh_1, ca2_enable_1,
            ca2_decay_1, ca2_alpha_1, rounding_1
        }),
        .advance(advance), .entered(unused_entered), .works(works), .done(done),
        .in({in_exc_1, in_inh_1, current_offset_1, first_substep_1, rnd0_1, rnd1_1, rnd2_1, rnd3_1, rnd4_1}),
        .state({v_1, refract_timer_1, syn_exc_1, syn_inh_1, ca2_1}),
        .state_next({v_next, refract_timer_next, syn_exc_next, syn_inh_next, ca2_next}),
        .result({spike_next, draws_used_next}),
        .state_reset({`GSP_BUG(256, v_rest_1, v_reset_1), 128'd0}),
        .out_valid(out_valid), .out_ready(out_ready), .out_id(out_id),
        .out_state({v, refract_timer, syn_exc, syn_inh, ca2}),
        .out_result({spike, draws_used}),
        .out_before({v_before, refract_timer_before, syn_exc_before, syn_inh_before, ca2_before}),
        .out_in({
            in_exc_taken, in_inh_taken, current_offset_taken, first_substep_taken, rnd0_taken, rnd1_taken,
            rnd2_taken, rnd3_taken, rnd4_taken
        })
    );

    gsp_spinnaker_lif_pipeline #(.MULTIPLIER(MULTIPLIER), .OWN_PARAMS(OWN_PARAMS)) pipeline (
        .clk(clk), .advance(advance), .works(works), .done(done), .v_rest(v_rest_1),
        .r_membrane(r_membrane_1), .exp_tc(exp_tc_1), .i_offset(i_offset_1), .v_reset(v_reset_1),
        .v_thresh(v_thresh_1), .t_refract(t_refract_1), .decay_exc(decay_exc_1), .init_exc(init_exc_1),
        .decay_inh(decay_inh_1), .init_inh(init_inh_1), .input_kind(input_kind_1), .scale(scale_1),
        .v_rev_exc(v_rev_exc_1), .v_rev_inh(v_rev_inh_1), .ca2_enable(ca2_enable_1), .ca2_decay(ca2_decay_1),
        .ca2_alpha(ca2_alpha_1), .rounding(rounding_1), .in_exc(in_exc_1), .in_inh(in_inh_1),
        .current_offset(current_offset_1), .first_substep(first_substep_1), .rnd0(rnd0_1), .rnd1(rnd1_1),
        .rnd2(rnd2_1), .rnd3(rnd3_1), .rnd4(rnd4_1), .v(v_1), .refract_timer(refract_timer_1),
        .syn_exc(syn_exc_1), .syn_inh(syn_inh_1), .ca2(ca2_1), .v_next(v_next),
        .refract_timer_next(refract_timer_next), .syn_exc_next(syn_exc_next), .syn_inh_next(syn_inh_next),
        .ca2_next(ca2_next), .spike(spike_next), .draws_used(draws_used_next)
    );
endmodule
`default_nettype wire
