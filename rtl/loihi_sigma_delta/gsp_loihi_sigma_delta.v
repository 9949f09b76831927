// SPDX-License-Identifier: Apache-2.0
// loihi_sigma_delta: one neuron. Port rules in docs/rtl.md.
`include "gsp_bug.vh"
`default_nettype none

module gsp_loihi_sigma_delta (
    input  wire clk,
    input  wire rst_n,                 // synchronous, active low
    input  wire en,                    // one step per edge with en = 1
    input  wire signed [31:0] vth,     // threshold of |delta|, scaled to the state
    input  wire signed [31:0] bias,    // added to sigma, scaled to the state
    input  wire [3:0] state_exp,       // fraction bits of the state that are not sent
    input  wire relu,                  // activation: 0 unit, 1 ReLU; default 1
    input  wire variant,               // 0 corrected (default), 1 legacy
    input  wire cum_error,             // legacy only: 1 compares the accumulated error
    input  wire signed [31:0] a_in,    // graded input, summed in sigma
    output reg signed [31:0] sigma,    // sum of the inputs
    output reg signed [31:0] act,      // corrected: what the receivers know; legacy: the last activation
    output reg signed [31:0] residue,  // legacy: what was not sent; corrected: not touched
    output reg signed [31:0] error,    // legacy with cum_error: sum of the deltas since the last send; else not touched
    output reg signed [31:0] spike     // graded: the delta sent, shifted right by state_exp
);
    wire signed [31:0] sigma_next;
    wire signed [31:0] act_next;
    wire signed [31:0] residue_next;
    wire signed [31:0] error_next;
    wire signed [31:0] spike_next;

    gsp_loihi_sigma_delta_step step (
        .vth(vth),
        .bias(bias),
        .state_exp(state_exp),
        .relu(relu),
        .variant(variant),
        .cum_error(cum_error),
        .a_in(a_in),
        .sigma(sigma),
        .act(act),
        .residue(residue),
        .error(error),
        .sigma_next(sigma_next),
        .act_next(act_next),
        .residue_next(residue_next),
        .error_next(error_next),
        .spike(spike_next)
    );

    `GSP_BUG_SELECT
    always @(posedge clk)
        if (!rst_n) begin
            sigma <= 32'sd0;
            act <= 32'sd0;
            residue <= `GSP_BUG(13, 32'sd0, residue);
            error <= 32'sd0;
            spike <= 32'sd0;
        end else if (`GSP_BUG(12, en, 1'b1)) begin
            sigma <= sigma_next;
            act <= act_next;
            residue <= residue_next;
            error <= error_next;
            spike <= spike_next;
        end
endmodule

`default_nettype wire
