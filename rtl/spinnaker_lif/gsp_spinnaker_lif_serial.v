// SPDX-License-Identifier: Apache-2.0
// One neuron of spinnaker_lif around one multiplier, valid/ready on both sides. Inputs are
// captured when a sub-step is accepted; params must hold until it retires.
//
// A sub-step of exponential currents takes 7 edges: accept (the excitatory input is added),
// inh, r, v, fire, decay_exc, decay_inh. Delta and conductance synapses take two more, one
// for each current, adaptation another.
// MULTIPLIER: see gsp_spinnaker_product.
`include "gsp_bug.vh"
`default_nettype none
module gsp_spinnaker_lif_serial #(
    parameter integer MULTIPLIER = 0
) (
    input  wire               clk,
    input  wire               rst_n,
    input  wire               in_valid,
    output wire               in_ready,
    output reg                out_valid,
    input  wire               out_ready,
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

    wire delta = input_kind == 2'd1;
    wire conductance = input_kind == 2'd2;
    wire scaled = delta | conductance;
    wire draws = rounding[2];

    // What the multiplier works for, one at a time; none: the neuron is idle, and the
    // multiplier has the excitatory input at hand.
    reg  at_inh, at_current_exc, at_current_inh, at_ca2, at_r, at_v, at_fire, at_decay_exc, at_decay_inh;
    reg  busy;
    assign in_ready = ~busy & (~out_valid | out_ready);
    wire accepts = in_valid & in_ready;
    wire before_ca2 = scaled ? at_current_inh : at_inh;
    wire before_r = ca2_enable ? at_ca2 : before_ca2;

    // Captured.
    reg  signed [31:0] in_inh_held, constant;
    reg                first_held;
    reg  [14:0]        rnd0_held, rnd1_held, rnd2_held, rnd3_held, rnd4_held;
    // Kept from one product to the next.
    reg  signed [31:0] exc_held, inh_held, alpha;

    wire silent = ~refract_timer[31] & (refract_timer != 32'sd0);

    // (4)
    wire signed [31:0] exc = scaled ? exc_held : syn_exc;
    wire signed [31:0] inh = scaled ? inh_held : syn_inh;
    wire signed [31:0] bias = ca2_enable ? -ca2 : 32'sd0;
    wire [32:0]        drive = {exc, 1'b1} + {~inh, 1'b1};
    wire signed [31:0] current = drive[32:1] + constant + bias;
    // alpha - v = ~(~alpha + v); and, with ~v_thresh in its place and a carry, v - v_thresh.
    wire signed [31:0] minuend = ~(at_fire ? v_thresh : alpha);
    wire signed [33:0] against = {minuend[31], minuend, 1'b1} + {v[31], v, at_fire};
    wire signed [31:0] difference = ~against[32:1];
    wire               reached = ~against[33];

    // The multiplier. Synapses take turns in syn_exc: see the edge below.
    wire signed [31:0] siemens_exc = syn_exc >>> 10;
    wire signed [31:0] siemens_inh = -(syn_inh >>> 10);
    wire signed [31:0] toward = (at_current_inh ? v_rev_inh : v_rev_exc) - v;
    wire at_v_or_r = at_v | at_r;
    wire decays = at_decay_exc | at_decay_inh;
    wire signed [31:0] a_plain, a, b_plain, b;
    // in_exc, in_inh_held, current, difference, syn_exc
    gsp_spinnaker_mux choose_a (
        .pick(at_inh | at_v), .skip(at_v_or_r | decays), .second(at_v_or_r), .third(decays),
        .d0(in_exc), .d1(in_inh_held), .d2(current), .d3(difference), .d4(syn_exc), .d5(syn_exc), .y(a_plain)
    );
    gsp_spinnaker_mux choose_b (
        .pick(at_inh | at_v | at_decay_inh), .skip(at_v_or_r | decays), .second(at_v_or_r), .third(decays),
        .d0(init_exc), .d1(init_inh), .d2(r_membrane), .d3(exp_tc), .d4(decay_exc), .d5(decay_inh), .y(b_plain)
    );
    wire at_current = scaled & (at_current_exc | at_current_inh);
    wire at_fade = ca2_enable & at_ca2;
    wire signed [31:0] syn_at = at_current_inh ? syn_inh : syn_exc;
    wire signed [31:0] a_current = conductance ? (at_current_inh ? siemens_inh : siemens_exc) : syn_at;
    wire signed [31:0] b_current = conductance ? toward : scale;
    assign a = at_current ? a_current : at_fade ? ca2 : a_plain;
    assign b = at_current ? b_current : at_fade ? ca2_decay : b_plain;
    wire [14:0] rnd = at_current_exc ? rnd0_held
                    : at_current_inh ? rnd1_held
                    : at_ca2 ? rnd2_held
                    : at_r ? rnd3_held : rnd4_held;
    wire b_signed = at_current | at_fade | at_v_or_r;
    wire signed [63:0] product;
    wire signed [31:0] narrowed;
    wire [31:0]        decayed;
    gsp_spinnaker_product #(.MULTIPLIER(MULTIPLIER)) multiply (
        .a(a), .b(b), .b_signed(b_signed), .y(product), .share(decayed)
    );
    gsp_spinnaker_narrow narrow (.product(product), .rounding(rounding), .rnd(rnd), .y(narrowed));

    // The adder behind it: an input to its synapse, v_rest or alpha to v, and single values past it.
    wire        positive = ~a[31] & (a != 32'sd0);
    wire        taken = positive & (at_inh ? `GSP_BUG(19, first_held, 1'b1) : first_substep);
    wire        adds_input = ~busy | at_inh;
    wire [31:0] share = delta ? a : decayed;
    wire        adds_share = (adds_input & taken) | (decays & ~delta);
    wire [31:0] onto, addend;
    // syn_exc, v_rest, alpha, v_reset, or nothing
    gsp_spinnaker_mux choose_onto (
        .pick(at_r | at_fire | ~rst_n), .skip(rst_n & ~adds_input & ~at_r), .second(rst_n & (at_v | at_fire)),
        .third(1'b0), .d0(syn_exc), .d1(v_rest), .d2(alpha), .d3(v_reset), .d4(32'd0), .d5(32'd0), .y(onto)
    );
    // share, narrowed, ~narrowed, or nothing
    wire of_product = rst_n & at_v_or_r;
    wire of_share = rst_n & (adds_share | at_v);
    assign addend = of_product ? {32{of_share}} ^ narrowed : {32{of_share}} & share;
    wire [31:0] sum = onto + addend + {31'd0, at_v & rst_n};

    wire fires = at_fire & reached;
    always @(posedge clk) begin
        if (~rst_n | (at_v & ~silent) | fires)
            v <= sum;
        if (!rst_n) begin
            busy <= 1'b0;
            at_inh <= 1'b0;
            at_current_exc <= 1'b0;
            at_current_inh <= 1'b0;
            at_ca2 <= 1'b0;
            at_r <= 1'b0;
            at_v <= 1'b0;
            at_fire <= 1'b0;
            at_decay_exc <= 1'b0;
            at_decay_inh <= 1'b0;
            out_valid <= 1'b0;
            refract_timer <= 32'sd0;
            syn_exc <= 32'sd0;
            syn_inh <= 32'sd0;
            ca2 <= 32'sd0;
            spike <= 1'b0;
            draws_used <= 5'd0;
        end else begin
            busy <= accepts | (busy & ~at_decay_inh);
            at_inh <= accepts;
            at_current_exc <= scaled & at_inh;
            at_current_inh <= scaled & at_current_exc;
            at_ca2 <= ca2_enable & before_ca2;
            at_r <= before_r;
            at_v <= at_r;
            at_fire <= at_v;
            at_decay_exc <= at_fire;
            at_decay_inh <= at_decay_exc;
            out_valid <= at_decay_inh | (out_valid & ~out_ready);

            // The synapse in front is replaced and goes behind the other: twice at the start
            // of a step and twice at its end, which leaves both where they belong.
            if (accepts | at_inh | decays) begin
                syn_exc <= `GSP_BUG(20, syn_inh, at_inh ? syn_exc : syn_inh);
                syn_inh <= sum;
            end
            if ((at_v & silent) | fires)
                refract_timer <= at_fire ? t_refract : refract_timer - 32'sd1;
            if (ca2_enable & at_ca2)
                ca2 <= narrowed;
            else if (ca2_enable & fires)
                ca2 <= ca2 + ca2_alpha;
            if (at_v)
                draws_used <= {draws & ~silent, draws & ~silent, draws & ca2_enable, draws & scaled, draws & scaled};
            if (at_fire)
                spike <= reached;
        end
        if (accepts) begin
            in_inh_held <= in_inh;
            first_held <= first_substep;
            constant <= i_offset + current_offset;
            rnd0_held <= rnd0[31:17];
            rnd1_held <= rnd1[31:17];
            rnd2_held <= rnd2[31:17];
            rnd3_held <= rnd3[31:17];
            rnd4_held <= rnd4[31:17];
        end
        if (at_current_exc)
            exc_held <= narrowed;
        if (at_current_inh)
            inh_held <= narrowed;
        if (at_r)
            alpha <= sum;
    end
    wire unused = &{1'b0, against[0], drive[0], rnd0[16:0], rnd1[16:0], rnd2[16:0], rnd3[16:0], rnd4[16:0]};
endmodule
`default_nettype wire
