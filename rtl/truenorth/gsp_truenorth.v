// SPDX-License-Identifier: Apache-2.0
// truenorth: one neuron. Port rules in docs/rtl.md.
`include "gsp_bug.vh"
`default_nettype none

module gsp_truenorth (
    input  wire clk,
    input  wire rst_n,                  // synchronous, active low
    input  wire en,                     // one operation per edge with en = 1
    input  wire signed [8:0] s0,        // weight of an event of axon type 0, -255..255
    input  wire signed [8:0] s1,        // weight of an event of axon type 1
    input  wire signed [8:0] s2,        // weight of an event of axon type 2
    input  wire signed [8:0] s3,        // weight of an event of axon type 3
    input  wire b0,                     // 1: type 0 is stochastic
    input  wire b1,                     // 1: type 1 is stochastic
    input  wire b2,                     // 1: type 2 is stochastic
    input  wire b3,                     // 1: type 3 is stochastic
    input  wire signed [8:0] leak,      // lambda, added once per tick, -255..255
    input  wire leak_stochastic,        // 1: the leak is stochastic
    input  wire epsilon,                // leak reversal
    input  wire kappa,                  // negative saturation
    input  wire [17:0] alpha,           // threshold
    input  wire [17:0] beta,            // negative threshold, acts at -beta
    input  wire [16:0] mask,            // threshold noise mask, 2^TM - 1
    input  wire [1:0] gamma,            // 0 to r, 1 linear, 2 none
    input  wire signed [19:0] r,        // reset potential
    input  wire [1:0] overflow,         // 0 saturate, 1 wrap, 2 NeMo's clamp
    input  wire ringing_rule,           // 1: a reversed leak that crosses zero stops at zero
    input  wire negative_le,            // 1: the negative threshold is met at equality
    input  wire [1:0] op,               // 0 idle, 1 synaptic event, 2 tick
    input  wire [1:0] axon_type,        // axon type of the event
    input  wire [7:0] rho,              // random byte for a stochastic weight or leak
    input  wire [16:0] rho_threshold,   // random number for the threshold
    output reg  signed [19:0] v,        // membrane potential
    output reg  spike,                  // this tick reached the threshold
    output reg  negative,               // this tick went below the negative threshold
    output reg  [1:0] draws_used        // random numbers consumed: bit 0 rho, bit 1 rho_threshold
);
    wire signed [19:0] v_next;
    wire spike_next;
    wire negative_next;
    wire [1:0] draws_used_next;

    gsp_truenorth_step step (
        .s0(s0),
        .s1(s1),
        .s2(s2),
        .s3(s3),
        .b0(b0),
        .b1(b1),
        .b2(b2),
        .b3(b3),
        .leak(leak),
        .leak_stochastic(leak_stochastic),
        .epsilon(epsilon),
        .kappa(kappa),
        .alpha(alpha),
        .beta(beta),
        .mask(mask),
        .gamma(gamma),
        .r(r),
        .overflow(overflow),
        .ringing_rule(ringing_rule),
        .negative_le(negative_le),
        .op(op),
        .axon_type(axon_type),
        .rho(rho),
        .rho_threshold(rho_threshold),
        .v(v),
        .v_next(v_next),
        .spike(spike_next),
        .negative(negative_next),
        .draws_used(draws_used_next)
    );

    `GSP_BUG_SELECT
    always @(posedge clk)
        if (!rst_n) begin
            v <= `GSP_BUG(22, 20'sd0, v);
            spike <= 1'b0;
            negative <= 1'b0;
            draws_used <= 2'd0;
        end else if (`GSP_BUG(23, en, 1'b1)) begin
            v <= v_next;
            spike <= spike_next;
            negative <= negative_next;
            draws_used <= draws_used_next;
        end
endmodule

`default_nettype wire
