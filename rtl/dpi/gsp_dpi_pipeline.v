// SPDX-License-Identifier: Apache-2.0
// dpi, one step in two stages of 11 edges around one multiplier: the datapath of gsp_dpi_array. The timetable is that of
// gsp_dpi_serial, with the last three edges of a step beside the first three of the next. The line numbers are those of
// docs/models/dpi.md.
//
// The product of the operands taken at an edge is there after the next one; stage 2 has edges 11 to 14:
//   edge    0     1     2       3       4     5       6         7          8      9    10           11  12  13  14
//   takes   nmda  ampa  gaba_b  gaba_a  ahp   gate    feedback  n*gate     sigma       iin*sigma
//   yields                      nmda    ampa  gaba_b  gaba_a    ahp, gate         iin  sigma                    dl
`include "gsp_bug.vh"
`default_nettype none
module gsp_dpi_pipeline #(
    parameter integer L_FRACTION = 19,
    parameter integer I_FRACTION = 26,
    parameter integer SEGMENT_BITS = 4,
    parameter integer STATE_WIDTH = 32,
    parameter integer E_SYN = 4,
    parameter integer E_AHP = 6,
    parameter T_TABLE = "t_table.hex",
    parameter A_TABLE = "a_table.hex",
    parameter integer OWN_PARAMS = 0 // 1: the params are those of the step in stage 1
) (
    input  wire                         clk,
    input  wire                         advance,
    input  wire                         works,
    output wire                         done,
    // params
    input  wire [I_FRACTION+5:0]        itau,
    input  wire [I_FRACTION+5:0]        io,
    input  wire signed [L_FRACTION+5:0] lth,
    input  wire signed [L_FRACTION+5:0] lnm,
    input  wire [L_FRACTION+4:0]        lspk,
    input  wire [L_FRACTION+4:0]        lrst,
    input  wire [15:0]                  refractory_steps,
    input  wire [16:0]                  dm_ampa,
    input  wire [5:0]                   ds_ampa,
    input  wire [16:0]                  dm_nmda,
    input  wire [5:0]                   ds_nmda,
    input  wire [16:0]                  dm_gaba_b,
    input  wire [5:0]                   ds_gaba_b,
    input  wire [16:0]                  dm_gaba_a,
    input  wire [5:0]                   ds_gaba_a,
    input  wire [16:0]                  dm_ahp,
    input  wire [5:0]                   ds_ahp,
    input  wire [STATE_WIDTH-1:0]       ahp_jump,
    // stage 1: inputs and state
    input  wire [I_FRACTION+5:0]        idc,
    input  wire [STATE_WIDTH-1:0]       add_ampa,
    input  wire [STATE_WIDTH-1:0]       add_nmda,
    input  wire [STATE_WIDTH-1:0]       add_gaba_b,
    input  wire [STATE_WIDTH-1:0]       add_gaba_a,
    input  wire [L_FRACTION+4:0]        l,
    input  wire [15:0]                  refractory_count,
    input  wire [STATE_WIDTH-1:0]       ampa,
    input  wire [STATE_WIDTH-1:0]       nmda,
    input  wire [STATE_WIDTH-1:0]       gaba_b,
    input  wire [STATE_WIDTH-1:0]       gaba_a,
    input  wire [STATE_WIDTH-1:0]       ahp,
    // stage 2, at its last edge
    output wire [L_FRACTION+4:0]        l_next,
    output wire [15:0]                  refractory_count_next,
    output wire [STATE_WIDTH-1:0]       ampa_next,
    output wire [STATE_WIDTH-1:0]       nmda_next,
    output wire [STATE_WIDTH-1:0]       gaba_b_next,
    output wire [STATE_WIDTH-1:0]       gaba_a_next,
    output wire [STATE_WIDTH-1:0]       ahp_next,
    output wire                         spike
);
    localparam integer F = L_FRACTION;
    localparam integer G = I_FRACTION;
    localparam integer C = G + 6; // a current
    localparam integer W = STATE_WIDTH;
    localparam integer SEG = SEGMENT_BITS;
    localparam integer FB = (F - SEG < 14) ? F - SEG : 14;
    localparam integer V = (C > W) ? C : W;   // a current or a decaying state
    localparam integer A = (V > 32) ? V : 32; // first operand of the multiplier; 32 for the differences of T_TABLE
    localparam integer P = A + 16;            // a product with 16 bits
    localparam integer N = V + 5;             // a sum of five currents, in halves

    gsp_dpi_check #(
        .L_FRACTION(L_FRACTION), .I_FRACTION(I_FRACTION), .SEGMENT_BITS(SEGMENT_BITS),
        .STATE_WIDTH(STATE_WIDTH), .E_SYN(E_SYN), .E_AHP(E_AHP)
    ) check ();

    `GSP_BUG_SELECT

    // the params in stage 2
    wire [F+4:0] lspk_2, lrst_2;
    wire [15:0]  refractory_steps_2;
    wire [W-1:0] ahp_jump_2;
    gsp_delay #(.WIDTH(2 * F + W + 26), .N(OWN_PARAMS == 1 ? 1 : 0)) params_2 (
        .clk(clk), .advance(`GSP_BUG(268, advance, 1'b1)), .x({lspk, lrst, refractory_steps, ahp_jump}),
        .y({lspk_2, lrst_2, refractory_steps_2, ahp_jump_2})
    );

    // at[k]: the next edge is edge k of stage 1.
    reg  [10:0] at;
    assign done = at[10] | ~works;
    wire moves = advance | ~done; // all stands while an output waits
    always @(posedge clk)
        if (advance)
            at <= 11'd1;
        else if (~done)
            at <= {at[9:0], 1'b0};

    // ---- (1) One state at each of the edges 0 to 4.
    wire [W-1:0] front = (nmda & {W{at[0]}}) | (ampa & {W{at[1]}}) | (gaba_b & {W{at[2]}}) | (gaba_a & {W{at[3]}})
                       | (ahp & {W{at[4]}});
    wire [W-1:0] add = (add_nmda & {W{at[0]}}) | (add_ampa & {W{at[1]}}) | (add_gaba_b & {W{at[2]}})
                     | (add_gaba_a & {W{at[3]}});
    wire [16:0]  dm = (dm_nmda & {17{at[0]}}) | (dm_ampa & {17{at[1]}}) | (dm_gaba_b & {17{at[2]}})
                    | (dm_gaba_a & {17{at[3]}}) | (dm_ahp & {17{at[4]}});
    wire [5:0]   ds = (ds_nmda & {6{at[0]}}) | (ds_ampa & {6{at[1]}}) | (ds_gaba_b & {6{at[2]}})
                    | (ds_gaba_a & {6{at[3]}}) | (ds_ahp & {6{at[4]}});
    reg  [W:0]   sum_1, sum_2, sum_3; // with what arrives, on its way to the decrement
    // The first operand of the multiplier, the second, and how far a decrement is shifted beyond 14.
    reg  [A-1:0] a;
    reg  [17:0]  b;
    reg  [5:0]   shift, shift_p;
    wire [P-1:0] product; // a * b[15:0] of the edge before
    gsp_dpi_product #(.A_WIDTH(A)) multiply (.clk(clk), .advance(`GSP_BUG(263, moves, 1'b1)), .a(a), .b(b[15:0]), .y(product));

    // dm is at most 2^16, which is 2^15 with one shift less.
    wire [15:0] dm_short = {dm[16] | dm[15], dm[14:0]};
    wire [5:0]  shift_next = ds - 6'd14 - {5'd0, dm[16]};

    // product >> (14 + shift), and whether it lost a bit: one more is subtracted then.
    wire [W:0] shifted;
    wire       lost;
    gsp_dpi_shift #(.X_WIDTH(P), .WIDTH(W + 1)) shift_product (.x(product), .n(shift_p), .y(shifted), .lost(lost));
    reg  [W:0] not_decrement;
    reg        exact;
    // a + b + c is written {a, 1} + {b, c}: one carry chain, where Yosys makes carry-save rows of three terms.
    wire [W+2:0]        kept_c = {1'b0, sum_3, 1'b1} + {1'b1, not_decrement, exact};
    wire signed [W+1:0] kept = kept_c[W+2:1];
    wire [W-1:0]        decayed;
    gsp_sat_u #(.X_WIDTH(W + 2), .WIDTH(W)) clamp_kept (.x(kept), .y(decayed));
    wire decays = |at[7:3];
    // The decayed states of this stage, and behind them those of the next: ahp, gaba_a, gaba_b, ampa, nmda of each.
    reg  [10*W-1:0] states;
    wire [W-1:0]    newest = states[W-1:0];
    wire [W-1:0]    ahp_2 = states[5*W +: W];

    // ---- Tables. T_TABLE: word i at edges 3 and 6, i + 1 one edge later.
    reg  [16:0] t_table [0:(16<<SEG)];
    reg  [C-1:0] a_table [0:(32<<SEG)];
    initial $readmemh(T_TABLE, t_table);
    initial $readmemh(A_TABLE, a_table);
    reg  [16:0]    t_word, t_low;
    reg  [C-1:0]   a_word, a_low;
    reg            negative, beyond;
    reg  [SEG+3:0] t_index;
    reg  [FB-1:0]  t_share;

    // |l - origin| in two edges.
    wire signed [F+6:0] l_x = {2'b00, l};
    wire signed [F+5:0] origin = at[1] ? lnm : lth;
    wire signed [F+6:0] origin_x;
    gsp_extend #(.X_WIDTH(F + 6), .WIDTH(F + 7)) extend_origin (.x(origin), .y(origin_x));
    reg  signed [F+6:0] above;
    reg                 is_below;
    reg         [F+6:0] distance;
    wire                distant = |distance[F+6:F+4];
    wire [SEG+4:0] t_first = distant ? {1'b1, {(SEG+4){1'b0}}} : {1'b0, distance[F+3:F-SEG]};
    wire [SEG+4:0] t_second = beyond ? {1'b1, {(SEG+4){1'b0}}} : {1'b0, t_index} + {{(SEG+4){1'b0}}, 1'b1};
    wire           looks_up = at[3] | at[6];
    wire [SEG+4:0] t_address = looks_up ? t_first : t_second;
    wire [SEG+5:0] a_address = {1'b0, l[F+4:F-SEG]} + {{(SEG+5){1'b0}}, ~at[1]};
    wire [FB-1:0]  a_share = l[F-SEG-1:F-SEG-FB];

    wire signed [17:0] t_fall = {1'b0, t_low} - {1'b0, t_word};
    wire signed [A-1:0] t_fall_a;
    gsp_extend #(.X_WIDTH(18), .WIDTH(A)) extend_t_fall (.x(t_fall), .y(t_fall_a));
    reg  signed [C:0]   a_rise;
    wire signed [A:0]   a_rise_a;
    gsp_extend #(.X_WIDTH(C + 1), .WIDTH(A + 1)) extend_a_rise (.x(a_rise), .y(a_rise_a));

    // The line through a table's words. sigma is low - q, or 2^17 less that, which is ~low + q + 1
    // + 2^17; q is signed, and its bits are those of the unsigned product. gate = 2^17 - sigma.
    reg         mirrors;
    reg  [17:0] t_base;
    wire [17:0] t_part = product[FB+17:FB] ^ {18{~mirrors}};
    wire [18:0] weight_c = {t_base, 1'b1} + {t_part, 1'b1};
    wire [17:0] weight = weight_c[18:1]; // gate, then sigma

    // ---- (3) Sums in halves, because 17 bits are shifted out below the 16 of `product`.
    // The factor b may have 18 bits: what the upper two add is summed while the lower multiply.
    reg  signed [N-1:0] iin_sum, iin_2, net_sum;
    wire [A:0]          upper = b[17] ? {a, 1'b0} : {1'b0, a & {A{b[16]}}};
    wire signed [N-1:0] upper_n, product_n;
    gsp_dpi_fit #(.X_WIDTH(A + 1), .WIDTH(N)) fit_upper (.x(upper), .y(upper_n));
    gsp_dpi_fit #(.X_WIDTH(A), .WIDTH(N)) fit_product (.x(product[P-1:16]), .y(product_n));
    wire signed [N-1:0] syn_half = {{(N-W-1){1'b0}}, newest >> E_SYN, 1'b0};
    wire signed [N-1:0] ahp_half = {{(N-W-1){1'b0}}, newest >> E_AHP, 1'b0};
    wire signed [N-1:0] idc_half = {{(N-C-1){1'b0}}, idc, 1'b0};
    wire signed [N-1:0] itau_half = {{(N-C-1){1'b0}}, itau, 1'b0};
    wire signed [N-1:0] a_low_half = {{(N-C-1){1'b0}}, a_low, 1'b0};
    wire signed [N-1:0] half = {{(N-1){1'b0}}, 1'b1} << (G - F); // rounds dl
    // A negative rise was multiplied as if it were 2^A more.
    wire [A:0]          a_part = {product[A+FB-1:FB], 1'b0};
    wire [A:0]          a_excess = {{(A+1-FB){1'b0}}, a_share} << (A - FB + 1);
    wire signed [N-1:0] a_part_n, a_excess_n;
    gsp_dpi_fit #(.X_WIDTH(A + 1), .WIDTH(N)) fit_part (.x(a_part), .y(a_part_n));
    gsp_dpi_fit #(.X_WIDTH(A + 1), .WIDTH(N)) fit_excess (.x(a_excess), .y(a_excess_n));
    reg  signed [N-1:0] a_base;

    wire signed [N-1:0] iin_term = at[8] ? upper_n : at[6] ? ~syn_half : syn_half;
    wire [N-1:0]        net_term = (upper_n & {N{at[0]}}) | (a_part_n & {N{at[8]}}) | (a_base & {N{at[9]}})
                                 | (~itau_half & {N{at[3]}}) | (~syn_half & {N{at[7]}}) | (~ahp_half & {N{at[10]}});
    // Chosen at one edge and added at the next, and the product kept as long.
    reg  signed [N-1:0] net_chosen, product_kept;
    reg                 minus;

    wire [N:0]          iin_c = {iin_sum, 1'b1} + {iin_term, at[6]};
    wire [N:0]          net_c = {net_sum, 1'b1} + {net_chosen, minus};

    wire signed [N-2:0] iin_1;
    gsp_shr_floor #(.WIDTH(N), .N(1)) floor_iin (.x(iin_2), .y(iin_1));
    wire signed [N-2:0] io_n = {{(N-1-C){1'b0}}, io};
    // Too high where it has bits above its field; where it is negative the clamp at io hides them.
    wire                iin_high = |iin_1[N-2:C];
    wire [C-1:0]        iin_most = iin_1[C-1:0] | {C{iin_high}};
    // Comes late: compared in two halves, and one choice behind all others, which Yosys would mix without `keep`.
    localparam integer H = (N - 1) / 2;
    localparam integer K = N - 1 - H;
    wire [N-2:0] not_io = ~io_n;
    wire [H+1:0] low_c = {1'b0, iin_1[H-1:0], 1'b1} + {1'b0, not_io[H-1:0], 1'b1};
    wire [K+1:0] less_c = {iin_1[N-2], iin_1[N-2:H], 1'b1} + {not_io[N-2], not_io[N-2:H], 1'b1};
    wire [K:0]   at_most_c = {iin_1[N-2], iin_1[N-2:H]} + {not_io[N-2], not_io[N-2:H]};
    (* keep *) wire iin_low;
    assign iin_low = at[10] & (less_c[K+1] | (at_most_c[K] & ~low_c[H+1]));
    (* keep *) wire [A-1:0] a_early;
    assign a_early = {{(A-W){1'b0}}, front} | (t_fall_a & {A{at[5] | at[8]}}) | (a_rise_a[A-1:0] & {A{at[6]}})
                   | {{(A-W){1'b0}}, (states[3*W +: W] >> E_SYN) & {W{at[7]}}};
    (* keep *) wire [A-1:0] a_next;
    assign a_next = a_early | {{(A-C){1'b0}}, iin_most & {C{at[10]}}};

    localparam integer D = N - 1 - G + F;
    reg  signed [N-1:0] net_2;
    wire signed [D-1:0] dl_wide;
    gsp_shr_floor #(.WIDTH(N), .N(G - F + 1)) floor_net (.x(net_2), .y(dl_wide));
    // -4 to 1: the same before or after the shift.
    wire dl_above = ~dl_wide[D-1] & (|dl_wide[D-2:F]);
    wire signed [F+2:0] dl_low;
    wire signed [F+2:0] dl_next = dl_above ? {3'b001, {F{1'b0}}} : dl_low;
    gsp_sat #(.X_WIDTH(D), .WIDTH(F + 3)) clamp_net (.x(dl_wide), .y(dl_low));
    reg  signed [F+2:0] dl;

    always @(posedge clk)
        if (moves) begin
            sum_1 <= {1'b0, front} + {1'b0, add};
            sum_2 <= sum_1;
            sum_3 <= sum_2;
            shift <= shift_next;
            shift_p <= shift;
            not_decrement <= ~shifted;
            exact <= ~lost;
            if (decays)
                states <= {states[9*W-1:0], decayed};

            t_word <= t_table[t_address];
            a_word <= a_table[a_address];
            above <= l_x - origin_x;
            is_below <= above[F+6];
            distance <= (above ^ {(F+7){above[F+6]}}) + {{(F+6){1'b0}}, above[F+6]};
            if (looks_up) begin
                negative <= is_below;
                beyond <= distant;
                t_index <= distance[F+3:F-SEG];
                t_share <= distant ? {FB{1'b0}} : distance[F-SEG-1:F-SEG-FB];
            end
            t_low <= t_word;
            if (at[2])
                a_low <= a_word;
            a_rise <= {1'b0, a_word} - {1'b0, a_low};
            if (at[5] | at[8]) begin
                // at 5 for gate, at 8 for sigma
                mirrors <= negative ^ at[5];
                t_base <= {1'b0, t_low ^ {17{negative ^ at[5]}}};
            end

            a <= iin_low ? {{(A-C){1'b0}}, io} : a_next;
            b <= {{(18-FB){1'b0}}, t_share & {FB{at[5] | at[8]}}} | {{(18-FB){1'b0}}, a_share & {FB{at[6]}}}
               | (weight & {18{at[7] | at[10]}}) | {2'b00, dm_short};

            if (at[4])
                iin_sum <= idc_half;
            else if (at[5] | at[6] | at[8])
                iin_sum <= iin_c[N:1];
            iin_2 <= iin_sum + product_n;
            if (`GSP_BUG(266, at[2], 1'b0))
                net_sum <= half;
            else if (at[4] | (|at[10:8]) | at[0] | at[1])
                net_sum <= net_c[N:1];
            a_base <= a_low_half - (`GSP_BUG(264, a_rise_a[A], 1'b0) ? a_excess_n : {N{1'b0}});
            net_chosen <= net_term;
            minus <= at[3] | at[7] | at[10];
            product_kept <= product_n;
            net_2 <= net_sum + product_kept;
            if (at[3])
                dl <= dl_next;
        end

    // ---- (4), stage 2. Compared before the clamp: the same, but for lspk = 0, which every l reaches.
    reg  [F+4:0]        l_2;
    reg  [15:0]         count_2;
    reg                 silent_2;
    always @(posedge clk)
        if (advance) begin
            l_2 <= l;
            count_2 <= refractory_count;
            silent_2 <= refractory_count != 16'd0;
        end
    wire [F+4:0]        l_used = `GSP_BUG(261, l_2, l);
    wire                silent = `GSP_BUG(262, silent_2, refractory_count != 16'd0);
    wire [F+4:0]        lspk_used = `GSP_BUG(267, lspk_2, lspk);
    wire signed [F+6:0] dl_x;
    gsp_extend #(.X_WIDTH(F + 3), .WIDTH(F + 7)) extend_dl (.x(dl), .y(dl_x));
    wire signed [F+6:0] l_sum = {2'b00, l_used} + dl_x;
    reg  signed [F+6:0] over; // l - lspk
    always @(posedge clk)
        over <= {2'b00, l_used} - {2'b00, lspk_used};
    wire signed [F+6:0] over_sum = over + dl_x;
    wire [F+4:0]        l_clamped;
    gsp_sat_u #(.X_WIDTH(F + 7), .WIDTH(F + 5)) clamp_l (.x(l_sum), .y(l_clamped));
    wire reached = ~over_sum[F+6] | (lspk_used == {(F+5){1'b0}});
    assign spike = reached & ~silent;
    assign l_next = silent ? l_2 : reached ? lrst_2 : l_clamped;
    assign refractory_count_next = silent ? count_2 - 16'd1 : reached ? refractory_steps_2 : 16'd0;

    // A spike adds to ahp.
    wire [W:0]   jumped = {1'b0, ahp_2} + {1'b0, ahp_jump_2};
    assign ahp_next = spike ? jumped[W-1:0] | {W{jumped[W]}} : ahp_2;
    assign gaba_a_next = states[6*W +: W];
    assign gaba_b_next = states[7*W +: W];
    assign ampa_next = states[8*W +: W];
    assign nmda_next = `GSP_BUG(265, states[9*W +: W], states[4*W +: W]);
    wire unused = &{1'b0, distance, low_c, less_c, at_most_c, net_2, product, l, kept_c[0], weight_c[0], iin_c[0], net_c[0]};
endmodule
`default_nettype wire
