// SPDX-License-Identifier: Apache-2.0
// One step of loihi: docs/models/loihi.md, lines (1) to (12). Combinational; the
// image of gsp_loihi_step() in C.
//
// MULTIPLIER chooses how the two products are built: see gsp_loihi_decay.
`include "gsp_bug.vh"
`default_nettype none
module gsp_loihi_step #(
    parameter integer MULTIPLIER = 0
) (
    // params
    input  wire signed [13:0] decay_u,
    input  wire signed [13:0] decay_v,
    input  wire               ds_offset,
    input  wire               dm_offset,
    input  wire [22:0]        vth,
    input  wire signed [23:0] vth_lo,
    input  wire               ternary,
    input  wire signed [12:0] bias_mant,
    input  wire signed [3:0]  bias_exp,
    input  wire [5:0]         refract_delay,
    input  wire [2:0]         act_shift,
    input  wire               q_wrap22,
    input  wire               u_wrap,
    input  wire               u2_wrap24,
    input  wire signed [23:0] vmin,
    input  wire signed [23:0] vmax,
    input  wire               noise_enable,
    input  wire               noise_at_v,
    input  wire [3:0]         noise_exp,
    input  wire signed [7:0]  noise_offset,
    input  wire [15:0]        reset_interval,
    input  wire [15:0]        reset_offset,
    // inputs
    input  wire signed [23:0] a_in,
    input  wire signed [7:0]  rnd,
    // state
    input  wire signed [27:0] u,
    input  wire signed [23:0] v,
    input  wire [5:0]         refractory_count,
    input  wire [15:0]        reset_count,
    output wire signed [27:0] u_next,
    output wire signed [23:0] v_next,
    output wire [5:0]         refractory_count_next,
    output wire [15:0]        reset_count_next,
    // outputs and flags
    output wire signed [1:0]  spike,
    output wire signed [23:0] v_readback,
    output wire signed [30:0] q,
    output wire               q_overflow,
    output wire               u_overflow,
    output wire               u2_overflow,
    output wire               v_clipped
);
    // (1) A cleared u or v decays to 0; clearing the factor costs less than clearing the state.
    wire clears;
    gsp_loihi_timer timer (
        .reset_interval(reset_interval), .reset_offset(reset_offset), .reset_count(reset_count),
        .reset_count_next(reset_count_next), .clears(clears)
    );

    // (2) to (6)
    wire signed [27:0] u_whole;
    wire               u_up;
    wire signed [28:0] x;
    gsp_loihi_decay #(.WIDTH(28), .MULTIPLIER(MULTIPLIER)) decay_of_u (
        .s(u), .decay(decay_u), .offset(ds_offset), .clear(clears), .whole(u_whole), .up(u_up)
    );
    gsp_loihi_current current (
        .bias_mant(bias_mant), .bias_exp(bias_exp), .act_shift(act_shift), .q_wrap22(q_wrap22),
        .u_wrap(u_wrap), .u2_wrap24(u2_wrap24), .noise_enable(noise_enable), .noise_at_v(noise_at_v),
        .noise_exp(noise_exp), .noise_offset(noise_offset), .a_in(a_in), .rnd(rnd), .whole(u_whole),
        .up(u_up), .q(q), .u_next(u_next), .x(x), .q_overflow(q_overflow), .u_overflow(u_overflow),
        .u2_overflow(u2_overflow)
    );

    // (7) to (11)
    wire signed [23:0] v_whole;
    wire               v_up;
    gsp_loihi_decay #(.WIDTH(24), .MULTIPLIER(MULTIPLIER)) decay_of_v (
        .s(v), .decay(decay_v), .offset(dm_offset), .clear(clears), .whole(v_whole), .up(v_up)
    );
    gsp_loihi_voltage voltage (
        .vth(vth), .vth_lo(vth_lo), .ternary(ternary), .refract_delay(refract_delay), .vmin(vmin),
        .vmax(vmax), .refractory_count(refractory_count), .whole(v_whole), .up(v_up), .x(x),
        .v_next(v_next), .refractory_count_next(refractory_count_next), .spike(spike),
        .v_clipped(v_clipped)
    );

    gsp_loihi_readback shown (
        .v(v_next), .refractory_count(refractory_count_next), .spike(spike), .v_readback(v_readback)
    );
endmodule
`default_nettype wire
