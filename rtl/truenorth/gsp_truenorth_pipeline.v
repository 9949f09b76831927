// SPDX-License-Identifier: Apache-2.0
// truenorth, one operation in four stages: the datapath of gsp_truenorth_array. One operation may enter at each edge
// with advance = 1; its result stands on the outputs three such edges later. Equation numbers are those of
// docs/models/truenorth.md; the arithmetic is that of gsp_truenorth_step, cut at registers.
`include "gsp_bug.vh"
`default_nettype none

module gsp_truenorth_pipeline #(
    parameter integer OWN_PARAMS = 0 // 1: the params are those of the operation in stage 1
) (
    input  wire clk,
    input  wire advance,
    input  wire signed [8:0] s0,        // weight of an event of axon type 0, -255..255
    input  wire signed [8:0] s1,        // weight of an event of axon type 1
    input  wire signed [8:0] s2,        // weight of an event of axon type 2
    input  wire signed [8:0] s3,        // weight of an event of axon type 3
    input  wire b0,                     // 1: type 0 is stochastic
    input  wire b1,                     // 1: type 1 is stochastic
    input  wire b2,                     // 1: type 2 is stochastic
    input  wire b3,                     // 1: type 3 is stochastic
    input  wire signed [8:0] leak,      // lambda, added once per tick, -255..255
    input  wire leak_stochastic,        // 1: the leak is stochastic
    input  wire epsilon,                // leak reversal
    input  wire kappa,                  // negative saturation
    input  wire [17:0] alpha,           // threshold
    input  wire [17:0] beta,            // negative threshold, acts at -beta
    input  wire [16:0] mask,            // threshold noise mask, 2^TM - 1
    input  wire [1:0] gamma,            // 0 to r, 1 linear, 2 none
    input  wire signed [19:0] r,        // reset potential
    input  wire [1:0] overflow,         // 0 saturate, 1 wrap, 2 NeMo's clamp
    input  wire ringing_rule,           // 1: a reversed leak that crosses zero stops at zero
    input  wire negative_le,            // 1: the negative threshold is met at equality
    // stage 1
    input  wire [1:0] op,               // 0 idle, 1 synaptic event, 2 tick
    input  wire [1:0] axon_type,        // axon type of the event
    input  wire [7:0] rho,              // random byte for a stochastic weight or leak
    input  wire [16:0] rho_threshold,   // random number for the threshold
    input  wire signed [19:0] v,        // membrane potential
    // stage 4
    output wire signed [19:0] v_next,
    output wire spike,                  // this tick reached the threshold
    output wire negative,               // this tick went below the negative threshold
    output wire [1:0] draws_used        // random numbers consumed: bit 0 rho, bit 1 rho_threshold
);
    `GSP_BUG_SELECT

    // the params in later stages
    localparam integer STEP = OWN_PARAMS == 1 ? 1 : 0;
    wire        kappa_3, ringing_rule_2, negative_le_3, kappa_4, negative_le_4;
    wire [17:0] alpha_3, beta_3, beta_4;
    wire [1:0]  gamma_4, overflow_2;
    wire [19:0] r_4;
    gsp_delay #(.WIDTH(3), .N(STEP)) delay_2 (
        .clk(clk), .advance(advance), .x({overflow, ringing_rule}), .y({overflow_2, ringing_rule_2})
    );
    gsp_delay #(.WIDTH(38), .N(2 * STEP)) delay_3 (
        .clk(clk), .advance(advance), .x({kappa, negative_le, alpha, beta}),
        .y({kappa_3, negative_le_3, alpha_3, beta_3})
    );
    gsp_delay #(.WIDTH(20), .N(STEP)) delay_4 (
        .clk(clk), .advance(advance), .x({kappa_3, negative_le_3, beta_3}), .y({kappa_4, negative_le_4, beta_4})
    );
    gsp_delay #(.WIDTH(22), .N(3 * STEP)) delay_reset (
        .clk(clk), .advance(advance), .x({gamma, r}), .y({gamma_4, r_4})
    );

    // stage 1: (2), (4), (12)
    wire tick = op == 2'd2;
    wire active = op == 2'd1 || tick;
    wire [1:0] draws;
    gsp_truenorth_draws draw (
        .b0(b0),
        .b1(b1),
        .b2(b2),
        .b3(b3),
        .leak_stochastic(leak_stochastic),
        .mask(mask),
        .op(op),
        .axon_type(axon_type),
        .draws_used(draws)
    );
    wire chance = draws[0];
    wire [8:0] synapse = axon_type[1] ? (axon_type[0] ? s3 : s2) : (axon_type[0] ? s1 : s0);
    wire [8:0] weight = tick ? leak : synapse;
    wire weight_negative = weight[8];
    wire [7:0] magnitude = weight_negative ? ~weight[7:0] + 8'd1 : weight[7:0];
    wire heads = magnitude >= rho;
    wire v_zero = v == 20'sd0;
    wire reverses = tick && epsilon;
    wire taken = active && !(chance && !heads) && !(reverses && v_zero); // the sum moves at all
    // sgn(weight) has the same sign bits as weight, 1 or 0 below them.
    wire unit = chance && taken;
    wire [8:0] term = {weight_negative, unit ? {{7{weight_negative}}, weight != 9'd0} : weight[7:0]};
    wire flip = reverses && v[19];
    wire [8:0] addend = (taken ? term : 9'd0) ^ {9{flip}};

    reg [19:0] v_2;
    reg [8:0] addend_2;
    reg flip_2, tick_2, reverses_2;
    reg [16:0] noise_2;
    reg [1:0] draws_2;
    always @(posedge clk)
        if (advance) begin
            v_2 <= `GSP_BUG(231, v, {v[19:1], 1'b0});
            addend_2 <= addend;
            flip_2 <= flip;
            tick_2 <= tick;
            reverses_2 <= reverses;
            noise_2 <= rho_threshold & mask;
            draws_2 <= draws;
        end

    // stage 2: (5), and (3), (6), (11). Below bit 17 both limits of a kind hold the same bits.
    wire [20:0] sum = {v_2[19], v_2} + {{12{addend_2[8]}}, addend_2} + {20'd0, flip_2};
    wire high = !sum[20] && sum[19];
    wire low = sum[20] && !sum[19];
    wire saturates = overflow_2 == 2'd0 && (high || low);
    wire clamp = overflow_2 == 2'd2 && tick_2;
    wire clamp_high = clamp && !sum[20] && (sum[19] || (sum[18] && sum[17]));
    wire clamp_low = clamp && sum[20] && !(sum[19] && (sum[18] || sum[17]));
    wire clears = saturates || clamp_high || clamp_low;
    wire ones = saturates && high;
    wire l_sign = clears ? sum[20] : sum[19];
    wire rings = reverses_2 && ringing_rule_2 && l_sign != v_2[19];
    wire keeps = !(clears || rings);
    wire fills = ones && !rings;
    wire [19:0] l = {
        (keeps && sum[19]) || (!rings && clears && sum[20]),
        (keeps && sum[18]) || fills || (!rings && clamp_high),
        (keeps && sum[17]) || fills || (!rings && (clamp_high || clamp_low)),
        (sum[16:0] & {17{keeps}}) | {17{fills}}
    };

    reg [19:0] l_3;
    reg tick_3;
    reg [16:0] noise_3;
    reg [1:0] draws_3;
    always @(posedge clk)
        if (advance) begin
            l_3 <= l;
            tick_3 <= tick_2;
            noise_3 <= noise_2;
            draws_3 <= `GSP_BUG(232, draws_2, draws);
        end

    // stage 3: (7) to (9). The sign of l chooses which threshold is looked at.
    wire below = l_3[19];
    wire [16:0] eta = noise_3 & ~{17{below && kappa_3}};
    wire [18:0] threshold = {1'b0, below ? beta_3 : alpha_3} + {2'd0, eta};
    wire [19:0] operand = {1'b0, threshold} ^ {20{!below}};
    wire [20:0] distance = {l_3[19], l_3} + {operand[19], operand} + {20'd0, !below};
    wire reached = !below && !distance[20];
    // The exception, l = 0 with negative_le and a threshold of 0, has alpha in the difference: it is decided apart.
    wire zero_under = negative_le_3 && l_3 == 20'd0 && beta_3 == 18'd0 && (kappa_3 || noise_3 == 17'd0);

    reg [19:0] l_4;
    reg [20:0] distance_4;
    reg reached_4, zero_under_4, tick_4;
    reg [1:0] draws_4;
    always @(posedge clk)
        if (advance) begin
            l_4 <= l_3;
            distance_4 <= distance;
            reached_4 <= reached;
            zero_under_4 <= zero_under;
            tick_4 <= tick_3;
            draws_4 <= draws_3;
        end

    // stage 4: (1), (10)
    wire below_4 = l_4[19];
    wire under = below_4 && (distance_4[20] || (negative_le_4 && distance_4[19:0] == 20'd0));
    assign spike = tick_4 && reached_4;
    assign negative = tick_4 && !reached_4 && (under || zero_under_4);
    assign draws_used = draws_4;

    // -beta, -r or r
    wire holds = !reached_4 && kappa_4;
    wire [19:0] fixed = (holds ? {2'd0, beta_4} : r_4) ^ {20{!reached_4}};
    wire [19:0] target = fixed + {19'd0, !reached_4};
    // At l = 0 the negative branch is taken with beta = eta = 0: the linear reset leaves l.
    wire moves = spike || negative;
    wire linear = gamma_4 == 2'd1 && (reached_4 || below_4);
    assign v_next = !moves                  ? l_4
                  : holds || gamma_4 == 2'd0  ? target
                  : linear                  ? distance_4[19:0]
                  :                           l_4;
endmodule

`default_nettype wire
