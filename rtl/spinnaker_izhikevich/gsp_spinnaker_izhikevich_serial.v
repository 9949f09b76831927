// SPDX-License-Identifier: Apache-2.0
// One neuron of spinnaker_izhikevich around one multiplier, valid/ready on both sides. Inputs
// are captured when a sub-step is accepted; params must hold until it retires.
//
// `work` says which product is made: that of rnd<work> for 0 to 16, a product of a synapse
// otherwise. A sub-step of exponential currents takes 18 edges in gcc order, one more in
// source order; delta and conductance synapses take two more.
// MULTIPLIER: see gsp_spinnaker_product.
`include "gsp_bug.vh"
`default_nettype none
module gsp_spinnaker_izhikevich_serial #(
    parameter integer MULTIPLIER = 0
) (
    input  wire               clk,
    input  wire               rst_n,
    input  wire               in_valid,
    output wire               in_ready,
    output reg                out_valid,
    input  wire               out_ready,
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
    // s16.15
    localparam signed [31:0] C_140 = 32'sd4587520;
    localparam signed [31:0] C_5 = 32'sd163840;
    localparam signed [31:0] C_0_04 = 32'sd1311;
    localparam signed [31:0] HALF = 32'sd16384;
    localparam signed [31:0] V_THRESH = 32'sd983040;
    localparam signed [31:0] H_AFTER_SPIKE = 32'sd60620;

    // Products of synapses: 0 and 1 are the currents, the others these.
    localparam [4:0] IDLE = 5'd31; // the input of the excitatory synapse, at hand while idle
    localparam [4:0] TAKE_INH = 5'd30;
    localparam [4:0] DECAY_EXC = 5'd17;
    localparam [4:0] DECAY_INH = 5'd18;

    `GSP_BUG_SELECT

    wire delta = input_kind == 2'd1;
    wire conductance = input_kind == 2'd2;
    wire scaled = delta | conductance;
    wire draws = rounding[2];

    reg [4:0] work;
    wire idle = work == IDLE;
    assign in_ready = idle & (~out_valid | out_ready);
    wire accepts = in_valid & in_ready;
    reg [4:0] work_next;
    always @*
        case (work)
            IDLE: work_next = accepts ? TAKE_INH : IDLE;
            TAKE_INH: work_next = scaled ? 5'd0 : 5'd2;
            5'd8: work_next = source_order ? 5'd9 : 5'd10;
            DECAY_INH: work_next = IDLE;
            default: work_next = work + 5'd1;
        endcase

    // Captured: the inputs, 15 bits of each random word.
    reg signed [31:0] in_inh_held, constant;
    reg               first_held;
    reg [254:0]       words;
    // Kept from one product to the next. `t` takes what only the next one needs.
    reg signed [31:0] exc_held, inh_held, t, alpha, eta, ah, beta;

    wire signed [31:0] exc = scaled ? exc_held : syn_exc;
    wire signed [31:0] inh = scaled ? inh_held : syn_inh;
    wire signed [31:0] pre = C_140 + (exc - inh + constant) - u;
    wire signed [31:0] siemens_exc = syn_exc >>> 10;
    wire signed [31:0] siemens_inh = -(syn_inh >>> 10);
    wire signed [31:0] toward = (work[0] ? v_rev_inh : v_rev_exc) - v;
    wire signed [31:0] slope = C_5 + t;

    reg signed [31:0] m;
    reg [31:0]        n;
    always @*
        case (work)
            TAKE_INH: begin m = in_inh_held; n = init_inh; end
            5'd0: begin m = conductance ? siemens_exc : syn_exc; n = conductance ? toward : scale; end
            5'd1: begin m = conductance ? siemens_inh : syn_inh; n = conductance ? toward : scale; end
            5'd2: begin m = v; n = C_0_04; end
            5'd3: begin m = slope; n = v; end
            5'd4: begin m = h; n = alpha; end
            5'd5: begin m = t; n = HALF; end
            5'd6: begin m = a; n = h; end
            5'd7: begin m = v; n = b; end
            5'd8: begin m = t; n = source_order ? h : ah; end
            5'd9: begin m = t; n = a; end
            5'd10: begin m = t; n = HALF; end
            5'd11: begin m = eta; n = C_0_04; end
            5'd12: begin m = slope; n = eta; end
            5'd13: begin m = t; n = h; end
            5'd14: begin m = eta; n = b; end
            5'd15: begin m = t; n = ah; end
            5'd16: begin m = reset_h; n = H_AFTER_SPIKE; end
            DECAY_EXC: begin m = syn_exc; n = decay_exc; end
            DECAY_INH: begin m = syn_exc; n = decay_inh; end
            default: begin m = in_exc; n = init_exc; end
        endcase
    wire of_accum = ~work[4] | (work == 5'd16);
    wire signed [63:0] product;
    wire [31:0]        share;
    wire signed [31:0] p;
    gsp_spinnaker_product #(.MULTIPLIER(MULTIPLIER)) multiply (
        .a(m), .b(n), .b_signed(of_accum), .y(product), .share(share)
    );
    gsp_spinnaker_narrow narrow (.product(product), .rounding(rounding), .rnd(words[14:0]), .y(p));

    // Synapses take turns in syn_exc, twice at the start of a step and twice at its end.
    wire               first = idle ? first_substep : first_held;
    wire               positive = ~m[31] & (m != 32'sd0);
    wire signed [31:0] added = delta ? m : share;
    wire signed [31:0] with_input = syn_exc + (first & positive ? added : 32'sd0);
    wire               takes = accepts | (work == TAKE_INH);
    wire               decays = (work == DECAY_EXC) | (work == DECAY_INH);
    wire               reached = v >= V_THRESH;

    always @(posedge clk) begin
        if (!rst_n) begin
            work <= IDLE;
            out_valid <= 1'b0;
            v <= -32'sd2293760;
            u <= -32'sd458752;
            h <= next_h;
            syn_exc <= 32'sd0;
            syn_inh <= 32'sd0;
            spike <= 1'b0;
            draws_used <= 17'd0;
        end else begin
            work <= work_next;
            out_valid <= (work == DECAY_INH) | (out_valid & ~out_ready);
            if (takes | decays) begin
                syn_exc <= `GSP_BUG(19, syn_inh, idle ? syn_exc : syn_inh);
                syn_inh <= takes ? with_input : delta ? 32'sd0 : share;
            end
            case (work)
                5'd13: v <= v + p;
                5'd15: u <= u + p;
                5'd16: begin
                    spike <= reached;
                    draws_used <= {draws & reached, {6{draws}}, draws & source_order, {7{draws}}, {2{draws & scaled}}};
                    h <= reached ? p : reset_h;
                    if (reached) begin
                        v <= c;
                        u <= u + d;
                    end
                end
                default: ;
            endcase
        end
        case (work)
            5'd0: exc_held <= p;
            5'd1: inh_held <= p;
            5'd3: alpha <= pre + p;
            5'd5: eta <= v + p;
            5'd6: ah <= p;
            5'd7: t <= p - u;
            5'd10: beta <= p;
            5'd12: t <= pre - beta + p;
            5'd14: t <= p - (u + beta);
            default: t <= p;
        endcase
        if (accepts) begin
            in_inh_held <= in_inh;
            first_held <= first_substep;
            constant <= i_offset + current_offset;
            words <= {
                rnd16[31:17], rnd15[31:17], rnd14[31:17], rnd13[31:17], rnd12[31:17], rnd11[31:17],
                rnd10[31:17], rnd9[31:17], rnd8[31:17], rnd7[31:17], rnd6[31:17], rnd5[31:17],
                rnd4[31:17], rnd3[31:17], rnd2[31:17], rnd1[31:17], rnd0[31:17]
            };
        end else if (work == TAKE_INH) begin
            if (~scaled)
                words <= words >> 30; // past the words of the currents
        end else if ((work == 5'd8) & `GSP_BUG(20, ~source_order, 1'b0)) begin
            words <= words >> 30; // past that of source order
        end else begin
            words <= words >> 15;
        end
    end
    wire unused = &{
        1'b0, rnd0[16:0], rnd1[16:0], rnd2[16:0], rnd3[16:0], rnd4[16:0], rnd5[16:0], rnd6[16:0], rnd7[16:0],
        rnd8[16:0], rnd9[16:0], rnd10[16:0], rnd11[16:0], rnd12[16:0], rnd13[16:0], rnd14[16:0],
        rnd15[16:0], rnd16[16:0]
    };
endmodule
`default_nettype wire
