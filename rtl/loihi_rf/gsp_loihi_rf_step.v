// SPDX-License-Identifier: Apache-2.0
// loihi_rf: one step, combinational. Equation numbers are those of docs/models/loihi_rf.md.
// MULTIPLIER changes area and speed, never a result (FORM of gsp_mul): 0 leaves the multiplies to
// the tool, 1 is for LUTs.
`include "gsp_bug.vh"
`default_nettype none

module gsp_loihi_rf_step #(
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
    output wire spike                     // 1 where re_next >= vth and im turned from negative to not negative
);
    `GSP_BUG_SELECT

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
        .re_next(re_next),
        .im_next(im_next)
    );

    // (4) The signs alone tell a crossing.
    wire reaches = `GSP_BUG(9, re_next >= vth, re_next > vth);
    wire was_below = `GSP_BUG(10, im[23], 1'b1);
    wire is_above = `GSP_BUG(11, !im_next[23], im_next > 24'sd0);
    assign spike = reaches && was_below && is_above;
endmodule

`default_nettype wire
