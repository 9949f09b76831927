// SPDX-License-Identifier: Apache-2.0
// A neuron of truenorth fed by the LFSR, with the few parameters that decide what is drawn.
`default_nettype none

module top (
    input  wire clk,
    input  wire rst_n,
    input  wire en,
    input  wire [30:0] seed,
    input  wire b0,
    input  wire b1,
    input  wire b2,
    input  wire b3,
    input  wire leak_stochastic,
    input  wire [16:0] mask,
    input  wire [1:0] op,
    input  wire [1:0] axon_type,
    output wire [7:0] rho,
    output wire [16:0] rho_threshold,
    output wire [30:0] state,
    output wire signed [19:0] v,
    output wire spike,
    output wire negative,
    output wire [1:0] draws_used
);
    wire [1:0] draws;

    gsp_truenorth_draws ask (
        .b0(b0),
        .b1(b1),
        .b2(b2),
        .b3(b3),
        .leak_stochastic(leak_stochastic),
        .mask(mask),
        .op(op),
        .axon_type(axon_type),
        .draws_used(draws)
    );

    gsp_truenorth_lfsr lfsr (
        .clk(clk),
        .rst_n(rst_n),
        .en(en),
        .seed(seed),
        .draws_used(draws),
        .rho(rho),
        .rho_threshold(rho_threshold),
        .state(state)
    );

    // The constants are those of main.cpp.
    gsp_truenorth neuron (
        .clk(clk),
        .rst_n(rst_n),
        .en(en),
        .s0(9'sd128),
        .s1(-9'sd64),
        .s2(9'sd200),
        .s3(-9'sd255),
        .b0(b0),
        .b1(b1),
        .b2(b2),
        .b3(b3),
        .leak(9'sd77),
        .leak_stochastic(leak_stochastic),
        .epsilon(1'b0),
        .kappa(1'b0),
        .alpha(18'd150),
        .beta(18'd100),
        .mask(mask),
        .gamma(2'd1),
        .r(20'sd0),
        .overflow(2'd0),
        .ringing_rule(1'b0),
        .negative_le(1'b0),
        .op(op),
        .axon_type(axon_type),
        .rho(rho),
        .rho_threshold(rho_threshold),
        .v(v),
        .spike(spike),
        .negative(negative),
        .draws_used(draws_used)
    );
endmodule

`default_nettype wire
