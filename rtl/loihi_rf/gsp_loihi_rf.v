// SPDX-License-Identifier: Apache-2.0
// loihi_rf: one neuron. Port rules in docs/rtl.md.
`include "gsp_bug.vh"
`default_nettype none

module gsp_loihi_rf #(
    parameter integer MULTIPLIER = 0
) (
    input  wire clk,
    input  wire rst_n,                    // synchronous, active low
    input  wire en,                       // one step per edge with en = 1
    input  wire signed [17:0] cos_decay,  // (1 - alpha) * cos(2 pi / period), times 2^decay_bits
    input  wire signed [17:0] sin_decay,  // (1 - alpha) * sin(2 pi / period), times 2^decay_bits
    input  wire [4:0] decay_bits,         // b, 0..16: fraction bits of the two decays
    input  wire [3:0] state_exp,          // e, inputs are shifted left by it
    input  wire signed [23:0] vth,        // threshold, in units of the state
    input  wire signed [23:0] a_re,       // real input, before the shift by state_exp
    input  wire signed [23:0] a_im,       // imaginary input, before the shift by state_exp
    output reg signed [23:0] re,          // within +-(2^23 - 1)
    output reg signed [23:0] im,          // within +-(2^23 - 1)
    output reg spike                      // 1 where re_next >= vth and im turned from negative to not negative
);
    wire signed [23:0] re_next;
    wire signed [23:0] im_next;
    wire spike_next;

    gsp_loihi_rf_step #(.MULTIPLIER(MULTIPLIER)) step (
        .cos_decay(cos_decay),
        .sin_decay(sin_decay),
        .decay_bits(decay_bits),
        .state_exp(state_exp),
        .vth(vth),
        .a_re(a_re),
        .a_im(a_im),
        .re(re),
        .im(im),
        .re_next(re_next),
        .im_next(im_next),
        .spike(spike_next)
    );

    `GSP_BUG_SELECT
    always @(posedge clk)
        if (!rst_n) begin
            re <= 24'sd0;
            im <= `GSP_BUG(13, 24'sd0, im);
            spike <= 1'b0;
        end else if (`GSP_BUG(12, en, 1'b1)) begin
            re <= re_next;
            im <= im_next;
            spike <= spike_next;
        end
endmodule

`default_nettype wire
