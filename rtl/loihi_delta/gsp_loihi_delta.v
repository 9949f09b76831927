// SPDX-License-Identifier: Apache-2.0
// loihi_delta: one neuron. Port rules in docs/rtl.md.
`include "gsp_bug.vh"
`default_nettype none

module gsp_loihi_delta (
    input  wire clk,
    input  wire rst_n,                 // synchronous, active low
    input  wire en,                    // one step per edge with en = 1
    input  wire signed [31:0] vth,     // threshold of |delta|, scaled to the state
    input  wire [3:0] spike_exp,       // input is shifted left by spike_exp + state_exp
    input  wire [3:0] state_exp,       // fraction bits of the state that are not sent
    input  wire cum_error,             // 1 compares the accumulated error instead of the delta
    input  wire signed [31:0] a_in,    // value to be encoded
    output reg signed [31:0] act,      // the last input, scaled
    output reg signed [31:0] residue,  // what was not sent
    output reg signed [31:0] error,    // with cum_error: sum of the deltas since the last send; else not touched
    output reg signed [31:0] spike     // graded: the delta sent, shifted right by state_exp
);
    wire signed [31:0] act_next;
    wire signed [31:0] residue_next;
    wire signed [31:0] error_next;
    wire signed [31:0] spike_next;

    gsp_loihi_delta_step step (
        .vth(vth),
        .spike_exp(spike_exp),
        .state_exp(state_exp),
        .cum_error(cum_error),
        .a_in(a_in),
        .act(act),
        .residue(residue),
        .error(error),
        .act_next(act_next),
        .residue_next(residue_next),
        .error_next(error_next),
        .spike(spike_next)
    );

    `GSP_BUG_SELECT
    always @(posedge clk)
        if (!rst_n) begin
            act <= 32'sd0;
            residue <= `GSP_BUG(11, 32'sd0, residue);
            error <= 32'sd0;
            spike <= 32'sd0;
        end else if (`GSP_BUG(10, en, 1'b1)) begin
            act <= act_next;
            residue <= residue_next;
            error <= error_next;
            spike <= spike_next;
        end
endmodule

`default_nettype wire
