// SPDX-License-Identifier: Apache-2.0
// loihi_rf_iz: one step, combinational. Equation numbers are those of docs/models/loihi_rf_iz.md.
// MULTIPLIER changes area and speed, never a result (FORM of gsp_mul): 0 leaves the multiplies to
// the tool, 1 is for LUTs.
`include "gsp_bug.vh"
`default_nettype none

module gsp_loihi_rf_iz_step #(
    parameter integer MULTIPLIER = 0
) (
    input  wire signed [17:0] cos_decay,  // (1 - alpha) * cos(2 pi / period), times 2^decay_bits
    input  wire signed [17:0] sin_decay,  // (1 - alpha) * sin(2 pi / period), times 2^decay_bits
    input  wire [4:0] decay_bits,         // b, 0..16: fraction bits of the two decays
    input  wire [3:0] state_exp,          // e, inputs are shifted left by it
    input  wire signed [23:0] vth,        // threshold, in units of the state
    input  wire signed [23:0] a_re,       // real input, before the shift by state_exp
    input  wire signed [23:0] a_im,       // imaginary input, before the shift by state_exp
    input  wire signed [23:0] re,         // within +-(2^23 - 1)
    input  wire signed [23:0] im,         // within +-(2^23 - 1)
    output wire signed [23:0] re_next,
    output wire signed [23:0] im_next,
    output wire spike                     // 1 where im_next >= vth
);
    `GSP_BUG_SELECT
    wire signed [23:0] re_turned;
    wire signed [23:0] im_turned;

    // (1) to (3)
    gsp_loihi_rf_core #(.MULTIPLIER(MULTIPLIER)) core (
        .cos_decay(cos_decay),
        .sin_decay(sin_decay),
        .decay_bits(decay_bits),
        .state_exp(state_exp),
        .a_re(a_re),
        .a_im(a_im),
        .re(re),
        .im(im),
        .re_next(re_turned),
        .im_next(im_turned)
    );

    // (4)
    assign spike = `GSP_BUG(9, im_turned >= vth, im_turned > vth);

    // (5)
    assign re_next = spike ? `GSP_BUG(10, 24'sd0, re_turned) : re_turned;
    assign im_next = spike ? `GSP_BUG(11, `GSP_BUG(12, vth - 24'sd1, 24'sd0), vth) : im_turned;
endmodule

`default_nettype wire
