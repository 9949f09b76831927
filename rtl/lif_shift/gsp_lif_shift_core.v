// SPDX-License-Identifier: Apache-2.0
// lif_shift: the arithmetic of one step, as step and neuron share it, with v held true or inverted.
//
// W = DATA_WIDTH, K = LEAK_SHIFT. Equation numbers are those of docs/models/lif_shift.md.
// INVERTED changes area and speed, never a result: `held` is v (0) or ~v (1). An iCE40 adder inverts
// its result for nothing, its operands not, and neither form needs an inverter for a bit of the sum.
// 0 compares with ~v_threshold, free where that is a constant; 1 with v_threshold as it is, but
// whoever looks at v pays for ~held.
`include "gsp_bug.vh"
`default_nettype none
module gsp_lif_shift_core #(
    parameter integer DATA_WIDTH = 16,
    parameter integer LEAK_SHIFT = 4,
    parameter integer INVERTED = 0
) (
    input  wire signed [DATA_WIDTH-1:0] v_threshold,
    input  wire        [7:0]            refractory_period,
    input  wire signed [DATA_WIDTH-1:0] i_t,

    input  wire signed [DATA_WIDTH-1:0] held,
    input  wire        [7:0]            refractory_count,
    output wire signed [DATA_WIDTH-1:0] held_sum,   // of a step that neither fires nor is silent
    output wire                         to_v_reset, // 1: v becomes v_reset instead
    output wire                         silent,     // 0: to_v_reset is a spike
    output wire        [7:0]            refractory_count_next
);
    generate
        if (DATA_WIDTH < 2 || DATA_WIDTH > 32) begin : illegal_data_width
            gsp_error_DATA_WIDTH_must_be_2_to_32 stop ();
        end
        if (LEAK_SHIFT < 1 || LEAK_SHIFT >= DATA_WIDTH) begin : illegal_leak_shift
            gsp_error_LEAK_SHIFT_must_be_1_to_DATA_WIDTH_minus_1 stop ();
        end
        if (INVERTED < 0 || INVERTED > 1) begin : illegal_inverted
            gsp_error_INVERTED_must_be_0_to_1 stop ();
        end
    endgenerate

    localparam integer W = DATA_WIDTH;
    localparam integer K = LEAK_SHIFT;

    `GSP_BUG_SELECT

    // (2) of `held`: ~v shifts to ~leak
    wire signed [W-K-1:0] shifted;
    wire signed [W-1:0]   leak, leak_used, i_used;
    gsp_shr_floor #(.WIDTH(W), .N(K)) shift_held (.x(held), .y(shifted));
    gsp_extend #(.X_WIDTH(W - K), .WIDTH(W)) extend_leak (.x(shifted), .y(leak));
`ifdef GSP_TEST_BUGS
    wire signed [W-1:0]   v = (INVERTED == 0) ? held : ~held;
    wire signed [W-K-1:0] toward_zero;
    wire signed [W-1:0]   leak_toward_zero, leak_logical, leak_less, leak_wrong;
    gsp_shr_zero #(.WIDTH(W), .N(K)) shift_zero (.x(v), .y(toward_zero));
    gsp_extend #(.X_WIDTH(W - K), .WIDTH(W)) extend_zero (.x(toward_zero), .y(leak_toward_zero));
    assign leak_logical = v >> K;
    assign leak_less = v >>> (K + 1);
    assign leak_wrong = (gsp_bug == 1) ? leak_toward_zero : (gsp_bug == 2) ? leak_logical : leak_less;
    assign leak_used = (gsp_bug < 1 || gsp_bug > 3) ? leak : (INVERTED == 0) ? leak_wrong : ~leak_wrong;
    // The input arrives after the leak: a step that leaks i_t too
    assign i_used = (gsp_bug == 4) ? i_t - (i_t >>> K) : i_t;
`else
    assign leak_used = leak;
    assign i_used = i_t;
`endif

    wire signed [W-1:0] sum;
    wire signed [W:0]   over;
    generate
        if (INVERTED == 0) begin : plain
            // (3) v - leak + i_t = ~(~(v + i_t) + leak)
            wire signed [W-1:0] not_driven = ~(held + i_used);
            wire signed [W-1:0] not_sum = not_driven + leak_used;
            assign sum = ~not_sum;
            assign held_sum = sum;
            // (4)
            gsp_sub #(.WIDTH(W)) subtract_threshold (.a(sum), .b(v_threshold), .y(over));
        end else begin : inverted
            // (3) ~(v - leak + i_t) = ~v + ~(~leak + i_t)
            wire signed [W-1:0] not_change = ~(leak_used + i_used);
            wire signed [W-1:0] not_sum = held + not_change;
            assign sum = ~not_sum;
            assign held_sum = not_sum;
            // (4) sum - v_threshold = ~(~sum + v_threshold)
            wire signed [W:0] not_over;
            gsp_add #(.WIDTH(W)) add_threshold (.a(not_sum), .b(v_threshold), .y(not_over));
            assign over = ~not_over;
        end
    endgenerate

    // (4) signed, on the wrapped sum
`ifdef GSP_TEST_BUGS
    wire signed [W-1:0] over_wrapped = over[W-1:0];
    wire signed [W+1:0] v_x, i_x, leak_x, t_x;
    gsp_extend #(.X_WIDTH(W), .WIDTH(W + 2)) extend_v (.x(v), .y(v_x));
    gsp_extend #(.X_WIDTH(W), .WIDTH(W + 2)) extend_i (.x(i_t), .y(i_x));
    gsp_extend #(.X_WIDTH(W), .WIDTH(W + 2)) extend_t (.x(v_threshold), .y(t_x));
    assign leak_x = v_x >>> K;
    wire signed [W+1:0] exact = v_x - leak_x + i_x;
    wire reached = (gsp_bug == 5) ? exact >= t_x
                 : (gsp_bug == 6) ? over > 0
                 : (gsp_bug == 7) ? {1'b0, sum} >= {1'b0, v_threshold}
                 : (gsp_bug == 8) ? over_wrapped >= 0
                 : !over[W];
`else
    wire unused = &{sum, over[W-1:0]};
    wire reached = !over[W];
`endif

    // (1) refractory_period = 0 ends silence at once, so that tied off it costs nothing
    wire refractory = refractory_period != 8'd0;
    wire counting = `GSP_BUG(9, refractory, 1'b1) && refractory_count != 8'd0;

    // (5), (6)
    assign silent = `GSP_BUG(12, counting, 1'b0);
    assign to_v_reset = `GSP_BUG(10, counting, 1'b0) || reached;
    assign refractory_count_next = !refractory ? `GSP_BUG(9, 8'd0, counting ? refractory_count - 8'd1 : 8'd0)
                                 : counting ? refractory_count - 8'd1
                                 : reached  ? refractory_period - `GSP_BUG(11, 8'd0, 8'd1)
                                 : 8'd0;
endmodule
`default_nettype wire
