// SPDX-License-Identifier: Apache-2.0
// loihi, one step in six stages around one product unit: the datapath of gsp_loihi_array. A step may enter at
// every second edge with advance = 1; its result stands on the outputs five such edges later.
// MULTIPLIER chooses how the product is built: see gsp_loihi_decay_pipe.
`include "gsp_bug.vh"
`default_nettype none
module gsp_loihi_pipeline #(
    parameter integer MULTIPLIER = 0
) (
    input  wire               clk,
    input  wire               advance,
    input  wire               entered, // stage 1 holds a step: stage 2 does not
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
    // stage 1: inputs and state
    input  wire signed [23:0] a_in,
    input  wire signed [7:0]  rnd,
    input  wire signed [27:0] u,
    input  wire signed [23:0] v,
    input  wire [5:0]         refractory_count,
    input  wire [15:0]        reset_count,
    // stage 6
    output wire signed [27:0] u_next,
    output wire signed [23:0] v_next,
    output wire [5:0]         refractory_count_next,
    output wire [15:0]        reset_count_next,
    output wire signed [1:0]  spike,
    output wire signed [30:0] q,
    output wire               q_overflow,
    output wire               u_overflow,
    output wire               u2_overflow,
    output wire               v_clipped
);
    `GSP_BUG_SELECT

    // stage 1: (1); u goes into the product unit, in stage 2 v
    wire        clears;
    wire [15:0] reset_count_1;
    gsp_loihi_timer timer (
        .reset_interval(reset_interval), .reset_offset(reset_offset), .reset_count(reset_count),
        .reset_count_next(reset_count_1), .clears(clears)
    );
    reg signed [23:0] v_2;
    reg               clears_2;
    always @(posedge clk)
        if (advance) begin
            v_2 <= v;
            clears_2 <= clears;
        end

    // k = 4096 - decay - offset, as in gsp_loihi_decay
    wire signed [27:0] factor = entered ? u : {{4{v_2[23]}}, v_2};
    wire signed [13:0] decay = entered ? decay_u : decay_v;
    wire               offset = entered ? ds_offset : `GSP_BUG(241, dm_offset, ds_offset);
    wire               clear = entered ? clears : `GSP_BUG(242, clears_2, 1'b0);
    wire        [14:0] less = {decay, 1'b1} + {14'h2FFF, offset};
    wire signed [13:0] k = clear ? 14'sd0 : ~less[14:1];
    wire signed [27:0] whole; // of u in stage 4, of v in stage 5
    wire               up;
    gsp_loihi_decay_pipe #(.MULTIPLIER(MULTIPLIER)) decay_unit (
        .clk(clk), .advance(advance), .s(factor), .k(k), .whole(whole), .up(up)
    );

    // stage 4: (2) to (6)
    wire signed [23:0] a_in_4;
    wire signed [7:0]  rnd_4;
    gsp_delay #(.WIDTH(32), .N(3)) delay_in (
        .clk(clk), .advance(advance), .x({a_in, rnd}), .y({a_in_4, rnd_4})
    );
    wire signed [27:0] u_4;
    wire signed [28:0] x_4;
    wire signed [30:0] q_4;
    wire               q_overflow_4, u_overflow_4, u2_overflow_4;
    gsp_loihi_current current (
        .bias_mant(bias_mant), .bias_exp(bias_exp), .act_shift(act_shift), .q_wrap22(q_wrap22),
        .u_wrap(u_wrap), .u2_wrap24(u2_wrap24), .noise_enable(noise_enable), .noise_at_v(noise_at_v),
        .noise_exp(noise_exp), .noise_offset(noise_offset), .a_in(a_in_4), .rnd(rnd_4), .whole(whole),
        .up(up), .q(q_4), .u_next(u_4), .x(x_4), .q_overflow(q_overflow_4), .u_overflow(u_overflow_4),
        .u2_overflow(u2_overflow_4)
    );
    gsp_delay #(.WIDTH(62), .N(2)) delay_current (
        .clk(clk), .advance(advance), .x({u_4, q_4, q_overflow_4, u_overflow_4, u2_overflow_4}),
        .y({u_next, q, q_overflow, u_overflow, u2_overflow})
    );

    // stage 5: the sum of (7)
    reg  signed [28:0] x_5;
    reg  signed [29:0] v_sum_6;
    wire signed [23:0] v_whole = whole[23:0];
    wire signed [30:0] v_carried = {{6{v_whole[23]}}, v_whole, 1'b1} + {x_5[28], x_5, up};
    always @(posedge clk)
        if (advance) begin
            x_5 <= x_4;
            v_sum_6 <= v_carried[30:1];
        end

    // stage 6: (7) to (11)
    wire [5:0] refractory_count_6;
    gsp_delay #(.WIDTH(22), .N(5)) delay_counts (
        .clk(clk), .advance(advance), .x({refractory_count, reset_count_1}),
        .y({refractory_count_6, reset_count_next})
    );
    gsp_loihi_fire fire (
        .vth(vth), .vth_lo(vth_lo), .ternary(ternary), .refract_delay(refract_delay), .vmin(vmin),
        .vmax(vmax), .refractory_count(refractory_count_6), .v_sum(v_sum_6), .v_next(v_next),
        .refractory_count_next(refractory_count_next), .spike(spike), .v_clipped(v_clipped)
    );
    wire unused = &{1'b0, v_carried[0], less[0]};
endmodule
`default_nettype wire
