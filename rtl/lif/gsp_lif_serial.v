// SPDX-License-Identifier: Apache-2.0
// One neuron of lif in few LUTs and no DSP block: both products by one shift-and-add
// multiplier, a bit of leak_k or gain_k per cycle; valid/ready on both sides. Inputs are
// captured when a step is accepted; params must hold until it retires.
//
// A step takes 2 * DATA_WIDTH + 4 edges: accept, the bits of leak_k, add, the bits of gain_k,
// add, fire; then it may retire. A silent step takes one. Equations: docs/models/lif.md.
`include "gsp_bug.vh"
`default_nettype none
module gsp_lif_serial #(
    parameter integer DATA_WIDTH = 16,
    parameter integer FRACTION = 8
) (
    input  wire                         clk,
    input  wire                         rst_n, // synchronous; loads v_rest, drops a step in flight
    input  wire                         in_valid,
    output wire                         in_ready,
    output reg                          out_valid,
    input  wire                         out_ready,

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
    localparam integer W = DATA_WIDTH;
    localparam integer F = FRACTION;
    localparam integer S = 2 * W - F + 2; // holds the exact sum of (4)

    generate
        if (DATA_WIDTH < 2 || DATA_WIDTH > 32) begin : illegal_data_width
            gsp_error_DATA_WIDTH_must_be_2_to_32 stop ();
        end
        if (FRACTION < 0 || FRACTION >= DATA_WIDTH) begin : illegal_fraction
            gsp_error_FRACTION_must_be_0_to_DATA_WIDTH_less_1 stop ();
        end
    endgenerate

    `GSP_BUG_SELECT

    // What the step does now, one at a time; none: the neuron is idle.
    reg        multiplies, adds, fires_now;
    reg        second;     // the product of the input, after that of the leak
    reg [4:0]  bit_number; // of the factor that is shifted out of `low`
    wire       silent = refractory_count != 8'd0;
    assign in_ready = ~(multiplies | adds | fires_now) & (~out_valid | out_ready);
    wire       accepts = in_valid & in_ready;
    wire       last_bit = bit_number == W[4:0] - 5'd1;

    // (2), (3) {high, low} becomes a * factor; the factor's bits leave `low` as the product's
    // enter it. Its top bit counts negative.
    reg  signed [W:0]   a;
    reg  signed [W+1:0] high;
    reg         [W-1:0] low;
    reg  signed [W-1:0] i_held, gain_held;
    wire signed [W+1:0] a_wide, a_signed, partial, high_next;
    gsp_extend #(.X_WIDTH(W + 1), .WIDTH(W + 2)) extend_a (.x(a), .y(a_wide));
    wire                negative = last_bit & `GSP_BUG(21, 1'b1, ~second);
    assign a_signed = a_wide ^ {(W + 2){negative}};
    // One chain for sum and difference: the carry in is a bit below.
    wire        [W+2:0] chain = {high, 1'b1} + {a_signed, negative};
    assign partial = low[0] ? chain[W+2:1] : high;
    wire signed [W:0]   halved;
    gsp_shr_floor #(.WIDTH(W + 2), .N(1)) halve (.x(partial), .y(halved));
    gsp_extend #(.X_WIDTH(W + 1), .WIDTH(W + 2)) extend_half (.x(halved), .y(high_next));

    wire signed [2*W+1:0] product = {high, low};
    wire signed [S-1:0]   share;
    gsp_shr_floor #(.WIDTH(2 * W + 2), .N(F)) floor_product (.x(product), .y(share));

    // (4) v + noise_in, then each product
    reg  signed [S-1:0] sum;
    wire signed [W:0]   difference, v_noise;
    wire signed [S-1:0] v_noise_s;
    gsp_sub #(.WIDTH(W)) subtract_v (.a(v_rest), .b(v), .y(difference));
    gsp_add #(.WIDTH(W)) add_noise (.a(v), .b(noise_in), .y(v_noise));
    gsp_extend #(.X_WIDTH(W + 1), .WIDTH(S)) extend_noise (.x(v_noise), .y(v_noise_s));

    // (5), (6), (7) as in gsp_lif_step
    wire signed [W-1:0] sum_sat, sum_wrap, v_next, over_sat, over_wrap;
    wire signed [W:0]   over;
    gsp_sat #(.X_WIDTH(S), .WIDTH(W)) saturate_sum (.x(sum), .y(sum_sat));
    gsp_wrap #(.X_WIDTH(S), .WIDTH(W)) wrap_sum (.x(sum), .y(sum_wrap));
    assign v_next = saturate ? sum_sat : sum_wrap;
    gsp_sub #(.WIDTH(W)) subtract_threshold (.a(v_next), .b(v_threshold), .y(over));
    gsp_sat #(.X_WIDTH(W + 1), .WIDTH(W)) saturate_over (.x(over), .y(over_sat));
    gsp_wrap #(.X_WIDTH(W + 1), .WIDTH(W)) wrap_over (.x(over), .y(over_wrap));
    wire                reached = ~over[W];
    wire signed [W-1:0] v_fired = (reset_mode == 2'd0) ? v_reset
                                : (reset_mode == 2'd1) ? (saturate ? over_sat : over_wrap)
                                : v_next;

    always @(posedge clk) begin
        if (!rst_n) begin
            multiplies <= 1'b0;
            adds <= 1'b0;
            fires_now <= 1'b0;
            out_valid <= 1'b0;
            v <= v_rest;
            refractory_count <= 8'd0;
            spike <= 1'b0;
        end else begin
            multiplies <= (accepts & ~silent) | (multiplies & ~last_bit) | (adds & ~second);
            adds <= multiplies & last_bit;
            fires_now <= adds & second;
            out_valid <= (accepts & silent) | fires_now | (out_valid & ~out_ready);
            if (accepts & silent) begin
                v <= v_rest;
                refractory_count <= refractory_count - 8'd1;
                spike <= 1'b0;
            end
            if (fires_now) begin
                v <= reached ? v_fired : v_next;
                refractory_count <= reached ? refractory_period : 8'd0;
                spike <= reached;
            end
        end
        if (accepts) begin
            i_held <= i_t;
            gain_held <= gain_k;
            second <= 1'b0;
        end else if (adds) begin
            second <= 1'b1;
        end
        if (accepts | adds) begin
            a <= adds ? {i_held[W-1], i_held} : difference;
            high <= `GSP_BUG(22, {(W + 2){1'b0}}, accepts ? {(W + 2){1'b0}} : high);
            low <= adds ? `GSP_BUG(23, gain_held, gain_k) : leak_k;
            sum <= adds ? sum + share : v_noise_s;
            bit_number <= 5'd0;
        end else if (multiplies) begin
            high <= high_next;
            low <= {partial[0], low[W-1:1]};
            bit_number <= bit_number + 5'd1;
        end
    end

    assign v_out = v;
    wire unused = &{1'b0, chain[0]};
endmodule
`default_nettype wire
