// SPDX-License-Identifier: Apache-2.0
// One sub-step of spinnaker_izhikevich: docs/models/spinnaker_izhikevich.md, lines (1) to (12).
// Combinational; the image of gsp_spinnaker_izhikevich_step() in C.
`include "gsp_bug.vh"
`default_nettype none
module gsp_spinnaker_izhikevich_step (
    // params
    input  wire signed [31:0] a,
    input  wire signed [31:0] b,
    input  wire signed [31:0] c,
    input  wire signed [31:0] d,
    input  wire signed [31:0] i_offset,
    input  wire signed [31:0] reset_h,
    input  wire signed [31:0] next_h,
    input  wire [31:0]        decay_exc,
    input  wire [31:0]        init_exc,
    input  wire [31:0]        decay_inh,
    input  wire [31:0]        init_inh,
    input  wire [1:0]         input_kind,    // 0 exp, 1 delta, 2 conductance
    input  wire signed [31:0] scale,
    input  wire signed [31:0] v_rev_exc,
    input  wire signed [31:0] v_rev_inh,
    input  wire               source_order,  // 1: beta in the order of the C source
    input  wire [2:0]         rounding,      // see gsp_spinnaker_narrow
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
    input  wire [31:0]        rnd5,
    input  wire [31:0]        rnd6,
    input  wire [31:0]        rnd7,
    input  wire [31:0]        rnd8,
    input  wire [31:0]        rnd9,
    input  wire [31:0]        rnd10,
    input  wire [31:0]        rnd11,
    input  wire [31:0]        rnd12,
    input  wire [31:0]        rnd13,
    input  wire [31:0]        rnd14,
    input  wire [31:0]        rnd15,
    input  wire [31:0]        rnd16,
    // state
    input  wire signed [31:0] v,
    input  wire signed [31:0] u,
    input  wire signed [31:0] h,
    input  wire signed [31:0] syn_exc,
    input  wire signed [31:0] syn_inh,
    output wire signed [31:0] v_next,
    output wire signed [31:0] u_next,
    output wire signed [31:0] h_next,
    output wire signed [31:0] syn_exc_next,
    output wire signed [31:0] syn_inh_next,
    // outputs and flags
    output wire               spike,
    output wire [16:0]        draws_used
);
    // s16.15
    localparam signed [31:0] C_140 = 32'sd4587520;
    localparam signed [31:0] C_5 = 32'sd163840;
    localparam signed [31:0] C_0_04 = 32'sd1311;
    localparam signed [31:0] HALF = 32'sd16384;
    localparam signed [31:0] V_THRESH = 32'sd983040;
    localparam signed [31:0] H_AFTER_SPIKE = 32'sd60620;

    `GSP_BUG_SELECT

    // (1), (2), (10)
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

    // (3)
    wire signed [31:0] pre = C_140 + (exc - inh + i_offset + current_offset) - u;
    wire signed [31:0] linear_v, square_v;
    gsp_spinnaker_mulk multiply_2 (.a(C_0_04), .b(v), .rounding(rounding), .rnd(rnd2), .y(linear_v));
    wire signed [31:0] slope_v = C_5 + linear_v;
    gsp_spinnaker_mulk multiply_3 (.a(slope_v), .b(v), .rounding(rounding), .rnd(rnd3), .y(square_v));
    wire signed [31:0] alpha = pre + square_v;

    // (4)
    wire signed [31:0] h_alpha, h_alpha_half;
    gsp_spinnaker_mulk multiply_4 (.a(h), .b(alpha), .rounding(rounding), .rnd(rnd4), .y(h_alpha));
    gsp_spinnaker_mulk multiply_5 (.a(h_alpha), .b(HALF), .rounding(rounding), .rnd(rnd5), .y(h_alpha_half));
    wire signed [31:0] eta = v + `GSP_BUG(9, h_alpha_half, h_alpha >>> 1);

    // (5) Both orders share the first of their products; source order has one more.
    wire signed [31:0] ah, b_v, first_8, second_9, whole_beta, beta;
    gsp_spinnaker_mulk multiply_6 (.a(a), .b(h), .rounding(rounding), .rnd(rnd6), .y(ah));
    gsp_spinnaker_mulk multiply_7 (.a(b), .b(v), .rounding(rounding), .rnd(rnd7), .y(b_v));
    wire signed [31:0] pull = b_v - u;
    wire               as_written = `GSP_BUG(10, source_order, 1'b0);
    wire signed [31:0] factor_8 = as_written ? h : ah;
    gsp_spinnaker_mulk multiply_8 (.a(pull), .b(factor_8), .rounding(rounding), .rnd(rnd8), .y(first_8));
    gsp_spinnaker_mulk multiply_9 (.a(first_8), .b(a), .rounding(rounding), .rnd(rnd9), .y(second_9));
    assign whole_beta = as_written ? second_9 : first_8;
    gsp_spinnaker_mulk multiply_10 (.a(whole_beta), .b(HALF), .rounding(rounding), .rnd(rnd10), .y(beta));

    // (6)
    wire signed [31:0] linear_eta, square_eta, v_change;
    gsp_spinnaker_mulk multiply_11 (.a(C_0_04), .b(eta), .rounding(rounding), .rnd(rnd11), .y(linear_eta));
    wire signed [31:0] slope_eta = C_5 + linear_eta;
    gsp_spinnaker_mulk multiply_12 (.a(slope_eta), .b(eta), .rounding(rounding), .rnd(rnd12), .y(square_eta));
    wire signed [31:0] v_slope = pre - `GSP_BUG(11, beta, 32'sd0) + square_eta;
    gsp_spinnaker_mulk multiply_13 (.a(h), .b(v_slope), .rounding(rounding), .rnd(rnd13), .y(v_change));
    wire signed [31:0] v_live = v + v_change;

    // (7)
    wire signed [31:0] b_eta, u_change;
    gsp_spinnaker_mulk multiply_14 (.a(b), .b(eta), .rounding(rounding), .rnd(rnd14), .y(b_eta));
    wire signed [31:0] u_slope = `GSP_BUG(12, b_eta, b_v) - (u + beta);
    gsp_spinnaker_mulk multiply_15 (.a(ah), .b(u_slope), .rounding(rounding), .rnd(rnd15), .y(u_change));
    wire signed [31:0] u_live = u + u_change;

    // (8), (9)
    wire signed [31:0] h_longer;
    wire signed [31:0] h_base = `GSP_BUG(13, reset_h, h);
    gsp_spinnaker_mulk multiply_16 (.a(h_base), .b(H_AFTER_SPIKE), .rounding(rounding), .rnd(rnd16), .y(h_longer));
    assign spike = v_live >= `GSP_BUG(14, V_THRESH, V_THRESH + 32'sd1);
    assign v_next = spike ? c : v_live;
    assign u_next = u_live + (spike ? `GSP_BUG(15, d, 32'sd0) : 32'sd0);
    assign h_next = spike ? h_longer : reset_h;

    // (12)
    wire draws = rounding[2];
    wire input_draws = draws & (input_kind != 2'd0);
    assign draws_used = {draws & spike, {6{draws}}, draws & source_order, {7{draws}}, {2{input_draws}}};
    wire unused = &{1'b0, next_h}; // read by reset alone
endmodule
`default_nettype wire
