// SPDX-License-Identifier: Apache-2.0
// loihi_sigma: one step, combinational. Equation numbers are those of docs/models/loihi_sigma.md.
`include "gsp_bug.vh"
`default_nettype none

module gsp_loihi_sigma_step (
    input  wire signed [31:0] a_in,        // graded input
    input  wire signed [31:0] sigma,       // sum of the inputs
    output wire signed [31:0] sigma_next,
    output wire signed [31:0] spike        // graded: sigma after the step
);
    `GSP_BUG_SELECT

    // (1) Wraps.
    wire signed [31:0] sum = sigma + a_in;
    assign sigma_next = `GSP_BUG(1, 1'b0, sigma[31] == a_in[31] && sum[31] != sigma[31])
        ? (sigma[31] ? 32'sh80000000 : 32'sh7fffffff) : sum;

    // (2)
    assign spike = `GSP_BUG(2, sigma_next, sigma);
endmodule

`default_nettype wire
