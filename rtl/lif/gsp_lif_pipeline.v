// SPDX-License-Identifier: Apache-2.0
// lif, one step in DEPTH stages: the datapath of gsp_lif_array. One update may enter at each edge with
// advance = 1; its result stands on the outputs DEPTH - 1 such edges later. Equation numbers are those of
// docs/models/lif.md.
//
// MULTIPLIER 0 and 2: products for DSP blocks of DATA_WIDTH bits; the additions fit behind them. 1: for LUTs.
//
// A silent step needs no path of its own: with leak_k = 1.0, gain_k = 0 and noise_in = 0 the sum
// v + (v_rest - v) * 1.0 is v_rest.
`include "gsp_bug.vh"
`default_nettype none
module gsp_lif_pipeline #(
    parameter integer DATA_WIDTH = 16,
    parameter integer FRACTION = 8,
    parameter integer MULTIPLIER = 0,
    parameter integer OWN_PARAMS = 0, // 1: the params are those of the update in stage 1
    parameter integer DEPTH = MULTIPLIER == 1 ? (DATA_WIDTH / 2 + 3) / 3 + 4 : 5 // derived
) (
    input  wire                         clk,
    input  wire                         advance,

    input  wire signed [DATA_WIDTH-1:0] v_rest,
    input  wire signed [DATA_WIDTH-1:0] v_reset,
    input  wire signed [DATA_WIDTH-1:0] v_threshold,
    input  wire        [7:0]            refractory_period,
    input  wire        [1:0]            reset_mode,
    input  wire                         saturate,

    // stage 1
    input  wire signed [DATA_WIDTH-1:0] leak_k,
    input  wire signed [DATA_WIDTH-1:0] gain_k,
    input  wire signed [DATA_WIDTH-1:0] i_t,
    input  wire signed [DATA_WIDTH-1:0] noise_in,
    input  wire signed [DATA_WIDTH-1:0] v,
    input  wire        [7:0]            refractory_count,

    // stage DEPTH
    output wire signed [DATA_WIDTH-1:0] v_next,
    output wire        [7:0]            refractory_count_next,
    output wire                         spike
);
    localparam integer W = DATA_WIDTH;
    localparam integer F = FRACTION;
    localparam integer P = 2 * W + 2; // products and sums before the shift, as in gsp_lif_step
    localparam integer S = P - F;
    localparam integer M = (W / 2 + 3) / 3;     // stages of a product in LUTs: three rows each
    localparam integer X = MULTIPLIER == 1 ? M + 2 : 3; // the stage in which the first product is added
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
        if (DEPTH != X + 2) begin : illegal_depth
            gsp_error_DEPTH_is_derived stop ();
        end
    endgenerate

    `GSP_BUG_SELECT

    // the params in stage DEPTH
    wire signed [W-1:0] v_rest_z, v_reset_z, v_threshold_z;
    wire        [7:0]   refractory_period_z;
    wire        [1:0]   reset_mode_z;
    wire                saturate_z;
    gsp_delay #(.WIDTH(3 * W + 11), .N(OWN_PARAMS == 1 ? DEPTH - 1 : 0)) delay_params (
        .clk(clk), .advance(advance),
        .x({v_rest, v_reset, v_threshold, refractory_period, reset_mode, saturate}),
        .y({v_rest_z, v_reset_z, v_threshold_z, refractory_period_z, reset_mode_z, saturate_z})
    );

    // stage 1: (1), the difference of (2), the neutral inputs of a silent step
    wire              silent = refractory_count != 8'd0;
    wire signed [W:0] difference;
    gsp_sub #(.WIDTH(W)) subtract_v (.a(v_rest), .b(v), .y(difference));
    // 1.0 does not fit when every bit but the sign is fraction; then v_rest is chosen at the end.
    localparam         ONE_FITS = F < W - 1;
    localparam [W-1:0] ONE = ONE_FITS ? {{(W-1){1'b0}}, 1'b1} << F : {W{1'b0}};

    reg signed [W:0]   difference_2;
    reg signed [W-1:0] leak_k_2, gain_k_2, noise_2, v_2, i_t_2;
    reg                silent_2;
    reg        [7:0]   count_2;
    always @(posedge clk)
        if (advance) begin
            difference_2 <= difference;
            v_2 <= v;
            i_t_2 <= i_t;
            silent_2 <= silent;
            if (silent) begin
                leak_k_2 <= ONE;
                gain_k_2 <= `GSP_BUG(222, {W{1'b0}}, gain_k);
                noise_2 <= {W{1'b0}};
            end else begin
                leak_k_2 <= leak_k;
                gain_k_2 <= gain_k;
                noise_2 <= noise_in;
            end
            if (!silent)
                count_2 <= 8'd0;
            else
                count_2 <= refractory_count - 8'd1;
        end

    // stages 2 to X: (2), and the addends of (4)
    reg  signed [W:0]   v_noise_3; // v + noise_in
    wire signed [W-1:0] v_used = `GSP_BUG(223, v_2, {W{1'b0}});
    always @(posedge clk)
        if (advance)
            v_noise_3 <= v_used + noise_2;
    wire signed [P-1:0] leak_x, addend_x, input_y;
    wire signed [W:0]   v_noise_x;
    wire signed [S-1:0] v_noise_s;
    wire signed [P-1:0] v_noise_p;
    gsp_extend #(.X_WIDTH(W + 1), .WIDTH(S)) extend_v (.x(v_noise_x), .y(v_noise_s));
    gsp_shl #(.WIDTH(S), .N(F)) scale_v (.x(v_noise_s), .y(v_noise_p));
    gsp_delay #(.WIDTH(W + 1), .N(X - 3)) delay_v (.clk(clk), .advance(advance), .x(v_noise_3), .y(v_noise_x));
    generate
        if (MULTIPLIER == 1) begin : in_rows
            wire signed [2*W:0]   leak_product;
            wire signed [2*W-1:0] input_product;
            gsp_mul_pipe #(.A_WIDTH(W + 1), .B_WIDTH(W), .STAGES(M)) multiply_leak (
                .clk(clk), .advance(advance), .a(difference_2), .b(leak_k_2), .y(leak_product)
            );
            gsp_extend #(.X_WIDTH(2 * W + 1), .WIDTH(P)) extend_leak (.x(leak_product), .y(leak_x));
            assign addend_x = v_noise_p;
            reg signed [W-1:0] gain_k_3, i_t_3;
            always @(posedge clk)
                if (advance) begin
                    gain_k_3 <= gain_k_2;
                    i_t_3 <= i_t_2;
                end
            gsp_mul_pipe #(.A_WIDTH(W), .B_WIDTH(W), .STAGES(M)) multiply_input (
                .clk(clk), .advance(advance), .a(i_t_3), .b(gain_k_3), .y(input_product)
            );
            gsp_extend #(.X_WIDTH(2 * W), .WIDTH(P)) extend_input (.x(input_product), .y(input_y));
        end else begin : in_blocks
            // difference = low + (bit W-1 - bit W) * 2^W, low the signed value of the W low bits: the block
            // multiplies low, and leak_k or -leak_k joins the addend where the two bits differ.
            reg signed [W-1:0] low_3, leak_k_3, gain_k_3, i_t_3, gain_k_4, i_t_4, turned_3;
            reg                minus_3;
            always @(posedge clk)
                if (advance) begin
                    low_3 <= difference_2[W-1:0];
                    leak_k_3 <= leak_k_2;
                    gain_k_3 <= gain_k_2;
                    i_t_3 <= i_t_2;
                    gain_k_4 <= gain_k_3;
                    i_t_4 <= i_t_3;
                    minus_3 <= difference_2[W] && !difference_2[W-1];
                    if (difference_2[W] == difference_2[W-1])
                        turned_3 <= {W{1'b0}};
                    else
                        turned_3 <= leak_k_2 ^ {W{difference_2[W]}};
                end
            wire signed [2*W-1:0] leak_product, input_product;
            gsp_mul #(.A_WIDTH(W), .B_WIDTH(W), .FORM(0)) multiply_leak (.a(low_3), .b(leak_k_3), .y(leak_product));
            gsp_mul #(.A_WIDTH(W), .B_WIDTH(W), .FORM(0)) multiply_input (.a(i_t_4), .b(gain_k_4), .y(input_product));
            gsp_extend #(.X_WIDTH(2 * W), .WIDTH(P)) extend_leak (.x(leak_product), .y(leak_x));
            gsp_extend #(.X_WIDTH(2 * W), .WIDTH(P)) extend_input (.x(input_product), .y(input_y));
            wire signed [P-W-1:0] turned_x, high;
            gsp_extend #(.X_WIDTH(W), .WIDTH(P - W)) extend_turned (.x(turned_3), .y(turned_x));
            wire [P-W:0] carried = {v_noise_p[P-1:W], 1'b1} + {`GSP_BUG(224, turned_x, {(P-W){1'b0}}), minus_3};
            assign high = carried[P-W:1];
            assign addend_x = {high, v_noise_p[W-1:0]};
            wire unused_carry = carried[0];
        end
    endgenerate

    // floor(p / 2^F) + x = floor((p + x * 2^F) / 2^F) for whole x: each product keeps its own floor
    reg signed  [P-1:0] leaked_y, sum_z; // stages X + 1, X + 2
    wire signed [S-1:0] leaked, sum;
    wire signed [P-1:0] leaked_p;
    gsp_shr_floor #(.WIDTH(P), .N(F)) floor_leak (.x(leaked_y), .y(leaked));
    gsp_shl #(.WIDTH(S), .N(F)) scale_leak (.x(leaked), .y(leaked_p));
    always @(posedge clk)
        if (advance) begin
            leaked_y <= leak_x + addend_x;
            sum_z <= input_y + leaked_p;
        end
    gsp_shr_floor #(.WIDTH(P), .N(F)) floor_input (.x(sum_z), .y(sum));

    wire       silent_z;
    wire [7:0] count_z;
    gsp_delay #(.WIDTH(9), .N(DEPTH - 2)) delay_count (
        .clk(clk), .advance(advance), .x({silent_2, count_2}), .y({silent_z, count_z})
    );

    // stage DEPTH: (5) to (8)
    wire signed [W-1:0] sum_sat, sum_wrap, sum_narrow;
    gsp_sat #(.X_WIDTH(S), .WIDTH(W)) saturate_sum (.x(sum), .y(sum_sat));
    gsp_wrap #(.X_WIDTH(S), .WIDTH(W)) wrap_sum (.x(sum), .y(sum_wrap));
    assign sum_narrow = saturate_z ? sum_sat : sum_wrap;

    wire signed [W:0]   over;
    wire signed [W-1:0] over_sat, over_wrap, over_narrow, v_fired;
    gsp_sub #(.WIDTH(W)) subtract_threshold (.a(sum_narrow), .b(v_threshold_z), .y(over));
    gsp_sat #(.X_WIDTH(W + 1), .WIDTH(W)) saturate_over (.x(over), .y(over_sat));
    gsp_wrap #(.X_WIDTH(W + 1), .WIDTH(W)) wrap_over (.x(over), .y(over_wrap));
    assign over_narrow = saturate_z ? over_sat : over_wrap;
    assign v_fired = (reset_mode_z == 2'd0) ? v_reset_z
                   : (reset_mode_z == 2'd1) ? over_narrow
                   : sum_narrow;
    assign spike = !silent_z && !over[W];
    assign v_next = spike ? v_fired
                  : silent_z && !ONE_FITS ? v_rest_z
                  : sum_narrow;
    assign refractory_count_next = count_z | (refractory_period_z & {8{spike}});
endmodule
`default_nettype wire
