// SPDX-License-Identifier: Apache-2.0
// loihi_atrlif: one neuron. Port rules in docs/rtl.md.
`include "gsp_bug.vh"
`default_nettype none

module gsp_loihi_atrlif #(
    parameter integer MULTIPLIER = 0
) (
    input  wire clk,
    input  wire rst_n,                    // synchronous, active low
    input  wire en,                       // one step per edge with en = 1
    input  wire [12:0] delta_i,           // decay of i in 1/4096, 0..4096; one more 1/4096 is added
    input  wire [15:0] delta_i_frac,      // fraction of delta_i, in 1/65536 of its unit
    input  wire [12:0] delta_v,           // decay of v in 1/4096, 0..4096
    input  wire [12:0] delta_theta,       // decay of th toward th0 in 1/4096, 0..4096
    input  wire [12:0] delta_r,           // decay of r in 1/4096, 0..4096
    input  wire signed [31:0] th0,        // resting threshold, in units of v
    input  wire signed [31:0] th_step,    // added to th by a spike, in units of v
    input  wire signed [12:0] bias_mant,  // mantissa of the bias
    input  wire signed [3:0] bias_exp,    // exponent of the bias; negative: floor shift to the right
    input  wire signed [18:0] a_in,       // synaptic input before the shift by 6, within +-2^17
    output reg signed [24:0] i,           // -(2^23 - 1)..2^23
    output reg signed [23:0] v,           // within +-(2^23 - 1)
    output reg signed [31:0] th,          // threshold, th0 after reset
    output reg signed [31:0] r,           // refractory state, subtracted from v in the compare
    output reg spike                      // v - r >= th
);
    wire signed [24:0] i_next;
    wire signed [23:0] v_next;
    wire signed [31:0] th_next;
    wire signed [31:0] r_next;
    wire spike_next;

    gsp_loihi_atrlif_step #(.MULTIPLIER(MULTIPLIER)) step (
        .delta_i(delta_i),
        .delta_i_frac(delta_i_frac),
        .delta_v(delta_v),
        .delta_theta(delta_theta),
        .delta_r(delta_r),
        .th0(th0),
        .th_step(th_step),
        .bias_mant(bias_mant),
        .bias_exp(bias_exp),
        .a_in(a_in),
        .i(i),
        .v(v),
        .th(th),
        .r(r),
        .i_next(i_next),
        .v_next(v_next),
        .th_next(th_next),
        .r_next(r_next),
        .spike(spike_next)
    );

    `GSP_BUG_SELECT
    always @(posedge clk)
        if (!rst_n) begin
            i <= 25'sd0;
            v <= 24'sd0;
            th <= `GSP_BUG(17, th0, 32'sd0);
            r <= 32'sd0;
            spike <= 1'b0;
        end else if (`GSP_BUG(16, en, 1'b1)) begin
            i <= i_next;
            v <= v_next;
            th <= th_next;
            r <= r_next;
            spike <= spike_next;
        end
endmodule

`default_nettype wire
