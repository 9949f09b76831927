// SPDX-License-Identifier: Apache-2.0
// dpi, one step: the differential-pair-integrator neuron in log-domain fixed point, combinational.
// The image of the C step; line numbers are those of docs/models/dpi.md.
//
// l is log2(I_mem / I_0) with L_FRACTION fraction bits; currents are octaves per step with I_FRACTION.
// T_TABLE and A_TABLE name the images of the two tables, one hexadecimal word a line.
`include "gsp_bug.vh"
`default_nettype none
module gsp_dpi_step #(
    parameter integer L_FRACTION = 19,
    parameter integer I_FRACTION = 26,
    parameter integer SEGMENT_BITS = 4,
    parameter integer STATE_WIDTH = 32,
    parameter integer E_SYN = 4,
    parameter integer E_AHP = 6,
    parameter T_TABLE = "t_table.hex",
    parameter A_TABLE = "a_table.hex"
) (
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
    input  wire [L_FRACTION+4:0]        l,
    input  wire [15:0]                  refractory_count,
    input  wire [STATE_WIDTH-1:0]       ampa,
    input  wire [STATE_WIDTH-1:0]       nmda,
    input  wire [STATE_WIDTH-1:0]       gaba_b,
    input  wire [STATE_WIDTH-1:0]       gaba_a,
    input  wire [STATE_WIDTH-1:0]       ahp,
    output wire [L_FRACTION+4:0]        l_next,
    output wire [15:0]                  refractory_count_next,
    output wire [STATE_WIDTH-1:0]       ampa_next,
    output wire [STATE_WIDTH-1:0]       nmda_next,
    output wire [STATE_WIDTH-1:0]       gaba_b_next,
    output wire [STATE_WIDTH-1:0]       gaba_a_next,
    output wire [STATE_WIDTH-1:0]       ahp_next,
    // outputs
    output wire                         spike
);
    localparam integer F = L_FRACTION;
    localparam integer G = I_FRACTION;
    localparam integer C = G + 6;           // a current
    localparam integer W = STATE_WIDTH;
    localparam integer V = (C > W) ? C : W; // a current or a decaying state
    localparam integer N = V + 4;           // a sum of five of them with signs

    gsp_dpi_check #(
        .L_FRACTION(L_FRACTION), .I_FRACTION(I_FRACTION), .SEGMENT_BITS(SEGMENT_BITS),
        .STATE_WIDTH(STATE_WIDTH), .E_SYN(E_SYN), .E_AHP(E_AHP)
    ) check ();

    `GSP_BUG_SELECT

    // (1)
    wire [W-1:0] ampa_decayed, nmda_decayed, gaba_b_decayed, gaba_a_decayed, ahp_decayed;
    gsp_dpi_decay #(.STATE_WIDTH(W)) decay_ampa (.s(ampa), .dm(dm_ampa), .ds(ds_ampa), .add(add_ampa), .y(ampa_decayed));
    gsp_dpi_decay #(.STATE_WIDTH(W)) decay_nmda (.s(nmda), .dm(dm_nmda), .ds(ds_nmda), .add(add_nmda), .y(nmda_decayed));
    gsp_dpi_decay #(.STATE_WIDTH(W)) decay_gaba_b (
        .s(gaba_b), .dm(dm_gaba_b), .ds(ds_gaba_b), .add(add_gaba_b), .y(gaba_b_decayed)
    );
    gsp_dpi_decay #(.STATE_WIDTH(W)) decay_gaba_a (
        .s(gaba_a), .dm(dm_gaba_a), .ds(ds_gaba_a), .add(add_gaba_a), .y(gaba_a_decayed)
    );
    gsp_dpi_decay #(.STATE_WIDTH(W)) decay_ahp (.s(ahp), .dm(dm_ahp), .ds(ds_ahp), .add({W{1'b0}}), .y(ahp_decayed));

    // (2) A silent step holds l.
    wire silent = refractory_count != 16'd0;

    // (3)
    wire signed [N-1:0] a = {{(N-W){1'b0}}, ampa_decayed >> E_SYN};
    wire [W-1:0]        n = nmda_decayed >> E_SYN;
    wire signed [N-1:0] b = {{(N-W){1'b0}}, gaba_b_decayed >> E_SYN};
    wire signed [N-1:0] h = {{(N-W){1'b0}}, gaba_a_decayed >> E_SYN};
    wire signed [N-1:0] w = {{(N-W){1'b0}}, ahp_decayed >> `GSP_BUG(18, E_AHP, E_SYN)};

    wire signed [F+6:0] l_x = {2'b00, l};
    wire signed [F+6:0] lth_x, lnm_x;
    gsp_extend #(.X_WIDTH(F + 6), .WIDTH(F + 7)) extend_lth (.x(lth), .y(lth_x));
    gsp_extend #(.X_WIDTH(F + 6), .WIDTH(F + 7)) extend_lnm (.x(lnm), .y(lnm_x));
    wire signed [F+6:0] above_lth = l_x - lth_x;
    wire signed [F+6:0] above_lnm = l_x - lnm_x;
    wire [17:0] sigma_th, sigma_nm;
    gsp_dpi_sigma #(.L_FRACTION(F), .SEGMENT_BITS(SEGMENT_BITS), .T_TABLE(T_TABLE)) sigma_of_th (.x(above_lth), .y(sigma_th));
    gsp_dpi_sigma #(.L_FRACTION(F), .SEGMENT_BITS(SEGMENT_BITS), .T_TABLE(T_TABLE)) sigma_of_nm (.x(above_lnm), .y(sigma_nm));

    wire [17:0]   gate = `GSP_BUG(6, 18'h20000 - sigma_nm, sigma_nm);
    wire [W+17:0] gated = {18'd0, n} * {{W{1'b0}}, gate};
    wire signed [N-1:0] nm = {{(N-W-1){1'b0}}, gated[W+17:17]};
    wire signed [N-1:0] idc_x = {{(N-C){1'b0}}, idc};
    wire signed [N-1:0] io_x = {{(N-C){1'b0}}, io};
    wire signed [N-1:0] most = {{(N-C){1'b0}}, {C{1'b1}}};
    wire signed [N-1:0] iin_sum = idc_x + a + nm - b - `GSP_BUG(5, {N{1'b0}}, h);
    wire signed [N-1:0] least = `GSP_BUG(8, io_x, {N{1'b0}});
    wire signed [N-1:0] iin_clamped;
    gsp_clamp #(.WIDTH(N)) clamp_iin (
        .x(iin_sum), .lo(least), .hi(most), .y(iin_clamped)
    );
    wire [C-1:0]  iin = `GSP_BUG(24, iin_clamped[C-1:0], iin_sum > most ? iin_sum[C-1:0] : iin_clamped[C-1:0]);
    wire [C+17:0] driven = {18'd0, iin} * {{C{1'b0}}, sigma_th};
    wire signed [N-1:0] drive = {{(N-C-1){1'b0}}, driven[C+17:17]};

    wire [C-1:0]        feedback;
    gsp_dpi_feedback #(
        .L_FRACTION(F), .I_FRACTION(G), .SEGMENT_BITS(SEGMENT_BITS), .A_TABLE(A_TABLE)
    ) feedback_of_l (.l(l), .y(feedback));
    wire signed [N-1:0] ia = {{(N-C){1'b0}}, feedback};
    wire signed [N-1:0] itau_x = {{(N-C){1'b0}}, itau};
    wire signed [N-1:0] net_sum = drive + ia - itau_x - w - `GSP_BUG(5, h, {N{1'b0}});

    // At most one octave up and four down.
    wire signed [G+6:0] up = {{6{1'b0}}, 1'b1, {G{1'b0}}};
    wire signed [G+6:0] down = `GSP_BUG(19, {{4{1'b1}}, 1'b1, {(G+2){1'b0}}}, {{6{1'b1}}, 1'b1, {G{1'b0}}});
    wire signed [N-1:0] up_x, down_x, net_clamped, net;
    gsp_extend #(.X_WIDTH(G + 7), .WIDTH(N)) extend_up (.x(up), .y(up_x));
    gsp_extend #(.X_WIDTH(G + 7), .WIDTH(N)) extend_down (.x(down), .y(down_x));
    gsp_clamp #(.WIDTH(N)) clamp_net (.x(net_sum), .lo(down_x), .hi(up_x), .y(net_clamped));
    wire unclamped = `GSP_BUG(9, 1'b0, net_sum < down_x) | `GSP_BUG(10, 1'b0, net_sum > up_x);
    assign net = unclamped ? net_sum : net_clamped;
    wire signed [N-G+F:0] dl;
    wire signed [N-1:0]   net_used = `GSP_BUG(11, net, (net >>> (G - F)) <<< (G - F));
    gsp_shr_round #(.WIDTH(N), .N(G - F)) round_net (.x(net_used), .y(dl));

    localparam integer M = (N - G + F + 1 > F + 7) ? N - G + F + 2 : F + 8;
    wire signed [M-1:0] l_m = {{(M-F-5){1'b0}}, l};
    wire signed [M-1:0] dl_m;
    gsp_extend #(.X_WIDTH(N - G + F + 1), .WIDTH(M)) extend_dl (.x(dl), .y(dl_m));
    wire signed [M-1:0] l_sum = l_m + dl_m;
    wire [F+4:0]        l_clamped;
    gsp_sat_u #(.X_WIDTH(M), .WIDTH(F + 5)) clamp_l (.x(l_sum), .y(l_clamped));
    wire [F+4:0] l_live = `GSP_BUG(14, l_clamped, l_sum[M-1] ? l_clamped : l_sum[F+4:0]);

    // (4)
    wire [F+4:0] l_compared = `GSP_BUG(20, l_live, l);
    wire reached = `GSP_BUG(12, l_compared >= lspk, l_compared > lspk);
    assign spike = reached & ~silent;
    wire [W:0]   jumped = {1'b0, ahp_decayed} + {1'b0, ahp_jump};
    wire [W-1:0] ahp_jumped = jumped[W] ? `GSP_BUG(25, {W{1'b1}}, jumped[W-1:0]) : jumped[W-1:0];

    assign l_next = silent ? `GSP_BUG(4, l, l_live) : spike ? lrst : l_live;
    assign refractory_count_next = silent ? refractory_count - 16'd1
                                 : spike ? refractory_steps - `GSP_BUG(3, 16'd0, {15'd0, refractory_steps != 16'd0})
                                 : 16'd0;
    wire waits = `GSP_BUG(16, 1'b0, silent);
    assign ampa_next = waits ? ampa : ampa_decayed;
    assign nmda_next = waits ? nmda : nmda_decayed;
    assign gaba_b_next = waits ? gaba_b : gaba_b_decayed;
    assign gaba_a_next = waits ? gaba_a : gaba_a_decayed;
    assign ahp_next = spike ? `GSP_BUG(13, ahp_jumped, ahp_decayed) : ahp_decayed;

    wire unused = &{1'b0, gated[16:0], driven[16:0], iin_clamped[N-1:C]};
endmodule
`default_nettype wire
