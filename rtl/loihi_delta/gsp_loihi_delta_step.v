// SPDX-License-Identifier: Apache-2.0
// loihi_delta: one step, combinational. Equation numbers are those of docs/models/loihi_delta.md.
`include "gsp_bug.vh"
`default_nettype none

module gsp_loihi_delta_step (
    input  wire signed [31:0] vth,           // threshold of |delta|, scaled to the state
    input  wire [3:0] spike_exp,             // input is shifted left by spike_exp + state_exp
    input  wire [3:0] state_exp,             // fraction bits of the state that are not sent
    input  wire cum_error,                   // 1 compares the accumulated error instead of the delta
    input  wire signed [31:0] a_in,          // value to be encoded
    input  wire signed [31:0] act,           // the last input, scaled
    input  wire signed [31:0] residue,       // what was not sent
    input  wire signed [31:0] error,         // with cum_error: sum of the deltas since the last send; else not touched
    output wire signed [31:0] act_next,
    output wire signed [31:0] residue_next,
    output wire signed [31:0] error_next,
    output wire signed [31:0] spike          // graded: the delta sent, shifted right by state_exp
);
    `GSP_BUG_SELECT

    // (1) The bits beyond 32 are lost.
    wire [4:0] both = {1'b0, spike_exp} + {1'b0, state_exp};
    wire [4:0] shift = `GSP_BUG(9, both, {1'b0, spike_exp});
    wire signed [31:0] act_new = a_in <<< shift;

    // (2) 32-bit sums wrap.
    wire signed [31:0] delta = act_new - act + `GSP_BUG(3, residue, 32'sd0);

    // (3), (4) The magnitude of -2^31 stays negative.
    wire signed [31:0] error_sum = cum_error ? error + delta : error;
    wire signed [31:0] test = `GSP_BUG(8, cum_error, 1'b0) ? error_sum : delta;
    wire signed [31:0] magnitude = test[31] ? -test : test;
    wire reached = `GSP_BUG(1, magnitude >= vth, magnitude > vth) || `GSP_BUG(7, 1'b0, test == 32'sh80000000);
    wire signed [31:0] sent = reached ? delta : 32'sd0;

    // (5) Floor.
    assign spike = `GSP_BUG(2, sent >>> state_exp,
        (sent + (sent[31] ? ~(-32'sd1 <<< state_exp) : 32'sd0)) >>> state_exp);

    // (6)
    wire sent_any = `GSP_BUG(5, sent != 32'sd0 && sent != 32'sh80000000, reached);
    assign act_next = act_new;
    assign residue_next = `GSP_BUG(4, delta - sent, delta);
    assign error_next = cum_error && `GSP_BUG(6, sent_any, 1'b0) ? 32'sd0 : error_sum;
endmodule

`default_nettype wire
