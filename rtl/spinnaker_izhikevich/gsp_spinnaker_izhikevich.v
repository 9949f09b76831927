// SPDX-License-Identifier: Apache-2.0
// One neuron of spinnaker_izhikevich: a sub-step at every edge with en = 1. Port rules in docs/rtl.md.
`include "gsp_bug.vh"
`default_nettype none
module gsp_spinnaker_izhikevich (
    input  wire               clk,
    input  wire               rst_n,
    input  wire               en,
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
    output reg  signed [31:0] v,
    output reg  signed [31:0] u,
    output reg  signed [31:0] h,
    output reg  signed [31:0] syn_exc,
    output reg  signed [31:0] syn_inh,
    // outputs and flags
    output reg                spike,
    output reg  [16:0]        draws_used
);
    `GSP_BUG_SELECT

    wire signed [31:0] v_next;
    wire signed [31:0] u_next;
    wire signed [31:0] h_next;
    wire signed [31:0] syn_exc_next;
    wire signed [31:0] syn_inh_next;
    wire               spike_next;
    wire [16:0]        draws_used_next;
    gsp_spinnaker_izhikevich_step step (
        .a(a), .b(b), .c(c), .d(d), .i_offset(i_offset), .reset_h(reset_h), .next_h(next_h),
        .decay_exc(decay_exc), .init_exc(init_exc), .decay_inh(decay_inh), .init_inh(init_inh),
        .input_kind(input_kind), .scale(scale), .v_rev_exc(v_rev_exc), .v_rev_inh(v_rev_inh),
        .source_order(source_order), .rounding(rounding), .in_exc(in_exc), .in_inh(in_inh),
        .current_offset(current_offset), .first_substep(first_substep), .rnd0(rnd0), .rnd1(rnd1),
        .rnd2(rnd2), .rnd3(rnd3), .rnd4(rnd4), .rnd5(rnd5), .rnd6(rnd6), .rnd7(rnd7), .rnd8(rnd8),
        .rnd9(rnd9), .rnd10(rnd10), .rnd11(rnd11), .rnd12(rnd12), .rnd13(rnd13), .rnd14(rnd14),
        .rnd15(rnd15), .rnd16(rnd16), .v(v), .u(u), .h(h), .syn_exc(syn_exc), .syn_inh(syn_inh),
        .v_next(v_next), .u_next(u_next), .h_next(h_next), .syn_exc_next(syn_exc_next),
        .syn_inh_next(syn_inh_next), .spike(spike_next), .draws_used(draws_used_next)
    );

    always @(posedge clk)
        if (!rst_n) begin
            v <= -32'sd2293760; // -70 mV
            u <= `GSP_BUG(16, -32'sd458752, u); // -14
            h <= `GSP_BUG(17, next_h, reset_h);
            syn_exc <= 32'sd0;
            syn_inh <= 32'sd0;
            spike <= 1'b0;
            draws_used <= 17'd0;
        end else if (`GSP_BUG(18, en, 1'b1)) begin
            v <= v_next;
            u <= u_next;
            h <= h_next;
            syn_exc <= syn_exc_next;
            syn_inh <= syn_inh_next;
            spike <= spike_next;
            draws_used <= draws_used_next;
        end
endmodule
`default_nettype wire
