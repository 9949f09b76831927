// SPDX-License-Identifier: Apache-2.0
// lif, NEURONS neurons over one datapath (docs/rtl.md, form array).
`include "gsp_bug.vh"
`default_nettype none
module gsp_lif_array #(
    parameter integer NEURONS = 256,
    parameter integer DATA_WIDTH = 16,
    parameter integer FRACTION = 8,
    parameter integer MULTIPLIER = 0,
    parameter integer OWN_PARAMS = 0, // 1: each neuron has its own
    parameter integer ID_WIDTH = $clog2(NEURONS) // derived
) (
    input  wire                         clk,
    input  wire                         rst_n, // synchronous; starts the sweep, which loads v_rest

    // params: of all neurons, which may change when no update is in flight and in_ready = 1; with OWN_PARAMS
    // of neuron param_id, taken at an edge with param_write && param_ready
    input  wire signed [DATA_WIDTH-1:0] v_rest,
    input  wire signed [DATA_WIDTH-1:0] v_reset,
    input  wire signed [DATA_WIDTH-1:0] v_threshold,
    input  wire        [7:0]            refractory_period,
    input  wire        [1:0]            reset_mode,
    input  wire                         saturate,
    input  wire                         param_write,
    output wire                         param_ready,
    input  wire        [ID_WIDTH-1:0]   param_id,

    input  wire                         in_valid,
    output wire                         in_ready,
    input  wire        [ID_WIDTH-1:0]   in_id,
    input  wire signed [DATA_WIDTH-1:0] leak_k,
    input  wire signed [DATA_WIDTH-1:0] gain_k,
    input  wire signed [DATA_WIDTH-1:0] i_t,
    input  wire signed [DATA_WIDTH-1:0] noise_in,

    output wire                         out_valid,
    input  wire                         out_ready,
    output wire        [ID_WIDTH-1:0]   out_id,
    output wire signed [DATA_WIDTH-1:0] v,
    output wire        [7:0]            refractory_count,
    output wire                         spike,
    output wire signed [DATA_WIDTH-1:0] v_out,

    // trace: what the update was made of
    output wire signed [DATA_WIDTH-1:0] v_before,
    output wire        [7:0]            refractory_count_before,
    output wire signed [DATA_WIDTH-1:0] leak_k_taken,
    output wire signed [DATA_WIDTH-1:0] gain_k_taken,
    output wire signed [DATA_WIDTH-1:0] i_t_taken,
    output wire signed [DATA_WIDTH-1:0] noise_in_taken
);
    localparam integer W = DATA_WIDTH;

    `GSP_BUG_SELECT

    localparam integer DEPTH = MULTIPLIER == 1 ? (W / 2 + 3) / 3 + 4 : 5; // as in gsp_lif_pipeline
    wire                advance, unused_entered, unused_works;
    wire signed [W-1:0] leak_k_1, gain_k_1, i_t_1, noise_in_1; // stage 1
    wire signed [W-1:0] v_1;
    wire        [7:0]   refractory_count_1;
    wire signed [W-1:0] v_next;
    wire        [7:0]   refractory_count_next;
    wire                spike_next;
    // params of the update in stage 1
    wire signed [W-1:0] v_rest_1;
    wire signed [W-1:0] v_reset_1;
    wire signed [W-1:0] v_threshold_1;
    wire [7:0] refractory_period_1;
    wire [1:0] reset_mode_1;
    wire saturate_1;

    gsp_array #(
        .NEURONS(NEURONS), .DEPTH(DEPTH), .IN_WIDTH(4 * W), .STATE_WIDTH(W + 8), .RESULT_WIDTH(1),
        .OWN_PARAMS(OWN_PARAMS), .PARAM_WIDTH(3 * W + 11)
    ) array (
        .clk(clk), .rst_n(rst_n),
        .in_valid(in_valid), .in_ready(in_ready), .in_id(in_id), .in_data({leak_k, gain_k, i_t, noise_in}),
        .param_write(param_write), .param_ready(param_ready), .param_id(param_id), .param_in({
            v_rest, v_reset, v_threshold, refractory_period, reset_mode, saturate
        }), .params({
            v_rest_1, v_reset_1, v_threshold_1, refractory_period_1, reset_mode_1, saturate_1
        }),
        .advance(advance), .entered(unused_entered), .in({leak_k_1, gain_k_1, i_t_1, noise_in_1}), .state({v_1, refractory_count_1}),
        .state_next({v_next, refractory_count_next}), .result(spike_next),
        .works(unused_works), .done(1'b1),
        .state_reset({`GSP_BUG(221, v_rest_1, {W{1'b0}}), 8'd0}),
        .out_valid(out_valid), .out_ready(out_ready), .out_id(out_id),
        .out_state({v, refractory_count}), .out_result(spike),
        .out_before({v_before, refractory_count_before}),
        .out_in({leak_k_taken, gain_k_taken, i_t_taken, noise_in_taken})
    );

    gsp_lif_pipeline #(
        .DATA_WIDTH(DATA_WIDTH), .FRACTION(FRACTION), .MULTIPLIER(MULTIPLIER), .DEPTH(DEPTH),
        .OWN_PARAMS(OWN_PARAMS)
    ) pipeline (
        .clk(clk), .advance(advance),
        .v_rest(v_rest_1), .v_reset(v_reset_1), .v_threshold(v_threshold_1),
        .refractory_period(refractory_period_1), .reset_mode(reset_mode_1), .saturate(saturate_1),
        .leak_k(leak_k_1), .gain_k(gain_k_1), .i_t(i_t_1), .noise_in(noise_in_1),
        .v(v_1), .refractory_count(refractory_count_1),
        .v_next(v_next), .refractory_count_next(refractory_count_next), .spike(spike_next)
    );
    assign v_out = v;
endmodule
`default_nettype wire
