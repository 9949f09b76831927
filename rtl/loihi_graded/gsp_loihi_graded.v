// SPDX-License-Identifier: Apache-2.0
// loihi_graded: one neuron. Port rules in docs/rtl.md.
`include "gsp_bug.vh"
`default_nettype none

module gsp_loihi_graded (
    input  wire clk,
    input  wire rst_n,               // synchronous, active low
    input  wire en,                  // one step per edge with en = 1
    input  wire signed [31:0] vth,   // threshold to be exceeded
    input  wire relu,                // 0 compares |a_in| with vth, 1 compares a_in
    input  wire signed [31:0] a_in,  // graded input
    output reg signed [31:0] spike   // graded: a_in where it is sent, else 0
);
    wire signed [31:0] spike_next;

    gsp_loihi_graded_step step (
        .vth(vth),
        .relu(relu),
        .a_in(a_in),
        .spike(spike_next)
    );

    `GSP_BUG_SELECT
    always @(posedge clk)
        if (!rst_n) begin
            spike <= `GSP_BUG(6, 32'sd0, spike);
        end else if (`GSP_BUG(5, en, 1'b1)) begin
            spike <= spike_next;
        end
endmodule

`default_nettype wire
