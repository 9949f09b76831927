// SPDX-License-Identifier: Apache-2.0
// One receptor of the SpiNNaker neurons, combinational: lines (1) and (2) of
// docs/models/spinnaker_lif.md, and the decay at the end of the step.
`include "gsp_bug.vh"
`default_nettype none
module gsp_spinnaker_synapse #(
    parameter integer INHIBITORY = 0  // 1: the sign of a conductance is turned
) (
    input  wire signed [31:0] syn,
    input  wire signed [31:0] in,
    input  wire               first_substep,
    input  wire [31:0]        init,
    input  wire [31:0]        decay,
    input  wire [1:0]         input_kind,  // 0 exp, 1 delta, 2 conductance
    input  wire signed [31:0] scale,
    input  wire signed [31:0] v_rev,
    input  wire signed [31:0] v,
    input  wire [2:0]         rounding,
    input  wire [31:0]        rnd,
    output wire signed [31:0] current,
    output wire signed [31:0] syn_next
);
    `GSP_BUG_SELECT

    wire delta = input_kind == 2'd1;
    wire conductance = input_kind == 2'd2;

    // (1)
    wire signed [31:0] share;
    gsp_spinnaker_decay32 take (.x(in), .d(init), .y(share));
    wire positive = `GSP_BUG(4, ~in[31], 1'b1) & (in != 32'sd0);
    wire taken = positive & `GSP_BUG(5, first_substep, 1'b1);
    wire signed [31:0] added = delta ? `GSP_BUG(6, in, share) : share;
    wire signed [31:0] with_input = syn + (taken ? added : 32'sd0);

    // (2)
    wire signed [31:0] raise = `GSP_BUG(7, 32'sd0, with_input[31] ? 32'sd1023 : 32'sd0);
    wire signed [31:0] raised = with_input + raise;
    wire signed [31:0] siemens = raised >>> 10;
    wire signed [31:0] turned = (INHIBITORY != 0) ? -siemens : siemens;
    wire signed [31:0] toward = v_rev - v;
    wire signed [31:0] factor_a = conductance ? turned : with_input;
    wire signed [31:0] factor_b = conductance ? toward : scale;
    wire signed [31:0] product;
    gsp_spinnaker_mulk multiply (.a(factor_a), .b(factor_b), .rounding(rounding), .rnd(rnd), .y(product));
    assign current = (delta | conductance) ? product : with_input;

    wire signed [31:0] decayed;
    gsp_spinnaker_decay32 fade (.x(`GSP_BUG(8, with_input, syn)), .d(decay), .y(decayed));
    assign syn_next = delta ? 32'sd0 : decayed;
endmodule
`default_nettype wire
