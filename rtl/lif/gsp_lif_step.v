// SPDX-License-Identifier: Apache-2.0
// lif, one step: leaky integrate-and-fire in fixed point, combinational.
//
// W = DATA_WIDTH, F = FRACTION. Equation numbers are those of docs/models/lif.md.
// MULTIPLIER changes area and speed, never a result (see FORM of gsp_mul):
// 0 leaves the multiplies to the tool, 1 is for LUTs, 2 for DSP blocks.
`include "gsp_bug.vh"
`default_nettype none
module gsp_lif_step #(
    parameter integer DATA_WIDTH = 16,
    parameter integer FRACTION = 8,
    parameter integer MULTIPLIER = 0
) (
    input  wire signed [DATA_WIDTH-1:0] v_rest,
    input  wire signed [DATA_WIDTH-1:0] v_reset,
    input  wire signed [DATA_WIDTH-1:0] v_threshold,
    input  wire        [7:0]            refractory_period,
    input  wire        [1:0]            reset_mode, // 0 to v_reset, 1 subtract, 2 none
    input  wire                         saturate,   // 0 wrap, 1 saturate

    input  wire signed [DATA_WIDTH-1:0] leak_k,
    input  wire signed [DATA_WIDTH-1:0] gain_k,
    input  wire signed [DATA_WIDTH-1:0] i_t,
    input  wire signed [DATA_WIDTH-1:0] noise_in,

    input  wire signed [DATA_WIDTH-1:0] v,
    input  wire        [7:0]            refractory_count,
    output reg  signed [DATA_WIDTH-1:0] v_next,
    output reg         [7:0]            refractory_count_next,

    output reg                          spike,
    output wire signed [DATA_WIDTH-1:0] v_out
);
    generate
        if (DATA_WIDTH < 2 || DATA_WIDTH > 32) begin : illegal_data_width
            gsp_error_DATA_WIDTH_must_be_2_to_32 stop ();
        end
        if (FRACTION < 0 || FRACTION >= DATA_WIDTH) begin : illegal_fraction
            gsp_error_FRACTION_must_be_0_to_DATA_WIDTH_minus_1 stop ();
        end
        if (MULTIPLIER < 0 || MULTIPLIER > 2) begin : illegal_multiplier
            gsp_error_MULTIPLIER_must_be_0_to_2 stop ();
        end
    endgenerate

    localparam integer W = DATA_WIDTH;
    localparam integer F = FRACTION;
    // Two products of less than 2^(2W-1) and W+1 bits of v + noise_in: before the shift
    // everything fits P bits, after it the sum fits S.
    localparam integer P = 2 * W + 2;
    localparam integer S = P - F;

    localparam signed [W-1:0] LEAST = {W{1'b1}} << (W - 1);
    localparam signed [W-1:0] MOST = ~LEAST;

    `GSP_BUG_SELECT

    // (2), (3) as MULTIPLIER builds them; the block below makes the products that are left to the tool.
    wire signed [2*W:0]   leak_built;
    wire signed [2*W-1:0] input_built;
    generate
        if (MULTIPLIER == 0) begin : left_to_tool
            assign leak_built = {(2*W+1){1'b0}};
            assign input_built = {(2*W){1'b0}};
        end else begin : built
            // The difference needs W + 1 bits.
            wire signed [W:0] rest_minus_v, difference;
            gsp_sub #(.WIDTH(W)) subtract_v (.a(v_rest), .b(v), .y(rest_minus_v));
            assign difference = `GSP_BUG(1, rest_minus_v, {rest_minus_v[W-1], rest_minus_v[W-1:0]});
            gsp_mul #(.A_WIDTH(W + 1), .B_WIDTH(W), .FORM(MULTIPLIER)) multiply_leak (
                .a(difference), .b(leak_k), .y(leak_built)
            );
            gsp_mul #(.A_WIDTH(W), .B_WIDTH(W), .FORM(MULTIPLIER == 1 ? 1 : 0)) multiply_input (
                .a(i_t), .b(gain_k), .y(input_built)
            );
        end
    endgenerate

    // The rest is one block, which Icarus runs once when inputs have changed; of nets it runs each one anew with
    // every change of any net before it, and extensions and sums bit by bit. Here the operands of a
    // sum or a product are all signed, and Verilog extends them to the width of the result.
    reg signed [P-1:0] leak_p, input_p;
    reg signed [S-1:0] v_noise, sum;
    reg signed [W-1:0] sum_narrow;
    reg signed [W:0]   over;
`ifdef GSP_TEST_BUGS
    reg signed [P-1:0] ones; // F of them
`endif
    // verilator lint_off WIDTH
    always @* begin
`ifdef GSP_TEST_BUGS
        ones = ~({P{1'b1}} << F);
`endif
        // (1) a silent step shows v_rest and ignores its inputs
        if (`GSP_BUG(11, `GSP_BUG(16, refractory_count != 8'd0, 1'b0), 1'b0)) begin
            v_next = `GSP_BUG(7, v_rest, v_reset);
            refractory_count_next = refractory_count - 8'd1;
            spike = 1'b0;
            // read in the other branch alone, but a latch is what is not assigned in both
            leak_p = {P{1'b0}};
            input_p = {P{1'b0}};
            v_noise = {S{1'b0}};
            sum = {S{1'b0}};
            sum_narrow = {W{1'b0}};
            over = {(W+1){1'b0}};
        end else begin
            // (2), (3)
            leak_p = MULTIPLIER == 0 ? `GSP_BUG(1, v_rest - v, $signed({v_rest - v})) * leak_k : leak_built;
            input_p = MULTIPLIER == 0 ? i_t * gain_k : input_built;
`ifdef GSP_TEST_BUGS
            if (gsp_bug == 6 && leak_p < 0)
                leak_p = leak_p + ones;
            if (gsp_bug == 13 && input_p < 0)
                input_p = input_p + ones;
            if (gsp_bug == 14) begin
                leak_p = leak_p + input_p;
                input_p = {P{1'b0}};
            end
`endif

            // (4) v + noise_in + dv_leak + dv_in
            v_noise = v + `GSP_BUG(12, noise_in, $signed({W{1'b0}}));
            if (MULTIPLIER == 2) begin
                // floor(p / 2^F) + x = floor((p + x * 2^F) / 2^F) for whole x: so the additions
                // fit the adders behind the DSP multipliers, and each product keeps its own floor.
                leak_p = leak_p + (v_noise <<< F);
                input_p = input_p + ((leak_p >>> F) <<< F);
                sum = input_p >>> F;
            end else begin
                // x + dv_leak written as ~(~x - dv_leak): else Yosys merges the additions
                // into carry-save rows, which cost more LUTs than carry chains.
                sum = ~(~v_noise - (leak_p >>> F)) + (input_p >>> F);
            end

            // (5) the one narrowing; the sum fits where every bit above the field equals its sign
            sum_narrow = saturate ? ((&sum[S-1:W-1]) | ~(|sum[S-1:W-1]) ? sum[W-1:0] : sum[S-1] ? LEAST : MOST)
                       : sum[W-1:0];
`ifdef GSP_TEST_BUGS
            if (gsp_bug == 10 && saturate && sum_narrow == LEAST)
                sum_narrow = -MOST;
`endif

            // (6) signed, on the narrowed value. The difference serves the subtracting reset too; its sign
            // costs less than a comparison of its own.
            over = sum_narrow - v_threshold;
            if (`GSP_BUG(2, `GSP_BUG(3, `GSP_BUG(4, !over[W], {1'b0, sum_narrow} >= {1'b0, v_threshold}),
                                     !over[W] && over[W-1:0] != {W{1'b0}}), sum >= v_threshold)) begin
                // (7)
                v_next = reset_mode == 2'd0 ? v_reset
                       : reset_mode == 2'd1 ? (`GSP_BUG(9, saturate, 1'b0)
                                               ? (over[W] != over[W-1] ? (over[W] ? LEAST : MOST) : over[W-1:0])
                                               : over[W-1:0])
                       : `GSP_BUG(15, sum_narrow, v_reset);
                refractory_count_next = refractory_period - `GSP_BUG(5, 8'd0, refractory_period != 8'd0);
                spike = `GSP_BUG(8, 1'b1, refractory_period == 8'd0);
            end else begin
                // (8)
                v_next = sum_narrow;
                refractory_count_next = 8'd0;
                spike = 1'b0;
            end
`ifdef GSP_TEST_BUGS
            if (refractory_count != 8'd0) begin
                refractory_count_next = refractory_count - 8'd1;
                if (gsp_bug == 11)
                    spike = 1'b0;
                else
                    v_next = v_rest;
            end
`endif
        end
    end
    // verilator lint_on WIDTH
    assign v_out = v_next;
endmodule
`default_nettype wire
