// SPDX-License-Identifier: Apache-2.0
// loihi_rf_zero: one step, combinational. Equation numbers are those of docs/models/loihi_rf_zero.md.
// MULTIPLIER changes area and speed, never a result (FORM of gsp_mul): 0 leaves the multiplies to
// the tool, 1 is for LUTs.
`include "gsp_bug.vh"
`default_nettype none

module gsp_loihi_rf_zero_step #(
    parameter integer MULTIPLIER = 0
) (
    input  wire signed [17:0] lct,     // exp(-dt / tau) * cos(2 pi f dt), times 2^15
    input  wire signed [17:0] lst,     // exp(-dt / tau) * sin(2 pi f dt), times 2^15
    input  wire signed [31:0] uth,     // threshold that u must exceed
    input  wire signed [31:0] u_in,    // input to u
    input  wire signed [31:0] v_in,    // input to v
    input  wire signed [31:0] u,       // in-phase part
    input  wire signed [31:0] v,       // quadrature part
    output wire signed [31:0] u_next,
    output wire signed [31:0] v_next,
    output wire signed [31:0] spike    // graded: the new u where it is sent, else 0
);
    `GSP_BUG_SELECT

    // The low 32 bits of a product: an int32 wraps before it is shifted.
    wire signed [31:0] u_used = `GSP_BUG(6, u, u_next);
    wire signed [49:0] u_lct_exact, v_lst_exact, v_lct_exact, u_lst_exact;
    wire signed [31:0] u_lct, v_lst, v_lct, u_lst;
    gsp_mul #(.A_WIDTH(32), .B_WIDTH(18), .FORM(MULTIPLIER)) multiply_u_lct (.a(u), .b(lct), .y(u_lct_exact));
    gsp_wrap #(.X_WIDTH(50), .WIDTH(32)) wrap_u_lct (.x(u_lct_exact), .y(u_lct));
    gsp_mul #(.A_WIDTH(32), .B_WIDTH(18), .FORM(MULTIPLIER)) multiply_v_lst (.a(v), .b(lst), .y(v_lst_exact));
    gsp_wrap #(.X_WIDTH(50), .WIDTH(32)) wrap_v_lst (.x(v_lst_exact), .y(v_lst));
    gsp_mul #(.A_WIDTH(32), .B_WIDTH(18), .FORM(MULTIPLIER)) multiply_v_lct (.a(v), .b(lct), .y(v_lct_exact));
    gsp_wrap #(.X_WIDTH(50), .WIDTH(32)) wrap_v_lct (.x(v_lct_exact), .y(v_lct));
    gsp_mul #(.A_WIDTH(32), .B_WIDTH(18), .FORM(MULTIPLIER)) multiply_u_lst (.a(u_used), .b(lst), .y(u_lst_exact));
    gsp_wrap #(.X_WIDTH(50), .WIDTH(32)) wrap_u_lst (.x(u_lst_exact), .y(u_lst));

    // (1), (2) Floor shifts.
    wire signed [31:0] u_cos = `GSP_BUG(1, u_lct >>> 15, (u_lct + (u_lct[31] ? 32'sd32767 : 32'sd0)) >>> 15);
    wire signed [31:0] v_sin = `GSP_BUG(2, v_lst >>> 15, v_exact);
    wire signed [31:0] v_cos = v_lct >>> 15;
    wire signed [31:0] u_sin = `GSP_BUG(7, u_lst >>> 15, -(u_lst >>> 15));

    // (3) 32-bit sums wrap.
    wire signed [31:0] u_sum = u_cos - v_sin + u_in;
    wire signed [31:0] v_sum = v_cos + u_sin + v_in;
    assign u_next = u_sum;
    assign v_next = `GSP_BUG(8, v_sum, v_saturated);

    // (4) The signs alone tell a crossing.
    wire above = `GSP_BUG(3, u_next > uth, u_next >= uth);
    wire was_below = `GSP_BUG(4, v[31], v <= 32'sd0);
    wire not_below = `GSP_BUG(5, !v_next[31], v_next > 32'sd0);
    assign spike = above && was_below && not_below ? `GSP_BUG(9, `GSP_BUG(10, u_next, 32'sd1), u) : 32'sd0;

`ifdef GSP_TEST_BUGS
    // What bugs 2 and 8 need: the product without its wrap, the sum with a saturation.
    wire signed [31:0] v_exact = v_lst_exact[46:15];
    wire signed [34:0] v_cos_long = {{3{v_cos[31]}}, v_cos};
    wire signed [34:0] u_sin_long = {{3{u_sin[31]}}, u_sin};
    wire signed [34:0] v_in_long = {{3{v_in[31]}}, v_in};
    wire signed [34:0] v_wide = v_cos_long + u_sin_long + v_in_long;
    wire signed [31:0] v_saturated = v_wide > 35'sd2147483647 ? 32'sh7fffffff
        : v_wide < -35'sd2147483648 ? 32'sh80000000 : v_sum;
`endif
endmodule

`default_nettype wire
