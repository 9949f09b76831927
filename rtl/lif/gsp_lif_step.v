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
    output wire signed [DATA_WIDTH-1:0] v_next,
    output wire        [7:0]            refractory_count_next,

    output wire                         spike,
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

    `GSP_BUG_SELECT

    // (2) the difference needs W + 1 bits
    wire signed [W:0]     rest_minus_v;
    wire signed [W:0]     difference;
    wire signed [2*W:0]   leak_product;
    wire signed [2*W-1:0] input_product;
    gsp_sub #(.WIDTH(W)) subtract_v (.a(v_rest), .b(v), .y(rest_minus_v));
    assign difference = `GSP_BUG(1, rest_minus_v, {rest_minus_v[W-1], rest_minus_v[W-1:0]});
    gsp_mul #(.A_WIDTH(W + 1), .B_WIDTH(W), .FORM(MULTIPLIER)) multiply_leak (
        .a(difference), .b(leak_k), .y(leak_product)
    );
    // (3)
    gsp_mul #(.A_WIDTH(W), .B_WIDTH(W), .FORM(MULTIPLIER == 1 ? 1 : 0)) multiply_input (
        .a(i_t), .b(gain_k), .y(input_product)
    );

    wire signed [P-1:0] leak_p, input_p;
    gsp_extend #(.X_WIDTH(2 * W + 1), .WIDTH(P)) extend_leak (.x(leak_product), .y(leak_p));
    gsp_extend #(.X_WIDTH(2 * W), .WIDTH(P)) extend_input (.x(input_product), .y(input_p));

    // (4)
    wire signed [S-1:0] v_s, noise_s, noise_used;
    wire signed [S-1:0] sum;
    gsp_extend #(.X_WIDTH(W), .WIDTH(S)) extend_v (.x(v), .y(v_s));
    gsp_extend #(.X_WIDTH(W), .WIDTH(S)) extend_noise (.x(noise_in), .y(noise_s));
    assign noise_used = `GSP_BUG(12, noise_s, {S{1'b0}});
    generate
        if (MULTIPLIER == 2) begin : in_products
            // floor(p / 2^F) + x = floor((p + x * 2^F) / 2^F) for whole x: so the additions
            // fit the adders behind the DSP multipliers, and each product keeps its own floor.
            wire signed [S-1:0] v_noise = v_s + noise_used;
            wire signed [S-1:0] v_noise_leak;
            wire signed [P-1:0] v_noise_p, leaked, v_noise_leak_p, driven;
            gsp_shl #(.WIDTH(S), .N(F)) scale_v (.x(v_noise), .y(v_noise_p));
            assign leaked = leak_p + v_noise_p;
            gsp_shr_floor #(.WIDTH(P), .N(F)) floor_leak (.x(leaked), .y(v_noise_leak));
            gsp_shl #(.WIDTH(S), .N(F)) scale_leak (.x(v_noise_leak), .y(v_noise_leak_p));
            assign driven = input_p + v_noise_leak_p;
            gsp_shr_floor #(.WIDTH(P), .N(F)) floor_input (.x(driven), .y(sum));
        end else begin : after_products
            wire signed [S-1:0] dv_leak, dv_in;
            gsp_shr_floor #(.WIDTH(P), .N(F)) floor_leak (.x(leak_p), .y(dv_leak));
            gsp_shr_floor #(.WIDTH(P), .N(F)) floor_input (.x(input_p), .y(dv_in));
`ifdef GSP_TEST_BUGS
            wire signed [S-1:0] leak_toward_zero, input_toward_zero, both;
            wire signed [P-1:0] products = leak_p + input_p;
            gsp_shr_zero #(.WIDTH(P), .N(F)) zero_leak (.x(leak_p), .y(leak_toward_zero));
            gsp_shr_zero #(.WIDTH(P), .N(F)) zero_input (.x(input_p), .y(input_toward_zero));
            gsp_shr_floor #(.WIDTH(P), .N(F)) floor_both (.x(products), .y(both));
            wire signed [S-1:0] leak_used = (gsp_bug == 6) ? leak_toward_zero : (gsp_bug == 14) ? both : dv_leak;
            wire signed [S-1:0] in_used = (gsp_bug == 13) ? input_toward_zero : (gsp_bug == 14) ? {S{1'b0}} : dv_in;
            assign sum = v_s + leak_used + in_used + noise_used;
`else
            // v + noise_in + dv_leak + dv_in, with x + dv_leak written as ~(~x - dv_leak): else Yosys
            // merges the additions into carry-save rows, which cost more LUTs than carry chains.
            wire signed [S-1:0] v_noise = v_s + noise_used;
            wire signed [S-1:0] not_leaked = ~v_noise - dv_leak;
            assign sum = ~not_leaked + dv_in;
`endif
        end
    endgenerate

    // (5) the one narrowing
    wire signed [W-1:0] sum_sat, sum_wrap, sum_narrow;
    gsp_sat #(.X_WIDTH(S), .WIDTH(W)) saturate_sum (.x(sum), .y(sum_sat));
    gsp_wrap #(.X_WIDTH(S), .WIDTH(W)) wrap_sum (.x(sum), .y(sum_wrap));
`ifdef GSP_TEST_BUGS
    wire signed [W-1:0] least = {W{1'b1}} << (W - 1);
    wire signed [W-1:0] most = ~least;
`endif
    assign sum_narrow = saturate ? `GSP_BUG(10, sum_sat, (sum_sat == least) ? -most : sum_sat) : sum_wrap;

    // (6) signed, on the narrowed value
`ifdef GSP_TEST_BUGS
    wire                above_unsigned = {1'b0, sum_narrow} >= {1'b0, v_threshold};
    wire signed [S-1:0] threshold_s;
    gsp_extend #(.X_WIDTH(W), .WIDTH(S)) extend_threshold (.x(v_threshold), .y(threshold_s));
`endif
    // The difference serves the subtracting reset too; its sign costs less than a comparison of its own.
    wire signed [W:0]   over;
    gsp_sub #(.WIDTH(W)) subtract_threshold (.a(sum_narrow), .b(v_threshold), .y(over));
    wire reached = !over[W] && `GSP_BUG(3, 1'b1, over[W-1:0] != {W{1'b0}});
    wire reached_signed = `GSP_BUG(4, reached, above_unsigned);
    wire fires = `GSP_BUG(2, reached_signed, sum >= threshold_s);

    // (7)
    wire signed [W-1:0] over_sat, over_wrap, over_narrow, v_fired;
    gsp_sat #(.X_WIDTH(W + 1), .WIDTH(W)) saturate_over (.x(over), .y(over_sat));
    gsp_wrap #(.X_WIDTH(W + 1), .WIDTH(W)) wrap_over (.x(over), .y(over_wrap));
    assign over_narrow = saturate ? `GSP_BUG(9, over_sat, over_wrap) : over_wrap;
    assign v_fired = (reset_mode == 2'd0) ? v_reset
                   : (reset_mode == 2'd1) ? over_narrow
                   : `GSP_BUG(15, sum_narrow, v_reset);

    // (1), (8) a silent step shows v_rest and ignores its inputs
    wire silent = refractory_count != 8'd0;
    wire signed [W-1:0] v_silent = `GSP_BUG(7, v_rest, v_reset);
    assign v_next = silent ? `GSP_BUG(11, v_silent, sum_narrow)
                  : fires  ? v_fired
                  : sum_narrow;
    assign refractory_count_next = silent ? refractory_count - 8'd1
                                 : fires  ? refractory_period - `GSP_BUG(5, 8'd0, {7'd0, refractory_period != 8'd0})
                                 : 8'd0;
    assign spike = `GSP_BUG(16, !silent, 1'b1) && fires && `GSP_BUG(8, 1'b1, refractory_period == 8'd0);
    assign v_out = v_next;
endmodule
`default_nettype wire
