// SPDX-License-Identifier: Apache-2.0
// loihi_prod: one neuron. Port rules in docs/rtl.md.
`include "gsp_bug.vh"
`default_nettype none

module gsp_loihi_prod #(
    parameter integer MULTIPLIER = 0
) (
    input  wire clk,
    input  wire rst_n,                // synchronous, active low
    input  wire en,                   // one step per edge with en = 1
    input  wire signed [31:0] vth,    // threshold that |v| must exceed
    input  wire [4:0] exp,            // the product is shifted right by it
    input  wire signed [31:0] a_in1,  // first factor
    input  wire signed [31:0] a_in2,  // second factor
    output reg signed [31:0] spike    // graded: the scaled product where it is sent, else 0
);
    wire signed [31:0] spike_next;

    gsp_loihi_prod_step #(.MULTIPLIER(MULTIPLIER)) step (
        .vth(vth),
        .exp(exp),
        .a_in1(a_in1),
        .a_in2(a_in2),
        .spike(spike_next)
    );

    `GSP_BUG_SELECT
    always @(posedge clk)
        if (!rst_n) begin
            spike <= `GSP_BUG(7, 32'sd0, spike);
        end else if (`GSP_BUG(6, en, 1'b1)) begin
            spike <= spike_next;
        end
endmodule

`default_nettype wire
