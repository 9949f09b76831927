// SPDX-License-Identifier: Apache-2.0
// loihi, one step in DEPTH stages around one product unit: the datapath of gsp_loihi_array. A step may enter at
// every second edge with advance = 1, always an even number of them after the one before; its result stands on the
// outputs DEPTH - 1 such edges later.
// MULTIPLIER chooses how the product is built: see gsp_loihi_decay_pipe.
//
// The product unit takes u in stage U and v in stage V, an odd number of stages later, so that the two of different
// steps never meet. It gives dec(u) + q and ~(dec(v) + x): the factor of v is negated, because comparing v takes ~v.
`include "gsp_bug.vh"
`default_nettype none
module gsp_loihi_pipeline #(
    parameter integer MULTIPLIER = 0,
    parameter integer OWN_PARAMS = 0, // 1: the params are those of the step in stage 1
    parameter integer DEPTH = MULTIPLIER == 1 ? 14 : 15 // derived
) (
    input  wire               clk,
    input  wire               advance,
    input  wire               entered, // a step may stand in stage 1: 1 and 0 by turns, at edges with advance = 1
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
    // stage 1: inputs and state
    input  wire signed [23:0] a_in,
    input  wire signed [7:0]  rnd,
    input  wire signed [27:0] u,
    input  wire signed [23:0] v,
    input  wire [5:0]         refractory_count,
    input  wire [15:0]        reset_count,
    // stage DEPTH
    output wire signed [27:0] u_next,
    output wire signed [23:0] v_next,
    output wire [5:0]         refractory_count_next,
    output wire [15:0]        reset_count_next,
    output wire signed [1:0]  spike,
    output wire signed [30:0] q,
    output wire               q_overflow,
    output wire               u_overflow,
    output wire               u2_overflow,
    output wire               v_clipped
);
    localparam integer ADDEND = MULTIPLIER == 1 ? 4 : 1; // of gsp_loihi_decay_pipe
    localparam integer SUM = MULTIPLIER == 1 ? 5 : 4;
    localparam integer U = 3;
    localparam integer Q = U + ADDEND - 2;  // q is computed here
    localparam integer W = U + SUM;         // the sum of u stands here and is wrapped
    localparam integer X = W + 1;           // x is computed here
    localparam integer V = X + 1 - ADDEND;
    localparam integer F = V + SUM;         // the sum of v stands here
    generate
        if (DEPTH != F + 3) begin : illegal_depth
            gsp_error_DEPTH_is_derived stop ();
        end
    endgenerate

    `GSP_BUG_SELECT

    // Steps stand in the odd stages and in the even ones by turns: holds[s % 2] where stage s may hold one.
    // So what a stage hands on may stand for two edges, and a delay takes one register for every two of them, which
    // takes what stands at its stage while that holds a step.
    wire [1:0] holds = {entered, ~entered};
    wire [1:0] load = holds & {2{advance}};

    // the params in the stages that read them
    localparam integer OWN = OWN_PARAMS == 1 ? 1 : 0;
    wire signed [13:0] decay_u_k;
    wire ds_offset_k;
    wire signed [13:0] decay_v_k;
    wire dm_offset_k;
    wire [15:0] reset_interval_u;
    wire [15:0] reset_offset_u;
    wire [2:0] act_shift_q;
    wire q_wrap22_q;
    wire noise_enable_q;
    wire noise_at_v_q;
    wire [3:0] noise_exp_q;
    wire signed [7:0] noise_offset_q;
    wire signed [12:0] bias_mant_b;
    wire signed [3:0] bias_exp_b;
    wire u_wrap_w;
    wire u2_wrap24_x;
    wire u2_wrap24_f;
    wire signed [23:0] vmin_f;
    wire signed [23:0] vmax_f;
    wire [22:0] vth_g;
    wire signed [23:0] vth_lo_g;
    wire ternary_g;
    wire [5:0] refract_delay_g;
    localparam integer B = W - 2; // scaling the bias begins
    localparam integer G = F + 2;
    gsp_delay #(.WIDTH(15), .N(OWN * ((U - 1) / 2))) params_ku (
        .clk(clk), .advance(load[1]), .x({decay_u, ds_offset}),
        .y({decay_u_k, ds_offset_k})
    );
    gsp_delay #(.WIDTH(15), .N(OWN * ((V - 1) / 2))) params_kv (
        .clk(clk), .advance(load[1]), .x({decay_v, dm_offset}),
        .y({decay_v_k, dm_offset_k})
    );
    gsp_delay #(.WIDTH(32), .N(OWN * (U / 2))) params_u (
        .clk(clk), .advance(load[1]), .x({reset_interval, reset_offset}),
        .y({reset_interval_u, reset_offset_u})
    );
    gsp_delay #(.WIDTH(18), .N(OWN * (Q / 2))) params_q (
        .clk(clk), .advance(load[1]), .x({act_shift, q_wrap22, noise_enable, noise_at_v, noise_exp, noise_offset}),
        .y({act_shift_q, q_wrap22_q, noise_enable_q, noise_at_v_q, noise_exp_q, noise_offset_q})
    );
    gsp_delay #(.WIDTH(17), .N(OWN * (B / 2))) params_b (
        .clk(clk), .advance(load[1]), .x({bias_mant, bias_exp}),
        .y({bias_mant_b, bias_exp_b})
    );
    gsp_delay #(.WIDTH(1), .N(OWN * (W / 2))) params_w (
        .clk(clk), .advance(load[1]), .x({u_wrap}),
        .y({u_wrap_w})
    );
    gsp_delay #(.WIDTH(1), .N(OWN * (X / 2))) params_x (
        .clk(clk), .advance(load[1]), .x({u2_wrap24}),
        .y({u2_wrap24_x})
    );
    gsp_delay #(.WIDTH(49), .N(OWN * (F / 2))) params_f (
        .clk(clk), .advance(load[1]), .x({u2_wrap24, vmin, vmax}),
        .y({u2_wrap24_f, vmin_f, vmax_f})
    );
    gsp_delay #(.WIDTH(54), .N(OWN * (G / 2))) params_g (
        .clk(clk), .advance(load[1]), .x({vth, vth_lo, ternary, refract_delay}),
        .y({vth_g, vth_lo_g, ternary_g, refract_delay_g})
    );

    // stages 1 to U + 1: (1)
    wire        clears_u, clears_v;
    wire [15:0] reset_count_t, reset_count_u;
    gsp_delay #(.WIDTH(16), .N((U - 1) / 2)) delay_timer (
        .clk(clk), .advance(load[1]), .x(reset_count), .y(reset_count_t)
    );
    gsp_loihi_timer_pipe timer (
        .clk(clk), .advance(advance), .holds(holds[(U - 1) % 2]),
        .reset_interval(reset_interval_u), .reset_offset(reset_offset_u), .reset_count(reset_count_t),
        .reset_count_next(reset_count_u), .clears(clears_u)
    );

    wire signed [27:0] u_u;
    wire signed [23:0] v_v;
    gsp_delay #(.WIDTH(28), .N(U / 2)) delay_u (.clk(clk), .advance(load[1]), .x(u), .y(u_u));
    gsp_delay #(.WIDTH(24), .N(V / 2)) delay_v (.clk(clk), .advance(load[1]), .x(v), .y(v_v));
    gsp_delay #(.WIDTH(1), .N((V - U + 1) / 2)) delay_clears (
        .clk(clk), .advance(load[U % 2]), .x(clears_u), .y(clears_v)
    );

    // stage U: k = 4096 - decay - offset = ~(decay + offset - 4097); stage V: -k = decay + offset - 4096. The one that
    // does not decay is the constant of the other, an edge before.
    wire        of_u = holds[U % 2];
    reg  [14:0] less_u, less_v; // with the offset below
    always @(posedge clk)
        if (advance) begin
            less_u <= holds[(U - 1) % 2] ? {decay_u_k, ds_offset_k} : {-14'sd4096, 1'b0};
            less_v <= holds[(U - 1) % 2] ? {-14'sd4097, 1'b0} : {decay_v_k, `GSP_BUG(241, dm_offset_k, ds_offset_k)};
        end
    wire        [15:0] less = {less_u, 1'b1} + {less_v, 1'b1};
    wire signed [27:0] factor = of_u ? u_u : {{4{v_v[23]}}, v_v};
    wire               clear = of_u ? clears_u : `GSP_BUG(242, clears_v, 1'b0);
    wire signed [13:0] k = clear ? 14'sd0 : less[15:2] ^ {14{of_u}};
    wire signed [31:0] sum;
    reg  signed [31:0] addend;
    gsp_loihi_decay_pipe #(.MULTIPLIER(MULTIPLIER)) decay_unit (
        .clk(clk), .advance(advance), .s(factor), .k(k), .addend(addend), .sum(sum)
    );

    // stage Q: (2), (3)
    wire signed [23:0] a_in_q;
    wire signed [7:0]  rnd_q;
    wire signed [22:0] noise_q, noise_w;
    wire signed [30:0] q_q;
    wire               q_overflow_q;
    gsp_delay #(.WIDTH(32), .N(Q / 2)) delay_in (
        .clk(clk), .advance(load[1]), .x({a_in, rnd}), .y({a_in_q, rnd_q})
    );
    gsp_loihi_input in (
        .act_shift(act_shift_q), .q_wrap22(q_wrap22_q), .noise_enable(noise_enable_q), .noise_at_v(noise_at_v_q),
        .noise_exp(noise_exp_q), .noise_offset(noise_offset_q), .a_in(a_in_q), .rnd(rnd_q), .noise_v(noise_q),
        .q(q_q), .q_overflow(q_overflow_q)
    );
    gsp_delay #(.WIDTH(23), .N((W - Q + 1) / 2)) delay_noise (
        .clk(clk), .advance(load[Q % 2]), .x(noise_q), .y(noise_w)
    );

    // stage W: (5)
    wire signed [27:0] u_w;
    wire               u_overflow_w;
    gsp_loihi_wrap wrap (.u_wrap(u_wrap_w), .u_sum(sum), .u_next(u_w), .u_overflow(u_overflow_w));
    wire signed [19:0] bias;
    gsp_loihi_bias_pipe scale_bias (
        .clk(clk), .advance(advance), .bias_mant(bias_mant_b), .bias_exp(bias_exp_b), .bias(bias)
    );

    // stage Q + 1 of one step, stage X of another: the addend is q in the turn of u, ~x in that of v. As
    // (u + bias) ^ q with u and bias 0 or all bits of q 1 it costs no multiplexer, only resets of registers.
    reg signed [30:0] q_x;
    reg signed [27:0] u_x;
    reg signed [23:0] bias_x; // and noise
    always @(posedge clk)
        if (advance) begin
            if (holds[Q % 2]) begin
                q_x <= q_q;
                u_x <= 28'sd0;
                bias_x <= `GSP_BUG(243, 24'sd0, bias_x);
            end else begin
                q_x <= -31'sd1;
                u_x <= u_w;
                bias_x <= {{4{bias[19]}}, bias} + {noise_w[22], noise_w};
            end
        end
    // (6)
    wire signed [28:0] x_sum = {u_x[27], u_x} + {{5{bias_x[23]}}, bias_x};
    wire signed [28:0] x_tc = {{5{x_sum[23]}}, x_sum[23:0]};
    wire signed [28:0] x = `GSP_BUG(6, u2_wrap24_x, 1'b0) ? x_tc : x_sum;
    wire               u2_overflow_x = (|x_sum[28:23]) & ~(&x_sum[28:23]);
    always @(posedge clk)
        if (advance)
            addend <= {{3{x[28]}}, x} ^ {q_x[30], q_x};

    // stages F to DEPTH: (7) to (11)
    wire [5:0] refractory_count_f;
    gsp_delay #(.WIDTH(6), .N(F / 2)) delay_count (
        .clk(clk), .advance(load[1]), .x(refractory_count), .y(refractory_count_f)
    );
    wire signed [29:0] v_not = sum[29:0];
    gsp_loihi_fire_pipe fire (
        .clk(clk), .advance(advance), .holds(holds[F % 2]),
        .narrow(u2_wrap24_f), .vmin(vmin_f), .vmax(vmax_f), .refractory_count(refractory_count_f), .v_not(v_not),
        .vth(vth_g), .vth_lo(vth_lo_g), .ternary(ternary_g), .refract_delay(refract_delay_g),
        .v_next(v_next), .refractory_count_next(refractory_count_next), .spike(spike), .v_clipped(v_clipped)
    );

    // What has long been known.
    gsp_delay #(.WIDTH(16), .N((DEPTH - U) / 2)) delay_reset_count (
        .clk(clk), .advance(load[(U + 1) % 2]), .x(reset_count_u), .y(reset_count_next)
    );
    gsp_delay #(.WIDTH(31), .N((DEPTH - Q) / 2)) delay_q (
        .clk(clk), .advance(load[(Q + 1) % 2]), .x(q_x), .y(q)
    );
    gsp_delay #(.WIDTH(28), .N((DEPTH - X + 1) / 2)) delay_u_next (
        .clk(clk), .advance(load[X % 2]), .x(u_x), .y(u_next)
    );
    gsp_delay #(.WIDTH(1), .N((DEPTH - Q + 1) / 2)) delay_q_flag (
        .clk(clk), .advance(load[Q % 2]), .x(q_overflow_q), .y(q_overflow)
    );
    gsp_delay #(.WIDTH(1), .N((DEPTH - W + 1) / 2)) delay_u_flag (
        .clk(clk), .advance(load[W % 2]), .x(u_overflow_w), .y(u_overflow)
    );
    gsp_delay #(.WIDTH(1), .N((DEPTH - X + 1) / 2)) delay_u2_flag (
        .clk(clk), .advance(load[X % 2]), .x(u2_overflow_x), .y(u2_overflow)
    );
    wire unused = &{1'b0, less[1:0], sum[31:30]};
endmodule
`default_nettype wire
