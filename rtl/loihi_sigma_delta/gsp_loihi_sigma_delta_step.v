// SPDX-License-Identifier: Apache-2.0
// loihi_sigma_delta: one step, combinational. Equation numbers are those of
// docs/models/loihi_sigma_delta.md.
`include "gsp_bug.vh"
`default_nettype none

module gsp_loihi_sigma_delta_step (
    input  wire signed [31:0] vth,           // threshold of |delta|, scaled to the state
    input  wire signed [31:0] bias,          // added to sigma, scaled to the state
    input  wire [3:0] state_exp,             // fraction bits of the state that are not sent
    input  wire relu,                        // activation: 0 unit, 1 ReLU; default 1
    input  wire variant,                     // 0 corrected (default), 1 legacy
    input  wire cum_error,                   // legacy only: 1 compares the accumulated error
    input  wire signed [31:0] a_in,          // graded input, summed in sigma
    input  wire signed [31:0] sigma,         // sum of the inputs
    input  wire signed [31:0] act,           // corrected: what the receivers know; legacy: the last activation
    input  wire signed [31:0] residue,       // legacy: what was not sent; corrected: not touched
    input  wire signed [31:0] error,         // legacy with cum_error: sum of the deltas since the last send; else not touched
    output wire signed [31:0] sigma_next,
    output wire signed [31:0] act_next,
    output wire signed [31:0] residue_next,
    output wire signed [31:0] error_next,
    output wire signed [31:0] spike          // graded: the delta sent, shifted right by state_exp
);
    `GSP_BUG_SELECT
    wire legacy = variant;
    wire cum = `GSP_BUG(10, legacy && cum_error, cum_error);

    // (1), (2) 32-bit sums wrap.
    wire signed [31:0] sum = sigma + a_in;
    wire signed [31:0] biased = sum + bias;
    wire signed [31:0] act_new = `GSP_BUG(9, relu && biased[31], 1'b0) ? 32'sd0 : biased;
    assign sigma_next = sum;

    // (3)
    wire signed [31:0] change = act_new - act;
    wire signed [31:0] delta = `GSP_BUG(4, legacy, 1'b0) ? change + residue : change;

    // (4), (5) The magnitude of -2^31 stays negative.
    wire signed [31:0] error_sum = cum ? error + delta : error;
    wire signed [31:0] test = cum ? error_sum : delta;
    wire signed [31:0] magnitude = `GSP_BUG(8, test[31], test[31] && test != 32'sh80000000) ? -test : test;
    wire reached = `GSP_BUG(1, magnitude >= vth, magnitude > vth) || `GSP_BUG(8, 1'b0, test == 32'sh80000000);
    wire signed [31:0] sent = reached ? delta : 32'sd0;

    // (6) Floor.
    assign spike = `GSP_BUG(2, sent >>> state_exp,
        (sent + (sent[31] ? ~(-32'sd1 <<< state_exp) : 32'sd0)) >>> state_exp);

    // (7), (8)
    wire signed [31:0] followed = act + `GSP_BUG(3, spike <<< state_exp, sent);
    wire sent_any = `GSP_BUG(6, sent != 32'sd0 && sent != 32'sh80000000, reached);
    assign act_next = legacy ? act_new : followed;
    assign residue_next = legacy ? `GSP_BUG(5, `GSP_BUG(11, delta - sent, 32'sd0), delta) : residue;
    assign error_next = cum && `GSP_BUG(7, sent_any, 1'b0) ? 32'sd0 : error_sum;
endmodule

`default_nettype wire
