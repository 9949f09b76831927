// SPDX-License-Identifier: Apache-2.0
// truenorth: the random numbers an operation consumes. Equation (12) of docs/models/truenorth.md.
// It depends on no random number, so that a source beside the neuron can ask before it draws.
`include "gsp_bug.vh"
`default_nettype none

module gsp_truenorth_draws (
    input  wire b0,               // 1: type 0 is stochastic
    input  wire b1,               // 1: type 1 is stochastic
    input  wire b2,               // 1: type 2 is stochastic
    input  wire b3,               // 1: type 3 is stochastic
    input  wire leak_stochastic,  // 1: the leak is stochastic
    input  wire [16:0] mask,      // threshold noise mask
    input  wire [1:0] op,         // 0 idle, 1 synaptic event, 2 tick
    input  wire [1:0] axon_type,  // axon type of the event
    output wire [1:0] draws_used  // bit 0 rho, bit 1 rho_threshold
);
    `GSP_BUG_SELECT
    wire event_draws = axon_type[1] ? (axon_type[0] ? b3 : b2) : (axon_type[0] ? b1 : b0);

    assign draws_used[0] = (op == 2'd1 && event_draws) || (op == 2'd2 && leak_stochastic);
    assign draws_used[1] = op == 2'd2 && `GSP_BUG(21, mask != 17'd0, 1'b1);
endmodule

`default_nettype wire
