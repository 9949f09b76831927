// SPDX-License-Identifier: Apache-2.0
// One sub-step of spinnaker_lif: docs/models/spinnaker_lif.md, lines (1) to (9).
// Combinational; the image of gsp_spinnaker_lif_step() in C.
`include "gsp_bug.vh"
`default_nettype none
module gsp_spinnaker_lif_step (
    // params
    input  wire signed [31:0] v_rest,
    input  wire signed [31:0] r_membrane,
    input  wire signed [31:0] exp_tc,
    input  wire signed [31:0] i_offset,
    input  wire signed [31:0] v_reset,
    input  wire signed [31:0] v_thresh,
    input  wire [31:0]        t_refract,
    input  wire [31:0]        decay_exc,
    input  wire [31:0]        init_exc,
    input  wire [31:0]        decay_inh,
    input  wire [31:0]        init_inh,
    input  wire [1:0]         input_kind,   // 0 exp, 1 delta, 2 conductance
    input  wire signed [31:0] scale,
    input  wire signed [31:0] v_rev_exc,
    input  wire signed [31:0] v_rev_inh,
    input  wire               ca2_enable,
    input  wire signed [31:0] ca2_decay,
    input  wire signed [31:0] ca2_alpha,
    input  wire [2:0]         rounding,     // see gsp_spinnaker_narrow
    // inputs
    input  wire signed [31:0] in_exc,
    input  wire signed [31:0] in_inh,
    input  wire signed [31:0] current_offset,
    input  wire               first_substep,
    input  wire [31:0]        rnd0,
    input  wire [31:0]        rnd1,
    input  wire [31:0]        rnd2,
    input  wire [31:0]        rnd3,
    input  wire [31:0]        rnd4,
    // state
    input  wire signed [31:0] v,
    input  wire signed [31:0] refract_timer,
    input  wire signed [31:0] syn_exc,
    input  wire signed [31:0] syn_inh,
    input  wire signed [31:0] ca2,
    output wire signed [31:0] v_next,
    output wire signed [31:0] refract_timer_next,
    output wire signed [31:0] syn_exc_next,
    output wire signed [31:0] syn_inh_next,
    output wire signed [31:0] ca2_next,
    // outputs and flags
    output wire               spike,
    output wire [4:0]         draws_used
);
    `GSP_BUG_SELECT

    // (1), (2), (7)
    wire signed [31:0] exc, inh;
    gsp_spinnaker_synapse #(.INHIBITORY(0)) excitatory (
        .syn(syn_exc), .in(in_exc), .first_substep(first_substep), .init(init_exc), .decay(decay_exc),
        .input_kind(input_kind), .scale(scale), .v_rev(v_rev_exc), .v(v), .rounding(rounding), .rnd(rnd0),
        .current(exc), .syn_next(syn_exc_next)
    );
    gsp_spinnaker_synapse #(.INHIBITORY(1)) inhibitory (
        .syn(syn_inh), .in(in_inh), .first_substep(first_substep), .init(init_inh), .decay(decay_inh),
        .input_kind(input_kind), .scale(scale), .v_rev(v_rev_inh), .v(v), .rounding(rounding), .rnd(rnd1),
        .current(inh), .syn_next(syn_inh_next)
    );

    // (4) A refractory step leaves v.
    wire silent = ~refract_timer[31] & (refract_timer != 32'sd0);

    // (3)
    wire signed [31:0] ca2_faded, ca2_kept;
    gsp_spinnaker_mulk fade_ca2 (.a(ca2), .b(ca2_decay), .rounding(rounding), .rnd(rnd2), .y(ca2_faded));
    assign ca2_kept = ca2_enable & `GSP_BUG(9, 1'b1, ~silent) ? ca2_faded : ca2;
    wire signed [31:0] bias = ca2_enable ? -ca2_faded : 32'sd0;

    // (4)
    wire signed [31:0] current = exc - inh + `GSP_BUG(10, bias, 32'sd0) + i_offset + current_offset;
    wire signed [31:0] driven, kept;
    gsp_spinnaker_mulk drive (.a(current), .b(r_membrane), .rounding(rounding), .rnd(rnd3), .y(driven));
    wire signed [31:0] alpha = driven + v_rest;
    wire signed [31:0] difference = alpha - v;
    gsp_spinnaker_mulk keep (.a(exp_tc), .b(difference), .rounding(rounding), .rnd(rnd4), .y(kept));
    wire signed [31:0] v_live = silent ? `GSP_BUG(11, v, v_rest) : alpha - kept;
    wire signed [31:0] timer = silent ? refract_timer - 32'sd1 : refract_timer;

    // (5)
    wire reached = `GSP_BUG(12, v_live >= v_thresh, v_live > v_thresh);
    assign spike = reached & `GSP_BUG(13, 1'b1, ~silent);

    // (6)
    assign v_next = spike ? v_reset : v_live;
    assign refract_timer_next = spike ? `GSP_BUG(14, t_refract, t_refract + 32'd1) : timer;
    assign ca2_next = ca2_kept + (ca2_enable & spike ? `GSP_BUG(15, ca2_alpha, 32'sd0) : 32'sd0);

    // (9)
    wire draws = rounding[2];
    wire input_draws = draws & (input_kind != 2'd0);
    wire v_draws = draws & ~silent;
    assign draws_used = {v_draws, v_draws, draws & ca2_enable, input_draws, input_draws};
endmodule
`default_nettype wire
