// SPDX-License-Identifier: Apache-2.0
// truenorth: one operation, combinational. Equation numbers are those of docs/models/truenorth.md.
//
// One adder for events and leak, one for alpha + eta and beta + eta, one for both compares: l >= 0 can only
// spike and l < 0 can only go below the negative threshold (alpha, beta and eta are not negative), so that the
// sign of l chooses which threshold is looked at. The exception, l = 0 with negative_le, is decided apart.
`include "gsp_bug.vh"
`default_nettype none

module gsp_truenorth_step (
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
    input  wire [1:0] op,               // 0 idle, 1 synaptic event, 2 tick
    input  wire [1:0] axon_type,        // axon type of the event
    input  wire [7:0] rho,              // random byte for a stochastic weight or leak
    input  wire [16:0] rho_threshold,   // random number for the threshold
    input  wire signed [19:0] v,        // membrane potential
    output wire signed [19:0] v_next,
    output wire spike,                  // this tick reached the threshold
    output wire negative,               // this tick went below the negative threshold
    output wire [1:0] draws_used        // random numbers consumed: bit 0 rho, bit 1 rho_threshold
);
    `GSP_BUG_SELECT
    wire tick = op == 2'd2;
    wire active = op == 2'd1 || tick;

    // (12)
    gsp_truenorth_draws draws (
        .b0(b0),
        .b1(b1),
        .b2(b2),
        .b3(b3),
        .leak_stochastic(leak_stochastic),
        .mask(mask),
        .op(op),
        .axon_type(axon_type),
        .draws_used(draws_used)
    );
    wire chance = draws_used[0];

    // (2), (4) Weight or leak, and the coin of |weight| + 1 in 256.
    wire [8:0] synapse = axon_type[1] ? (axon_type[0] ? s3 : `GSP_BUG(3, s2, s3)) : (axon_type[0] ? s1 : s0);
    wire [8:0] weight = tick ? leak : synapse;
    wire weight_negative = weight[8];
    wire [7:0] magnitude = weight_negative ? ~weight[7:0] + 8'd1 : weight[7:0];
    wire heads = `GSP_BUG(1, magnitude >= rho, magnitude > rho);
    wire v_zero = v == 20'sd0;
    wire reverses = tick && epsilon;
    wire taken = active && !(chance && !heads) && !(reverses && `GSP_BUG(4, v_zero, 1'b0)); // the sum moves at all
    // sgn(weight) has the same sign bits as weight, 1 or 0 below them.
    wire unit = chance && taken;
    wire [8:0] term = {weight_negative, unit ? {{7{weight_negative}}, `GSP_BUG(5, weight != 9'd0, 1'b1)} : weight[7:0]};

    // (5) The sign of the leak follows v: x - y as x + ~y + 1.
    wire flip = reverses && `GSP_BUG(2, v[19], 1'b0);
    wire [8:0] addend = (taken ? term : 9'd0) ^ {9{flip}};
    wire [20:0] sum = {v[19], v} + {{12{addend[8]}}, addend} + {20'd0, flip};

    // (3), (6), (11) Below bit 17 both limits of a kind hold the same bits, so that two controls serve all.
    wire high = `GSP_BUG(6, !sum[20] && sum[19], 1'b0);
    wire low = sum[20] && !sum[19];
    wire saturates = overflow == 2'd0 && (high || low);
    wire clamp = overflow == 2'd2 && `GSP_BUG(7, tick, active);
    wire clamp_high = clamp && !sum[20] && (sum[19] || (sum[18] && sum[17]));
    wire clamp_low = clamp && sum[20] && !(sum[19] && (sum[18] || `GSP_BUG(8, sum[17], 1'b0)));
    wire clears = saturates || clamp_high || clamp_low;
    wire ones = saturates && high;
    wire l_sign = `GSP_BUG(9, clears, 1'b1) ? sum[20] : sum[19];
    wire rings = reverses && `GSP_BUG(10, ringing_rule, 1'b1) && l_sign != v[19];
    wire keeps = !(clears || rings);
    wire fills = ones && !rings;
    wire signed [19:0] l = {
        (keeps && sum[19]) || (!rings && clears && sum[20]),
        (keeps && sum[18]) || fills || (!rings && clamp_high),
        (keeps && sum[17]) || fills || (!rings && (clamp_high || clamp_low)),
        (sum[16:0] & {17{keeps}}) | {17{fills}}
    };

    // (7) to (9)
    wire below = l[19];
    wire [16:0] eta = rho_threshold & `GSP_BUG(11, mask, 17'h1ffff) & ~{17{below && `GSP_BUG(12, kappa, 1'b1)}};
    wire [18:0] threshold = {1'b0, below ? beta : alpha} + {2'd0, eta};
    wire [19:0] operand = {1'b0, threshold} ^ {20{!below}};
    wire [20:0] distance = {l[19], l} + {operand[19], operand} + {20'd0, !below};
    wire reached = !below && !distance[20] && `GSP_BUG(13, 1'b1, distance[19:0] != 20'd0);
    wire under = below && (distance[20] || (`GSP_BUG(14, negative_le, 1'b0) && distance[19:0] == 20'd0));
    wire zero_under = `GSP_BUG(15, negative_le, 1'b0) && l == 20'sd0 && beta == 18'd0 && (kappa || `GSP_BUG(16, (rho_threshold & mask) == 17'd0, 1'b1));
    assign spike = `GSP_BUG(17, tick, active) && reached;
    assign negative = tick && !reached && (under || zero_under);

    // -beta, -r or r
    wire holds = !reached && kappa && `GSP_BUG(18, 1'b1, gamma == 2'd0);
    wire [19:0] fixed = (holds ? {2'd0, beta} : r) ^ {20{!reached}};
    wire [19:0] target = fixed + {19'd0, `GSP_BUG(19, !reached, 1'b0)};

    // (1), (10) At l = 0 the negative branch is taken with beta = eta = 0: the linear reset leaves l.
    wire moves = spike || negative;
    wire linear = gamma == 2'd1 && `GSP_BUG(24, reached || below, 1'b1);
    assign v_next = !moves                  ? l
                  : holds || gamma == 2'd0  ? target
                  : linear                  ? `GSP_BUG(20, distance[19:0], l)
                  :                           l;
endmodule

`default_nettype wire
