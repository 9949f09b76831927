// SPDX-License-Identifier: Apache-2.0
// One neuron of dpi around one multiplier, valid/ready on both sides; its tables are read a word an
// edge, so that they fit block RAM. Inputs are captured when a step is accepted; params must hold
// until it retires. A step takes 14 edges, a silent one 10.
//
// The product of the operands taken at an edge is there after the next one:
//   edge    0     1     2       3       4     5       6         7          8      9    10           11  12  13
//   takes   nmda  ampa  gaba_b  gaba_a  ahp   gate    feedback  n*gate     sigma       iin*sigma
//   yields                      nmda    ampa  gaba_b  gaba_a    ahp, gate         iin  sigma            dl  l
`include "gsp_bug.vh"
`default_nettype none
module gsp_dpi_serial #(
    parameter integer L_FRACTION = 19,
    parameter integer I_FRACTION = 26,
    parameter integer SEGMENT_BITS = 4,
    parameter integer STATE_WIDTH = 32,
    parameter integer E_SYN = 4,
    parameter integer E_AHP = 6,
    parameter T_TABLE = "t_table.hex",
    parameter A_TABLE = "a_table.hex"
) (
    input  wire                         clk,
    input  wire                         rst_n, // synchronous; every state becomes 0
    input  wire                         in_valid,
    output wire                         in_ready,
    output reg                          out_valid,
    input  wire                         out_ready,
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
    // inputs
    input  wire [I_FRACTION+5:0]        idc,
    input  wire [STATE_WIDTH-1:0]       add_ampa,
    input  wire [STATE_WIDTH-1:0]       add_nmda,
    input  wire [STATE_WIDTH-1:0]       add_gaba_b,
    input  wire [STATE_WIDTH-1:0]       add_gaba_a,
    // state
    output reg  [L_FRACTION+4:0]        l,
    output reg  [15:0]                  refractory_count,
    output wire [STATE_WIDTH-1:0]       ampa,
    output wire [STATE_WIDTH-1:0]       nmda,
    output wire [STATE_WIDTH-1:0]       gaba_b,
    output wire [STATE_WIDTH-1:0]       gaba_a,
    output wire [STATE_WIDTH-1:0]       ahp,
    // outputs
    output reg                          spike
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

    // at[k]: the next edge is edge k of a step. None: it may be edge 0.
    reg  [13:1] at;
    reg         busy;
    assign in_ready = ~busy & (~out_valid | out_ready);
    wire accepts = in_valid & in_ready;
    wire silent = refractory_count != 16'd0;
    wire ends = at[13] | (`GSP_BUG(32, at[9], at[8]) & silent);

    // ---- (1) The decaying states go round: one is in front at each of the edges 0 to 4, 5 to 9.
    reg  [W-1:0] front, second;
    reg  [W:0]   third, fourth; // with what arrives
    reg  [W-1:0] last;
    assign nmda = front;
    assign ampa = second;
    assign gaba_b = third[W-1:0];
    assign gaba_a = fourth[W-1:0];
    assign ahp = last;
    wire turns = accepts | (|at[9:1]);
    // What arrives; filled with 0 as it is used up.
    reg  [W-1:0] add_0, add_1, add_2, add_3;

    // The first operand of the multiplier, the second, and how far a decrement is shifted beyond 14.
    reg  [A-1:0] a;
    reg  [17:0]  b;
    reg  [5:0]   shift, shift_p;
    wire [P-1:0] product; // a * b[15:0] of the edge before
    gsp_dpi_product #(.A_WIDTH(A)) multiply (.clk(clk), .advance(1'b1), .a(a), .b(b[15:0]), .y(product));

    wire [16:0] dm = at[1] ? dm_ampa : at[2] ? dm_gaba_b : at[3] ? dm_gaba_a : at[4] ? dm_ahp : dm_nmda;
    wire [5:0]  ds = at[1] ? ds_ampa : at[2] ? ds_gaba_b : at[3] ? ds_gaba_a : at[4] ? ds_ahp : ds_nmda;
    // dm is at most 2^16, which is 2^15 with one shift less.
    wire [15:0] dm_short = {dm[16] | dm[15], dm[14:0]};
    wire [5:0]  shift_next = ds - 6'd14 - {5'd0, `GSP_BUG(28, dm[16], 1'b0)};

    // product >> (14 + shift), and whether it lost a bit: one more is subtracted then.
    wire [W:0] shifted;
    wire       lost;
    gsp_dpi_shift #(.X_WIDTH(P), .WIDTH(W + 1)) shift_product (.x(product), .n(shift_p), .y(shifted), .lost(lost));
    reg  [W:0] decrement;
    reg        inexact;
    // a + b + c is written {a, 1} + {b, c}: one carry chain, where Yosys makes carry-save rows of three terms.
    wire [W+2:0]        kept_c = {1'b0, third, 1'b1} + {1'b1, ~decrement, `GSP_BUG(26, ~inexact, 1'b1)};
    wire signed [W+1:0] kept = kept_c[W+2:1];
    wire [W-1:0]        decayed;
    gsp_sat_u #(.X_WIDTH(W + 2), .WIDTH(W)) clamp_kept (.x(kept), .y(decayed));
    wire decays = |at[7:3];

    // A spike adds to ahp, which is back in its place by then.
    wire [W:0]   jumped = {1'b0, last} + {1'b0, ahp_jump};
    wire [W-1:0] ahp_jumped = jumped[W-1:0] | {W{jumped[W]}};

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

    wire signed [F+6:0] l_x = {2'b00, l};
    wire signed [F+5:0] origin = at[3] ? lnm : lth;
    wire signed [F+6:0] origin_x;
    gsp_extend #(.X_WIDTH(F + 6), .WIDTH(F + 7)) extend_origin (.x(origin), .y(origin_x));
    wire signed [F+6:0] above = l_x - origin_x;
    wire signed [F+6:0] below = origin_x - l_x;
    wire [F+6:0]        distance = above[F+6] ? below : above;
    wire                distant = |distance[F+6:F+4];
    wire [SEG+4:0] t_first = distant ? {1'b1, {(SEG+4){1'b0}}} : {1'b0, distance[F+3:F-SEG]};
    wire [SEG+4:0] t_second = beyond ? {1'b1, {(SEG+4){1'b0}}} : {1'b0, t_index} + {{(SEG+4){1'b0}}, 1'b1};
    wire           looks_up = at[3] | at[6];
    wire [SEG+4:0] t_address = looks_up ? t_first : t_second;
    wire [SEG+5:0] a_address = {1'b0, l[F+4:F-SEG]} + {{(SEG+5){1'b0}}, ~at[1]};
    wire [FB-1:0]  a_share = l[F-SEG-1:F-SEG-FB];
    always @(posedge clk) begin
        t_word <= t_table[t_address];
        a_word <= a_table[a_address];
    end

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
    wire [A:0]          upper = `GSP_BUG(27, b[17], 1'b0) ? {a, 1'b0} : {1'b0, a & {A{b[16]}}};
    wire signed [N-1:0] upper_n, product_n;
    gsp_dpi_fit #(.X_WIDTH(A + 1), .WIDTH(N)) fit_upper (.x(upper), .y(upper_n));
    gsp_dpi_fit #(.X_WIDTH(A), .WIDTH(N)) fit_product (.x(product[P-1:16]), .y(product_n));
    wire signed [N-1:0] syn_2 = {{(N-W-1){1'b0}}, second >> E_SYN, 1'b0};
    wire signed [N-1:0] ahp_2 = {{(N-W-1){1'b0}}, last >> E_AHP, 1'b0};
    wire signed [N-1:0] idc_2 = {{(N-C-1){1'b0}}, idc, 1'b0};
    wire signed [N-1:0] itau_2 = {{(N-C-1){1'b0}}, itau, 1'b0};
    wire signed [N-1:0] a_low_2 = {{(N-C-1){1'b0}}, a_low, 1'b0};
    wire signed [N-1:0] half = {{(N-1){1'b0}}, 1'b1} << (G - F); // rounds dl
    // A negative rise was multiplied as if it were 2^A more.
    wire [A:0]          a_part = {product[A+FB-1:FB], 1'b0};
    wire [A:0]          a_excess = {{(A+1-FB){1'b0}}, a_share} << (A - FB + 1);
    wire signed [N-1:0] a_part_n, a_excess_n;
    gsp_dpi_fit #(.X_WIDTH(A + 1), .WIDTH(N)) fit_part (.x(a_part), .y(a_part_n));
    gsp_dpi_fit #(.X_WIDTH(A + 1), .WIDTH(N)) fit_excess (.x(a_excess), .y(a_excess_n));
    wire signed [N-1:0] a_base = a_low_2 - (`GSP_BUG(29, a_rise_a[A], 1'b0) ? a_excess_n : {N{1'b0}});

    wire signed [N-1:0] iin_term = at[5] ? syn_2 : at[6] ? ~syn_2 : upper_n;
    wire signed [N-1:0] net_term = at[1] ? ~itau_2 : at[7] ? ~syn_2 : at[8] ? a_part_n
                                 : at[9] ? a_base : at[10] ? ~ahp_2 : upper_n;
    wire minus = at[1] | at[7] | at[10];

    wire [N:0]          iin_c = {iin_sum, 1'b1} + {iin_term, at[6]};
    wire [N:0]          net_c = {net_sum, 1'b1} + {net_term, minus};

    wire signed [N-2:0] iin_1;
    gsp_shr_floor #(.WIDTH(N), .N(1)) floor_iin (.x(iin_2), .y(iin_1));
    wire signed [N-2:0] io_n = {{(N-1-C){1'b0}}, io};
    wire [C-1:0]        iin_most;
    gsp_sat_u #(.X_WIDTH(N - 1), .WIDTH(C)) clamp_iin (.x(iin_1), .y(iin_most));
    // Comes late: one choice behind all others, which Yosys would mix without `keep`.
    (* keep *) wire         iin_low;
    assign iin_low = at[10] & (iin_1 < io_n);
    (* keep *) wire [A-1:0] a_next;
    assign a_next = (at[5] | at[8]) ? t_fall_a
                  : at[6] ? a_rise_a[A-1:0]
                  : at[7] ? {{(A-W){1'b0}}, fourth[W-1:0] >> E_SYN}
                  : at[10] ? {{(A-C){1'b0}}, iin_most} : {{(A-W){1'b0}}, front};

    localparam integer D = N - 1 - G + F;
    wire signed [N-1:0] net_2 = net_sum + product_n;
    wire signed [D-1:0] dl_wide;
    gsp_shr_floor #(.WIDTH(N), .N(G - F + 1)) floor_net (.x(net_2), .y(dl_wide));
    // -4 to 1: the same before or after the shift.
    wire dl_above = ~dl_wide[D-1] & (|dl_wide[D-2:F]);
    wire signed [F+2:0] dl_low;
    wire signed [F+2:0] dl_next = dl_above ? {3'b001, {F{1'b0}}} : dl_low;
    gsp_sat #(.X_WIDTH(D), .WIDTH(F + 3)) clamp_net (.x(dl_wide), .y(dl_low));
    reg  signed [F+2:0] dl;

    // ---- (4) Compared before the clamp: the same, but for lspk = 0, which every l reaches.
    wire signed [F+6:0] dl_x;
    gsp_extend #(.X_WIDTH(F + 3), .WIDTH(F + 7)) extend_dl (.x(dl), .y(dl_x));
    wire signed [F+6:0] l_sum = l_x + dl_x;
    reg  signed [F+6:0] over;  // l - lspk
    wire signed [F+6:0] over_sum = over + dl_x;
    wire [F+4:0]        l_clamped;
    gsp_sat_u #(.X_WIDTH(F + 7), .WIDTH(F + 5)) clamp_l (.x(l_sum), .y(l_clamped));
    wire reached = ~over_sum[F+6] | `GSP_BUG(33, lspk == {(F+5){1'b0}}, 1'b0);

    always @(posedge clk) begin
        if (!rst_n) begin
            at <= 13'd0;
            busy <= 1'b0;
            out_valid <= 1'b0;
            l <= {(F+5){1'b0}};
            refractory_count <= 16'd0;
            front <= {W{1'b0}};
            second <= {W{1'b0}};
            third <= {(W+1){1'b0}};
            fourth <= {(W+1){1'b0}};
            last <= {W{1'b0}};
            add_0 <= {W{1'b0}};
            spike <= 1'b0;
        end else begin
            at <= {at[12:10], at[9] & ~silent, at[8:1], accepts};
            busy <= accepts | (busy & ~ends);
            out_valid <= ends | (out_valid & ~out_ready);
            if (accepts | busy)
                add_0 <= accepts ? add_nmda : add_1;
            if (turns) begin
                front <= second;
                second <= decays ? decayed : third[W-1:0];
                third <= fourth;
                fourth <= {1'b0, last} + {1'b0, add_0};
                last <= front;
            end else if (at[13] & reached)
                last <= ahp_jumped;
            if (at[13])
                l <= reached ? lrst : l_clamped;
            if (at[9] & silent)
                refractory_count <= refractory_count - 16'd1;
            else if (at[13] & reached)
                refractory_count <= refractory_steps;
            if (ends)
                spike <= at[13] & reached;
        end

        if (accepts | busy) begin
            add_1 <= accepts ? add_ampa : add_2;
            add_2 <= accepts ? add_gaba_b : add_3;
            add_3 <= accepts ? add_gaba_a : `GSP_BUG(31, {W{1'b0}}, add_3);
        end

        shift <= shift_next;
        shift_p <= shift;
        decrement <= shifted;
        inexact <= lost;

        if (looks_up) begin
            negative <= above[F+6];
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
        b <= (at[5] | at[8]) ? {{(18-FB){1'b0}}, t_share}
           : at[6] ? {{(18-FB){1'b0}}, a_share}
           : (at[7] | at[10]) ? weight : {2'b00, dm_short};

        if (`GSP_BUG(30, accepts, at[1]))
            iin_sum <= idc_2;
        else if (at[5] | at[6] | at[8])
            iin_sum <= iin_c[N:1];
        iin_2 <= iin_sum + product_n;
        if (accepts)
            net_sum <= half;
        else if (at[1] | (|at[11:7]))
            net_sum <= net_c[N:1];
        dl <= dl_next;
        over <= l_x - {2'b00, lspk};
    end
    wire unused = &{1'b0, distance, iin_1, net_2, product, l, kept_c[0], weight_c[0], iin_c[0], net_c[0]};
endmodule
`default_nettype wire
