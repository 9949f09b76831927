// SPDX-License-Identifier: Apache-2.0
// One neuron of spinnaker_lif: a sub-step at every edge with en = 1. Port rules in docs/rtl.md.
`include "gsp_bug.vh"
`default_nettype none
module gsp_spinnaker_lif (
    input  wire               clk,
    input  wire               rst_n,
    input  wire               en,
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
    output reg  signed [31:0] v,
    output reg  signed [31:0] refract_timer,
    output reg  signed [31:0] syn_exc,
    output reg  signed [31:0] syn_inh,
    output reg  signed [31:0] ca2,
    // outputs and flags
    output reg                spike,
    output reg  [4:0]         draws_used
);
    `GSP_BUG_SELECT

    wire signed [31:0] v_next;
    wire signed [31:0] refract_timer_next;
    wire signed [31:0] syn_exc_next;
    wire signed [31:0] syn_inh_next;
    wire signed [31:0] ca2_next;
    wire               spike_next;
    wire [4:0]         draws_used_next;
    gsp_spinnaker_lif_step step (
        .v_rest(v_rest), .r_membrane(r_membrane), .exp_tc(exp_tc), .i_offset(i_offset),
        .v_reset(v_reset), .v_thresh(v_thresh), .t_refract(t_refract), .decay_exc(decay_exc),
        .init_exc(init_exc), .decay_inh(decay_inh), .init_inh(init_inh), .input_kind(input_kind),
        .scale(scale), .v_rev_exc(v_rev_exc), .v_rev_inh(v_rev_inh),
        .ca2_enable(ca2_enable), .ca2_decay(ca2_decay), .ca2_alpha(ca2_alpha), .rounding(rounding),
        .in_exc(in_exc), .in_inh(in_inh), .current_offset(current_offset),
        .first_substep(first_substep), .rnd0(rnd0), .rnd1(rnd1), .rnd2(rnd2), .rnd3(rnd3), .rnd4(rnd4),
        .v(v), .refract_timer(refract_timer), .syn_exc(syn_exc), .syn_inh(syn_inh), .ca2(ca2),
        .v_next(v_next), .refract_timer_next(refract_timer_next), .syn_exc_next(syn_exc_next),
        .syn_inh_next(syn_inh_next), .ca2_next(ca2_next), .spike(spike_next),
        .draws_used(draws_used_next)
    );

    always @(posedge clk)
        if (!rst_n) begin
            v <= `GSP_BUG(16, v_rest, v_reset);
            refract_timer <= 32'sd0;
            syn_exc <= 32'sd0;
            syn_inh <= `GSP_BUG(17, 32'sd0, syn_inh);
            ca2 <= 32'sd0;
            spike <= 1'b0;
            draws_used <= 5'd0;
        end else if (`GSP_BUG(18, en, 1'b1)) begin
            v <= v_next;
            refract_timer <= refract_timer_next;
            syn_exc <= syn_exc_next;
            syn_inh <= syn_inh_next;
            ca2 <= ca2_next;
            spike <= spike_next;
            draws_used <= draws_used_next;
        end
endmodule
`default_nettype wire
