// SPDX-License-Identifier: Apache-2.0
// spinnaker_lif, one sub-step in two stages of several edges around one product unit: the datapath of
// gsp_spinnaker_lif_array. The line numbers are those of docs/models/spinnaker_lif.md.
//
// The product of the operands chosen at an edge is there three edges later. A stage of exponential currents without
// adaptation takes 7 edges, and the two sub-steps at work share the unit:
//
//   edge   stage 1 chooses            comes    stage 2 chooses            comes
//   0      in_exc * init_exc                                              syn_inh
//   1      in_inh * init_inh                                              current * r_membrane
//   2                                          exp_tc * (alpha - v)
//   3      syn_exc * decay_exc        syn_exc
//   4      syn_inh * decay_inh        syn_inh
//   5      current * r_membrane                                           exp_tc * (alpha - v)
//   6                                 syn_exc
//
// Any other takes 15: eight more behind edge 2, at the third to fifth of which the currents of deltas or conductances
// and the new ca2 are chosen. With params of each sub-step's own it is stage 1 that says which,
// or what its memory shows while it is empty; stage 2 is served by both.
// MULTIPLIER: see gsp_spinnaker_product_pipe.
`include "gsp_bug.vh"
`default_nettype none
module gsp_spinnaker_lif_pipeline #(
    parameter integer MULTIPLIER = 0,
    parameter integer OWN_PARAMS = 0 // 1: the params are those of the sub-step in stage 1
) (
    input  wire               clk,
    input  wire               advance,
    input  wire               works,
    output wire               done,
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
    // stage 1: inputs and state
    input  wire signed [31:0] in_exc,
    input  wire signed [31:0] in_inh,
    input  wire signed [31:0] current_offset,
    input  wire               first_substep,
    input  wire [31:0]        rnd0,
    input  wire [31:0]        rnd1,
    input  wire [31:0]        rnd2,
    input  wire [31:0]        rnd3,
    input  wire [31:0]        rnd4,
    input  wire signed [31:0] v,
    input  wire signed [31:0] refract_timer,
    input  wire signed [31:0] syn_exc,
    input  wire signed [31:0] syn_inh,
    input  wire signed [31:0] ca2,
    // stage 2, at its last edge
    output wire signed [31:0] v_next,
    output wire signed [31:0] refract_timer_next,
    output wire signed [31:0] syn_exc_next,
    output wire signed [31:0] syn_inh_next,
    output wire signed [31:0] ca2_next,
    output wire               spike,
    output wire [4:0]         draws_used
);
    `GSP_BUG_SELECT

    // the params in stage 2
    wire signed [31:0] v_rest_2, exp_tc_2, v_reset_2, v_thresh_2, ca2_alpha_2;
    wire        [31:0] t_refract_2;
    wire        [1:0]  input_kind_2;
    wire               ca2_enable_2;
    wire        [2:0]  rounding_2;
    gsp_delay #(.WIDTH(198), .N(OWN_PARAMS == 1 ? 1 : 0)) params_2 (
        .clk(clk), .advance(advance),
        .x({v_rest, exp_tc, v_reset, v_thresh, t_refract, ca2_alpha, input_kind, ca2_enable, rounding}),
        .y({
            v_rest_2, exp_tc_2, v_reset_2, v_thresh_2, t_refract_2, ca2_alpha_2, input_kind_2, ca2_enable_2, rounding_2
        })
    );

    wire delta = input_kind == 2'd1;
    wire conductance = input_kind == 2'd2;
    wire scaled = delta | conductance;
    wire delta_2 = input_kind_2 == 2'd1;
    wire scaled_2 = delta_2 | (input_kind_2 == 2'd2);
    wire draws_2 = rounding_2[2];
    // By `if`: in simulation params that were never written make no x of the timetable, and its handshakes hold.
    reg longer;
    always @*
        if (`GSP_BUG(258, scaled | ca2_enable, scaled_2 | ca2_enable_2))
            longer = 1'b1;
        else
            longer = 1'b0;

    // Which edge is next, named after what is chosen at it; more[k] is edge 3 + k of a longer stage.
    reg       at_in_exc, at_in_inh, at_v, at_exc, at_inh, at_r, at_end;
    reg [7:0] more;
    assign done = at_end | ~works;
    wire moves = `GSP_BUG(255, advance | ~done, 1'b1); // all but the result stands while an output waits
    always @(posedge clk)
        if (advance) begin
            {at_in_exc, at_in_inh, at_v, at_exc, at_inh, at_r, at_end} <= 7'b1000000;
            more <= 8'd0;
        end else if (~done) begin
            {at_in_exc, at_in_inh, at_v} <= {1'b0, at_in_exc, at_in_inh};
            more <= {more[6:0], at_v & longer};
            {at_exc, at_inh, at_r, at_end} <= {longer ? more[7] : at_v, at_exc, at_inh, at_r};
        end

    // ---- stage 1
    // (1) An input that is not taken is 0 in its product.
    wire taken_exc = first_substep & ~in_exc[31];
    wire taken_inh = first_substep & ~in_inh[31];
    wire               exc_comes = longer ? more[0] : at_exc;
    wire               inh_comes = longer ? more[1] : at_inh;
    wire [31:0]        in_added = more[1] ? in_inh & {32{taken_inh}} : in_exc & {32{taken_exc}};
    wire [31:0]        onto = (syn_exc & {32{exc_comes}}) | (syn_inh & {32{inh_comes}}); // share comes with it
    wire [31:0]        share;
    reg  signed [31:0] exc_held, inh_held;
    wire [31:0]        exc_inh = delta ? onto + in_added : share;

    // (2), (3)
    wire signed [31:0] narrowed;
    reg  signed [31:0] current_exc, current_inh, ca2_faded;
    wire signed [31:0] ca2_kept = ca2_enable ? ca2_faded : ca2;

    // (4) a - b is ~(~a + b).
    wire signed [31:0] a;
    wire [32:0]        constant = {i_offset, 1'b1} + {current_offset, 1'b0}; // a sum of its own for Yosys
    wire signed [31:0] biased = ca2_enable ? constant[32:1] - ca2_faded : constant[32:1];
    wire signed [31:0] exc = scaled ? current_exc : a;
    wire signed [31:0] inh = scaled ? current_inh : a;
    reg  signed [31:0] not_drive;
    wire signed [31:0] current = ~(not_drive + inh);

    // With - 1 the borrow says that the timer was 0.
    wire [32:0] less = {1'b0, refract_timer} + {1'b0, 32'hFFFFFFFF};
    wire silent = less[32] & ~refract_timer[31];

    // ---- stage 2. A silent sub-step makes v_live of a membrane at ~v and a factor of 1: with not_alpha = 0 the
    // difference is ~v, and not_v as well.
    reg  signed [31:0] v_2, timer_2, ca2_2, syn_exc_2, syn_inh_2;
    reg                silent_2;
    reg  [14:0]        rnd3_2, rnd4_2;
    reg  signed [31:0] not_alpha, not_v;
    wire signed [31:0] difference = ~(not_alpha + `GSP_BUG(251, v_2, v));
    wire               resting = `GSP_BUG(252, silent_2, silent);

    // ---- the product unit
    // Stage 1's syn is there at edge 3 and 4, or held.
    wire        chooses_syn = at_exc | at_inh;
    wire [31:0] syn_held = at_inh ? inh_held : exc_held;
    wire [31:0] syn_chosen = longer ? syn_held : share;
    // As in gsp_spinnaker_mux: a stage without data of its own hands `pick` on.
    wire pick = at_in_inh | at_v | at_inh;
    (* keep *) wire [31:0] b_in;
    (* keep *) wire [31:0] b_v;
    assign b_in = (at_v | at_r | chooses_syn) ? {32{pick}} : pick ? init_inh : init_exc;
    assign b_v = (at_v | at_r) ? (b_in & exp_tc_2) | (~b_in & r_membrane) : b_in;
    wire [31:0] b_short = chooses_syn ? (b_v & decay_inh) | (~b_v & decay_exc) : b_v;
    wire               chooses_more = |more[4:2];
    wire signed [31:0] siemens_exc = exc_held >>> 10;
    wire signed [31:0] siemens_inh = -(inh_held >>> 10);
    wire signed [31:0] toward = (more[3] ? v_rev_inh : v_rev_exc) - v;
    wire signed [31:0] a_more = more[4] ? ca2
                              : more[3] ? (conductance ? siemens_inh : inh_held)
                              : conductance ? siemens_exc : exc_held;
    wire signed [31:0] b_more = more[4] ? ca2_decay : conductance ? toward : scale;
    // The first operand; each part is 0 but where it was chosen.
    reg  [31:0]        a_in, a_syn, a_current, a_difference, a_scaled;
    assign a = a_in | a_syn | a_current | a_difference | a_scaled;
    reg  [31:0]        b;
    reg                b_signed;

    wire signed [63:0] product;
    gsp_spinnaker_product_pipe #(.MULTIPLIER(MULTIPLIER)) multiply (
        .clk(clk), .advance(moves), .a(a), .b(b), .b_signed(b_signed), .onto(onto), .y(product), .share(share)
    );
    wire        kept_comes = longer ? more[2] : at_r;
    wire [14:0] rnd = more[5] ? rnd0[31:17]
                    : more[6] ? rnd1[31:17]
                    : more[7] ? rnd2[31:17]
                    : at_in_inh ? rnd3_2 : `GSP_BUG(253, rnd4_2, rnd4[31:17]);
    wire [2:0]  rounds = `GSP_BUG(257, |more[7:5], 1'b1) ? rounding : rounding_2;
    gsp_spinnaker_narrow narrow (.product(product), .rounding(rounds), .rnd(rnd), .y(narrowed));

    always @(posedge clk)
        if (moves) begin
            a_in <= (in_exc & {32{at_in_exc & taken_exc}}) | (in_inh & {32{at_in_inh & taken_inh}});
            a_syn <= chooses_syn ? syn_chosen : 32'd0;
            a_current <= at_r ? current : 32'd0;
            a_difference <= at_v ? difference : 32'd0;
            a_scaled <= chooses_more ? a_more : 32'd0;
            b <= chooses_more ? b_more : (at_v & resting) ? 32'h00008000 : b_short;
            b_signed <= chooses_more | at_v | at_r;
            not_drive <= ~(biased + exc);
            if (at_in_inh)
                not_alpha <= resting ? 32'sd0 : ~(narrowed + v_rest_2);
            if (kept_comes)
                not_v <= not_alpha + narrowed;
            if (`GSP_BUG(254, at_in_exc, at_end))
                syn_inh_2 <= share;
            if (more[0])
                exc_held <= exc_inh;
            if (more[1])
                inh_held <= exc_inh;
            if (more[5])
                current_exc <= narrowed;
            if (more[6])
                current_inh <= narrowed;
            if (more[7])
                ca2_faded <= narrowed;
        end
    always @(posedge clk)
        if (advance) begin
            v_2 <= v;
            silent_2 <= silent;
            timer_2 <= silent ? less[31:0] : refract_timer;
            ca2_2 <= ca2_kept;
            syn_exc_2 <= share;
            rnd3_2 <= rnd3[31:17];
            rnd4_2 <= rnd4[31:17];
        end

    // (5), (6), (7), (9). v_thresh - v - 1 < 0
    wire [32:0] under = {v_thresh_2[31], v_thresh_2} + {not_v[31], not_v};
    wire        reached = under[32];
    assign spike = reached;
    assign v_next = reached ? v_reset_2 : ~not_v;
    assign refract_timer_next = reached ? t_refract_2 : timer_2;
    assign ca2_next = ca2_2 + (ca2_enable_2 & reached ? ca2_alpha_2 : 32'sd0);
    assign syn_exc_next = delta_2 ? 32'sd0 : syn_exc_2;
    assign syn_inh_next = delta_2 ? 32'sd0 : syn_inh_2;
    assign draws_used = {
        draws_2 & ~silent_2, draws_2 & ~silent_2, draws_2 & ca2_enable_2, draws_2 & scaled_2, draws_2 & scaled_2
    };
    wire unused = &{1'b0, constant[0], under[31:0], rnd0[16:0], rnd1[16:0], rnd2[16:0], rnd3[16:0], rnd4[16:0]};
endmodule
`default_nettype wire
