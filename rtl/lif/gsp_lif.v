// SPDX-License-Identifier: Apache-2.0
// lif, one neuron: gsp_lif_step with its registers. Ports and parameters as there.
`include "gsp_bug.vh"
`default_nettype none
module gsp_lif #(
    parameter integer DATA_WIDTH = 16,
    parameter integer FRACTION = 8,
    parameter integer MULTIPLIER = 0
) (
    input  wire                         clk,
    input  wire                         rst_n, // synchronous; loads v_rest
    input  wire                         en,    // 1: one step at this edge

    input  wire signed [DATA_WIDTH-1:0] v_rest,
    input  wire signed [DATA_WIDTH-1:0] v_reset,
    input  wire signed [DATA_WIDTH-1:0] v_threshold,
    input  wire        [7:0]            refractory_period,
    input  wire        [1:0]            reset_mode,
    input  wire                         saturate,

    input  wire signed [DATA_WIDTH-1:0] leak_k,
    input  wire signed [DATA_WIDTH-1:0] gain_k,
    input  wire signed [DATA_WIDTH-1:0] i_t,
    input  wire signed [DATA_WIDTH-1:0] noise_in,

    output reg  signed [DATA_WIDTH-1:0] v,
    output reg         [7:0]            refractory_count,

    output reg                          spike,
    output wire signed [DATA_WIDTH-1:0] v_out
);
    wire signed [DATA_WIDTH-1:0] v_next;
    wire        [7:0]            refractory_count_next;
    wire                         spike_next;
    wire signed [DATA_WIDTH-1:0] unused_v_out; // equals v_next

    `GSP_BUG_SELECT

    gsp_lif_step #(
        .DATA_WIDTH(DATA_WIDTH), .FRACTION(FRACTION), .MULTIPLIER(MULTIPLIER)
    ) step (
        .v_rest(v_rest), .v_reset(v_reset), .v_threshold(v_threshold),
        .refractory_period(refractory_period), .reset_mode(reset_mode), .saturate(saturate),
        .leak_k(leak_k), .gain_k(gain_k), .i_t(i_t), .noise_in(noise_in),
        .v(v), .refractory_count(refractory_count),
        .v_next(v_next), .refractory_count_next(refractory_count_next),
        .spike(spike_next), .v_out(unused_v_out)
    );

    always @(posedge clk) begin
        if (!rst_n) begin
            v <= `GSP_BUG(18, v_rest, {DATA_WIDTH{1'b0}});
            refractory_count <= `GSP_BUG(19, 8'd0, refractory_count);
            spike <= 1'b0;
        end else if (`GSP_BUG(17, en, 1'b1)) begin
            v <= v_next;
            refractory_count <= refractory_count_next;
            spike <= spike_next;
        end else begin
            spike <= `GSP_BUG(20, spike, 1'b0);
        end
    end

    assign v_out = v;
endmodule
`default_nettype wire
