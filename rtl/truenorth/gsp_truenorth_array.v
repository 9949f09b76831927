// SPDX-License-Identifier: Apache-2.0
// truenorth, NEURONS neurons over one datapath (docs/rtl.md, form array).
`default_nettype none
module gsp_truenorth_array #(
    parameter integer NEURONS = 256,
    parameter integer OWN_PARAMS = 0, // 1: each neuron has its own
    parameter integer ID_WIDTH = $clog2(NEURONS) // derived
) (
    input  wire clk,
    input  wire rst_n, // synchronous; starts the sweep

    // params: of all neurons, which may change when no update is in flight and in_ready = 1; with OWN_PARAMS
    // of neuron param_id, taken at an edge with param_write && param_ready
    input  wire signed [8:0] s0,
    input  wire signed [8:0] s1,
    input  wire signed [8:0] s2,
    input  wire signed [8:0] s3,
    input  wire b0,
    input  wire b1,
    input  wire b2,
    input  wire b3,
    input  wire signed [8:0] leak,
    input  wire leak_stochastic,
    input  wire epsilon,
    input  wire kappa,
    input  wire [17:0] alpha,
    input  wire [17:0] beta,
    input  wire [16:0] mask,
    input  wire [1:0] gamma,
    input  wire signed [19:0] r,
    input  wire [1:0] overflow,
    input  wire ringing_rule,
    input  wire negative_le,
    input  wire param_write,
    output wire param_ready,
    input  wire [ID_WIDTH-1:0] param_id,

    input  wire in_valid,
    output wire in_ready,
    input  wire [ID_WIDTH-1:0] in_id,
    input  wire [1:0] op,
    input  wire [1:0] axon_type,
    input  wire [7:0] rho,
    input  wire [16:0] rho_threshold,

    output wire out_valid,
    input  wire out_ready,
    output wire [ID_WIDTH-1:0] out_id,
    output wire signed [19:0] v,
    output wire spike,
    output wire negative,
    output wire [1:0] draws_used,

    // trace: what the update was made of
    output wire signed [19:0] v_before,
    output wire [1:0] op_taken,
    output wire [1:0] axon_type_taken,
    output wire [7:0] rho_taken,
    output wire [16:0] rho_threshold_taken
);
    wire advance, unused_entered, unused_works;
    wire [1:0] op_1; // stage 1
    wire [1:0] axon_type_1;
    wire [7:0] rho_1;
    wire [16:0] rho_threshold_1;
    wire signed [19:0] v_1;
    wire signed [19:0] v_next;
    wire spike_next;
    wire negative_next;
    wire [1:0] draws_used_next;
    // params of the update in stage 1
    wire signed [8:0] s0_1;
    wire signed [8:0] s1_1;
    wire signed [8:0] s2_1;
    wire signed [8:0] s3_1;
    wire b0_1;
    wire b1_1;
    wire b2_1;
    wire b3_1;
    wire signed [8:0] leak_1;
    wire leak_stochastic_1;
    wire epsilon_1;
    wire kappa_1;
    wire [17:0] alpha_1;
    wire [17:0] beta_1;
    wire [16:0] mask_1;
    wire [1:0] gamma_1;
    wire signed [19:0] r_1;
    wire [1:0] overflow_1;
    wire ringing_rule_1;
    wire negative_le_1;

    gsp_array #(
        .NEURONS(NEURONS), .DEPTH(4), .IN_WIDTH(29), .STATE_WIDTH(20), .RESULT_WIDTH(4),
        .OWN_PARAMS(OWN_PARAMS), .PARAM_WIDTH(131)
    ) array (
        .clk(clk), .rst_n(rst_n),
        .in_valid(in_valid), .in_ready(in_ready), .in_id(in_id), .in_data({op, axon_type, rho, rho_threshold}),
        .param_write(param_write), .param_ready(param_ready), .param_id(param_id), .param_in({
            s0, s1, s2, s3, b0, b1, b2, b3, leak, leak_stochastic, epsilon, kappa, alpha, beta, mask, gamma, r,
            overflow, ringing_rule, negative_le
        }), .params({
            s0_1, s1_1, s2_1, s3_1, b0_1, b1_1, b2_1, b3_1, leak_1, leak_stochastic_1, epsilon_1, kappa_1,
            alpha_1, beta_1, mask_1, gamma_1, r_1, overflow_1, ringing_rule_1, negative_le_1
        }),
        .advance(advance), .entered(unused_entered), .in({op_1, axon_type_1, rho_1, rho_threshold_1}), .state(v_1),
        .state_next(v_next),
        .result({spike_next, negative_next, draws_used_next}),
        .works(unused_works), .done(1'b1),
        .state_reset(20'd0),
        .out_valid(out_valid), .out_ready(out_ready), .out_id(out_id), .out_state(v),
        .out_result({spike, negative, draws_used}),
        .out_before(v_before), .out_in({op_taken, axon_type_taken, rho_taken, rho_threshold_taken})
    );

    gsp_truenorth_pipeline #(.OWN_PARAMS(OWN_PARAMS)) pipeline (
        .clk(clk), .advance(advance),
        .s0(s0_1), .s1(s1_1), .s2(s2_1), .s3(s3_1), .b0(b0_1), .b1(b1_1), .b2(b2_1), .b3(b3_1), .leak(leak_1),
        .leak_stochastic(leak_stochastic_1), .epsilon(epsilon_1), .kappa(kappa_1), .alpha(alpha_1), .beta(beta_1),
        .mask(mask_1), .gamma(gamma_1), .r(r_1), .overflow(overflow_1), .ringing_rule(ringing_rule_1),
        .negative_le(negative_le_1),
        .op(op_1), .axon_type(axon_type_1), .rho(rho_1), .rho_threshold(rho_threshold_1),
        .v(v_1),
        .v_next(v_next),
        .spike(spike_next), .negative(negative_next), .draws_used(draws_used_next)
    );
endmodule
`default_nettype wire
