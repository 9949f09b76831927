// SPDX-License-Identifier: Apache-2.0
// loihi_atrlif: one step, combinational. Equation numbers are those of docs/models/loihi_atrlif.md.
// MULTIPLIER changes area and speed, never a result (FORM of gsp_mul): 0 leaves the multiplies to
// the tool, 1 is for LUTs.
`include "gsp_bug.vh"
`default_nettype none

module gsp_loihi_atrlif_step #(
    parameter integer MULTIPLIER = 0
) (
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
    input  wire signed [24:0] i,          // -(2^23 - 1)..2^23
    input  wire signed [23:0] v,          // within +-(2^23 - 1)
    input  wire signed [31:0] th,         // threshold, th0 after reset
    input  wire signed [31:0] r,          // refractory state, subtracted from v in the compare
    output wire signed [24:0] i_next,
    output wire signed [23:0] v_next,
    output wire signed [31:0] th_next,
    output wire signed [31:0] r_next,
    output wire spike                     // v - r >= th
);
    `GSP_BUG_SELECT

    wire signed [13:0] delta_i_wide = {1'b0, delta_i};
    wire signed [13:0] delta_v_wide = {1'b0, delta_v};
    wire signed [13:0] delta_theta_wide = {1'b0, delta_theta};
    wire signed [13:0] delta_r_wide = {1'b0, delta_r};
    wire signed [13:0] kv = 14'sd4096 - delta_v_wide;
    wire signed [13:0] kt = 14'sd4096 - delta_theta_wide;
    wire signed [13:0] kr = 14'sd4096 - delta_r_wide;

    // (1) The factor of i in units of 2^-28; only i has the extra 1/4096. |i| <= 2^23 and
    // |ki| < 2^28 leave 24 bits after the shift.
    wire signed [13:0] ki_whole = `GSP_BUG(1, 14'sd4095, 14'sd4096) - delta_i_wide;
    wire signed [29:0] ki_scaled = {ki_whole, 16'd0};
    wire signed [29:0] ki_fraction = {14'd0, delta_i_frac};
    wire signed [29:0] ki = ki_scaled - `GSP_BUG(2, ki_fraction, 30'sd0);
    wire signed [54:0] i_full;
    wire signed [51:0] i_product;
    gsp_mul #(.A_WIDTH(30), .B_WIDTH(25), .FORM(MULTIPLIER)) multiply_i (.a(ki), .b(i), .y(i_full));
    gsp_wrap #(.X_WIDTH(55), .WIDTH(52)) narrow_i (.x(i_full), .y(i_product));
    wire signed [23:0] i_zero;
    gsp_shr_zero #(.WIDTH(52), .N(28)) decay_i (.x(i_product), .y(i_zero));
    wire signed [23:0] i_decayed = `GSP_BUG(3, i_zero, i_floor);
    wire signed [25:0] i_decayed_wide = {{2{i_decayed[23]}}, i_decayed};
    wire signed [25:0] a_in_wide = {{7{a_in[18]}}, a_in};
    wire signed [25:0] i_sum = i_decayed_wide + (a_in_wide <<< 6);
    // Adding and subtracting 2^24 both flip bit 24 of a 25-bit value.
    wire i_high = `GSP_BUG(4, i_sum > 26'sd8388608, i_sum >= 26'sd8388608);
    wire i_low = `GSP_BUG(5, i_sum <= -26'sd8388608, i_sum < -26'sd8388608);
    assign i_next = {i_sum[24] ^ (i_high || i_low), i_sum[23:0]};

    // (2)
    wire signed [37:0] v_full;
    wire signed [35:0] v_product;
    gsp_mul #(.A_WIDTH(24), .B_WIDTH(14), .FORM(MULTIPLIER)) multiply_v (.a(v), .b(kv), .y(v_full));
    gsp_wrap #(.X_WIDTH(38), .WIDTH(36)) narrow_v (.x(v_full), .y(v_product));
    wire signed [23:0] v_decayed;
    gsp_shr_zero #(.WIDTH(36), .N(12)) decay_v (.x(v_product), .y(v_decayed));
    wire signed [25:0] v_decayed_wide = {{2{v_decayed[23]}}, v_decayed};
    wire signed [25:0] i_wide = {i_next[24], i_next};
    wire signed [25:0] mantissa = {{13{bias_mant[12]}}, bias_mant};
    wire [3:0] right = 4'd0 - bias_exp;  // 1..8 where bias_exp is negative
    wire signed [25:0] bias_lift = `GSP_BUG(7, 26'sd0, mantissa[25] ? ~(-26'sd1 <<< right) : 26'sd0);
    wire signed [25:0] bias_right = `GSP_BUG(8, (mantissa + bias_lift) >>> right, mantissa);
    wire signed [25:0] bias = bias_exp[3] ? bias_right : mantissa <<< bias_exp[2:0];
    wire signed [25:0] v_sum = v_decayed_wide + i_wide + bias;
    wire signed [25:0] v_lowest = `GSP_BUG(6, -26'sd8388607, -26'sd8388608);
    wire signed [23:0] v_inside = v_sum[23:0];
    wire signed [23:0] v_now = v_sum > 26'sd8388607 ? 24'sd8388607
        : v_sum < v_lowest ? -24'sd8388607 : v_inside;
    assign v_next = `GSP_BUG(14, v_now, spike ? 24'sd0 : v_now);

    // (3) The difference needs 33 bits; a decay lies between th and th0, so the sum is exact in 32.
    wire signed [31:0] th_rest = `GSP_BUG(13, th0, 32'sd0);
    wire signed [32:0] th_wide = {th[31], th};
    wire signed [32:0] th_rest_wide = {th_rest[31], th_rest};
    wire signed [32:0] th_distance = th_wide - th_rest_wide;
    wire signed [46:0] th_full;
    wire signed [44:0] th_product;
    gsp_mul #(.A_WIDTH(33), .B_WIDTH(14), .FORM(MULTIPLIER)) multiply_th (.a(th_distance), .b(kt), .y(th_full));
    gsp_wrap #(.X_WIDTH(47), .WIDTH(45)) narrow_product_th (.x(th_full), .y(th_product));
    wire signed [32:0] th_zero;
    gsp_shr_zero #(.WIDTH(45), .N(12)) decay_th (.x(th_product), .y(th_zero));
    wire signed [32:0] th_sum = `GSP_BUG(12, th_zero, th_floor) + th_rest_wide;
    wire signed [31:0] th_decayed;
    gsp_wrap #(.X_WIDTH(33), .WIDTH(32)) narrow_th (.x(th_sum), .y(th_decayed));

    // (4)
    wire signed [45:0] r_full;
    wire signed [43:0] r_product;
    gsp_mul #(.A_WIDTH(32), .B_WIDTH(14), .FORM(MULTIPLIER)) multiply_r (.a(r), .b(kr), .y(r_full));
    gsp_wrap #(.X_WIDTH(46), .WIDTH(44)) narrow_r (.x(r_full), .y(r_product));
    wire signed [31:0] r_decayed;
    gsp_shr_zero #(.WIDTH(44), .N(12)) decay_r (.x(r_product), .y(r_decayed));

    // (5) The difference needs 33 bits.
    wire signed [32:0] v_now_wide = {{9{v_now[23]}}, v_now};
    wire signed [32:0] r_wide = {r_decayed[31], r_decayed};
    wire signed [32:0] th_decayed_wide = {th_decayed[31], th_decayed};
    wire signed [32:0] v_over_r = `GSP_BUG(10, v_now_wide - r_wide, v_now_wide);
    wire signed [32:0] compared = `GSP_BUG(15, v_over_r, v_over_r_32);
    assign spike = `GSP_BUG(9, compared >= th_decayed_wide, compared > th_decayed_wide);

    // (6), (7) Modulo 2^32; r takes the threshold of before it is raised.
    wire signed [31:0] th_after = th_decayed + th_step;
    wire signed [31:0] r_after = r_decayed + (`GSP_BUG(11, th_decayed, th_after) <<< 1);
    assign r_next = spike ? r_after : r_decayed;
    assign th_next = spike ? th_after : th_decayed;

`ifdef GSP_TEST_BUGS
    wire signed [23:0] i_floor;
    gsp_shr_floor #(.WIDTH(52), .N(28)) floor_i (.x(i_product), .y(i_floor));
    wire signed [32:0] th_floor;
    gsp_shr_floor #(.WIDTH(45), .N(12)) floor_th (.x(th_product), .y(th_floor));
    wire signed [32:0] v_over_r_32 = {v_over_r[31], v_over_r[31:0]};
`endif
endmodule

`default_nettype wire
