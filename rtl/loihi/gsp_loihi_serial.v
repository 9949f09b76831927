// SPDX-License-Identifier: Apache-2.0
// One neuron of loihi around one multiplier: three edges a step (accept,
// current, voltage), valid/ready on both sides. Inputs are captured when a step
// is accepted; params must hold until it retires.
// MULTIPLIER chooses how the product is built: see gsp_loihi_decay.
`include "gsp_bug.vh"
`default_nettype none
module gsp_loihi_serial #(
    parameter integer MULTIPLIER = 0
) (
    input  wire               clk,
    input  wire               rst_n,
    input  wire               in_valid,
    output wire               in_ready,
    output reg                out_valid,
    input  wire               out_ready,
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
    output reg  signed [27:0] u,
    output reg  signed [23:0] v,
    output reg  [5:0]         refractory_count,
    output reg  [15:0]        reset_count,
    // outputs and flags
    output reg  signed [1:0]  spike,
    output wire signed [23:0] v_readback,
    output reg  signed [30:0] q,
    output reg                q_overflow,
    output reg                u_overflow,
    output reg                u2_overflow,
    output reg                v_clipped
);
    `GSP_BUG_SELECT

    // A step passes through `current` and `voltage`, one edge each; otherwise the neuron is idle.
    reg current_phase;
    reg voltage_phase;
    assign in_ready = !current_phase && !voltage_phase && (!out_valid || out_ready);

    reg signed [23:0] a_in_held;
    reg signed [7:0]  rnd_held;
    reg signed [28:0] x_held;

    wire        clears;
    wire [15:0] reset_count_next;
    gsp_loihi_timer timer (
        .reset_interval(reset_interval), .reset_offset(reset_offset), .reset_count(reset_count),
        .reset_count_next(reset_count_next), .clears(clears)
    );

    // The shared product: of u, then of v.
    wire signed [27:0] v_wide = {{4{v[23]}}, v};
    wire signed [27:0] factor = voltage_phase ? v_wide : u;
    wire signed [13:0] decay = voltage_phase ? decay_v : decay_u;
    wire signed [27:0] whole;
    wire               up;
    gsp_loihi_decay #(.WIDTH(28), .MULTIPLIER(MULTIPLIER)) decay_shared (
        .s(factor), .decay(decay), .offset(voltage_phase ? `GSP_BUG(15, dm_offset, ds_offset) : ds_offset),
        .clear(clears), .whole(whole), .up(up)
    );

    wire signed [27:0] u_next;
    wire signed [28:0] x;
    wire signed [30:0] q_next;
    wire               q_overflow_next;
    wire               u_overflow_next;
    wire               u2_overflow_next;
    gsp_loihi_current current (
        .bias_mant(bias_mant), .bias_exp(bias_exp), .act_shift(act_shift), .q_wrap22(q_wrap22),
        .u_wrap(u_wrap), .u2_wrap24(u2_wrap24), .noise_enable(noise_enable), .noise_at_v(noise_at_v),
        .noise_exp(noise_exp), .noise_offset(noise_offset), .a_in(a_in_held), .rnd(rnd_held),
        .whole(whole), .up(up), .q(q_next), .u_next(u_next), .x(x), .q_overflow(q_overflow_next),
        .u_overflow(u_overflow_next), .u2_overflow(u2_overflow_next)
    );

    wire signed [23:0] v_whole = whole[23:0];
    wire signed [23:0] v_next;
    wire [5:0]         refractory_count_next;
    wire signed [1:0]  spike_next;
    wire               v_clipped_next;
    gsp_loihi_voltage voltage (
        .vth(vth), .vth_lo(vth_lo), .ternary(ternary), .refract_delay(refract_delay), .vmin(vmin),
        .vmax(vmax), .refractory_count(refractory_count), .whole(v_whole), .up(up), .x(x_held),
        .v_next(v_next), .refractory_count_next(refractory_count_next), .spike(spike_next),
        .v_clipped(v_clipped_next)
    );

    gsp_loihi_readback shown (
        .v(v), .refractory_count(refractory_count), .spike(spike), .v_readback(v_readback)
    );

    always @(posedge clk)
        if (!rst_n) begin
            current_phase <= 1'b0;
            voltage_phase <= 1'b0;
            out_valid <= 1'b0;
            a_in_held <= 24'sd0;
            rnd_held <= 8'sd0;
            x_held <= 29'sd0;
            u <= 28'sd0;
            v <= 24'sd0;
            refractory_count <= 6'd0;
            reset_count <= 16'd0;
            spike <= 2'sd0;
            q <= 31'sd0;
            q_overflow <= 1'b0;
            u_overflow <= 1'b0;
            u2_overflow <= 1'b0;
            v_clipped <= 1'b0;
        end else begin
            current_phase <= in_valid && in_ready;
            voltage_phase <= current_phase;
            if (out_valid && out_ready)
                out_valid <= 1'b0;
            if (in_valid && in_ready) begin
                a_in_held <= a_in;
                rnd_held <= rnd;
            end
            if (current_phase) begin
                u <= u_next;
                x_held <= `GSP_BUG(16, x, x_held);
                q <= q_next;
                q_overflow <= q_overflow_next;
                u_overflow <= u_overflow_next;
                u2_overflow <= u2_overflow_next;
            end
            if (voltage_phase) begin
                v <= v_next;
                refractory_count <= refractory_count_next;
                reset_count <= reset_count_next;
                spike <= spike_next;
                v_clipped <= v_clipped_next;
                out_valid <= 1'b1;
            end
        end
    wire unused = &{1'b0, whole[27:24]};
endmodule
`default_nettype wire
