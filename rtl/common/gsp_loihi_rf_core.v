// SPDX-License-Identifier: Apache-2.0
// Rotation, input and clip of the resonate-and-fire neurons: equations (1) to (3) of
// docs/models/loihi_rf.md, shared by loihi_rf and loihi_rf_iz. Combinational.
`include "gsp_bug.vh"
`default_nettype none

module gsp_loihi_rf_core #(
    parameter integer MULTIPLIER = 0 // FORM of gsp_mul
) (
    input  wire signed [17:0] cos_decay,
    input  wire signed [17:0] sin_decay,
    input  wire [4:0] decay_bits,  // 0..16
    input  wire [3:0] state_exp,
    input  wire signed [23:0] a_re,
    input  wire signed [23:0] a_im,
    input  wire signed [23:0] re,
    input  wire signed [23:0] im,
    output wire signed [23:0] re_next,
    output wire signed [23:0] im_next
);
    `GSP_BUG_SELECT
    localparam signed [43:0] LIMIT = 44'sd8388607;
    localparam signed [23:0] HIGHEST = 24'sd8388607;
    localparam signed [23:0] LOWEST = -24'sd8388607;

    // x / 2^distance toward zero: the floor of a negative x raised by 2^distance - 1.
    function signed [43:0] shr_zero;
        input signed [43:0] x;
        input [4:0] distance;
        reg signed [43:0] raise;
        begin
            raise = x < 44'sd0 ? ~(-44'sd1 <<< distance) : 44'sd0;
            shr_zero = (x + raise) >>> distance;
        end
    endfunction

    // Products need 24 + 18 bits, their sum with a shifted input 44.
    wire signed [17:0] cos_used = `GSP_BUG(8, cos_decay, (cos_decay <<< 2) >>> 2);
    wire signed [23:0] re_used = `GSP_BUG(7, re, re_next);
    wire signed [41:0] re_cos_product, im_sin_product, re_sin_product, im_cos_product;
    gsp_mul #(.A_WIDTH(24), .B_WIDTH(18), .FORM(MULTIPLIER)) multiply_re_cos (
        .a(re), .b(cos_used), .y(re_cos_product)
    );
    gsp_mul #(.A_WIDTH(24), .B_WIDTH(18), .FORM(MULTIPLIER)) multiply_im_sin (
        .a(im), .b(sin_decay), .y(im_sin_product)
    );
    gsp_mul #(.A_WIDTH(24), .B_WIDTH(18), .FORM(MULTIPLIER)) multiply_re_sin (
        .a(re_used), .b(sin_decay), .y(re_sin_product)
    );
    gsp_mul #(.A_WIDTH(24), .B_WIDTH(18), .FORM(MULTIPLIER)) multiply_im_cos (
        .a(im), .b(cos_used), .y(im_cos_product)
    );
    wire signed [43:0] re_cos = {{2{re_cos_product[41]}}, re_cos_product};
    wire signed [43:0] im_sin = {{2{im_sin_product[41]}}, im_sin_product};
    wire signed [43:0] re_sin = {{2{re_sin_product[41]}}, re_sin_product};
    wire signed [43:0] im_cos = {{2{im_cos_product[41]}}, im_cos_product};
    wire signed [43:0] a_re_wide = {{20{a_re[23]}}, a_re};
    wire signed [43:0] a_im_wide = {{20{a_im[23]}}, a_im};

    // (1)
    wire signed [43:0] re_apart = shr_zero(re_cos, decay_bits) - shr_zero(im_sin, decay_bits);
    wire signed [43:0] re_turned = `GSP_BUG(1, `GSP_BUG(2, re_apart,
        shr_zero(re_cos - im_sin, decay_bits)), (re_cos >>> decay_bits) - (im_sin >>> decay_bits));
    wire signed [43:0] re_sum = re_turned + (a_re_wide <<< state_exp);

    // (2)
    wire signed [43:0] im_apart = `GSP_BUG(6, shr_zero(re_sin, decay_bits), -shr_zero(re_sin, decay_bits))
        + shr_zero(im_cos, decay_bits);
    wire signed [43:0] im_turned = `GSP_BUG(2, im_apart, shr_zero(re_sin + im_cos, decay_bits));
    wire signed [43:0] im_sum = im_turned + `GSP_BUG(5, a_im_wide <<< state_exp, a_im_wide);

    // (3)
    wire signed [23:0] re_low = re_sum[23:0];
    wire signed [23:0] im_low = im_sum[23:0];
    wire signed [43:0] limit_low = `GSP_BUG(3, -LIMIT, -LIMIT - 44'sd1);
    wire clip = `GSP_BUG(4, 1'b1, 1'b0);
    assign re_next = clip && re_sum > LIMIT ? HIGHEST : clip && re_sum < limit_low ? LOWEST : re_low;
    assign im_next = clip && im_sum > LIMIT ? HIGHEST : clip && im_sum < limit_low ? LOWEST : im_low;
endmodule

`default_nettype wire
