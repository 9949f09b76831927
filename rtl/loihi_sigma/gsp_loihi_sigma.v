// SPDX-License-Identifier: Apache-2.0
// loihi_sigma: one neuron. Port rules in docs/rtl.md.
`include "gsp_bug.vh"
`default_nettype none

module gsp_loihi_sigma (
    input  wire clk,
    input  wire rst_n,               // synchronous, active low
    input  wire en,                  // one step per edge with en = 1
    input  wire signed [31:0] a_in,  // graded input
    output reg signed [31:0] sigma,  // sum of the inputs
    output reg signed [31:0] spike   // graded: sigma after the step
);
    wire signed [31:0] sigma_next;
    wire signed [31:0] spike_next;

    gsp_loihi_sigma_step step (
        .a_in(a_in),
        .sigma(sigma),
        .sigma_next(sigma_next),
        .spike(spike_next)
    );

    `GSP_BUG_SELECT
    always @(posedge clk)
        if (!rst_n) begin
            sigma <= `GSP_BUG(4, 32'sd0, sigma);
            spike <= 32'sd0;
        end else if (`GSP_BUG(3, en, 1'b1)) begin
            sigma <= sigma_next;
            spike <= spike_next;
        end
endmodule

`default_nettype wire
