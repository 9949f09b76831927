// SPDX-License-Identifier: Apache-2.0
// loihi_norm_vec: one neuron. Port rules in docs/rtl.md.
`include "gsp_bug.vh"
`default_nettype none

module gsp_loihi_norm_vec #(
    parameter integer MULTIPLIER = 0
) (
    input  wire clk,
    input  wire rst_n,                // synchronous, active low
    input  wire en,                   // one step per edge with en = 1
    input  wire signed [31:0] vth,    // threshold that the magnitude of the product must exceed
    input  wire signed [31:0] a_in1,  // value to be normalised
    input  wire signed [31:0] a_in2,  // factor, usually the inverse square root
    output reg signed [31:0] v,       // a_in1 of the last step
    output reg signed [31:0] spike,   // graded: v of before the step times a_in2 where it is sent, else 0
    output reg signed [31:0] s2_out   // a_in1 squared, wrapped to 32 bits
);
    wire signed [31:0] v_next;
    wire signed [31:0] spike_next;
    wire signed [31:0] s2_out_next;

    gsp_loihi_norm_vec_step #(.MULTIPLIER(MULTIPLIER)) step (
        .vth(vth),
        .a_in1(a_in1),
        .a_in2(a_in2),
        .v(v),
        .v_next(v_next),
        .spike(spike_next),
        .s2_out(s2_out_next)
    );

    `GSP_BUG_SELECT
    always @(posedge clk)
        if (!rst_n) begin
            v <= `GSP_BUG(7, 32'sd0, v);
            spike <= 32'sd0;
            s2_out <= 32'sd0;
        end else if (`GSP_BUG(6, en, 1'b1)) begin
            v <= v_next;
            spike <= spike_next;
            s2_out <= s2_out_next;
        end
endmodule

`default_nettype wire
