// SPDX-License-Identifier: Apache-2.0
// dpi, NEURONS neurons over one datapath (docs/rtl.md, form array).
`default_nettype none
module gsp_dpi_array #(
    parameter integer NEURONS = 256,
    parameter integer L_FRACTION = 19,
    parameter integer I_FRACTION = 26,
    parameter integer SEGMENT_BITS = 4,
    parameter integer STATE_WIDTH = 32,
    parameter integer E_SYN = 4,
    parameter integer E_AHP = 6,
    parameter T_TABLE = "t_table.hex",
    parameter A_TABLE = "a_table.hex",
    parameter integer OWN_PARAMS = 0, // 1: each neuron has its own
    parameter integer ID_WIDTH = $clog2(NEURONS) // derived
) (
    input  wire clk,
    input  wire rst_n, // synchronous; starts the sweep, in which every state becomes 0

    // params: of all neurons, which may change when no update is in flight and in_ready = 1; with OWN_PARAMS
    // of neuron param_id, taken at an edge with param_write && param_ready
    input  wire [I_FRACTION+5:0] itau,
    input  wire [I_FRACTION+5:0] io,
    input  wire signed [L_FRACTION+5:0] lth,
    input  wire signed [L_FRACTION+5:0] lnm,
    input  wire [L_FRACTION+4:0] lspk,
    input  wire [L_FRACTION+4:0] lrst,
    input  wire [15:0] refractory_steps,
    input  wire [16:0] dm_ampa,
    input  wire [5:0] ds_ampa,
    input  wire [16:0] dm_nmda,
    input  wire [5:0] ds_nmda,
    input  wire [16:0] dm_gaba_b,
    input  wire [5:0] ds_gaba_b,
    input  wire [16:0] dm_gaba_a,
    input  wire [5:0] ds_gaba_a,
    input  wire [16:0] dm_ahp,
    input  wire [5:0] ds_ahp,
    input  wire [STATE_WIDTH-1:0] ahp_jump,
    input  wire param_write,
    output wire param_ready,
    input  wire [ID_WIDTH-1:0] param_id,

    input  wire in_valid,
    output wire in_ready,
    input  wire [ID_WIDTH-1:0] in_id,
    input  wire [I_FRACTION+5:0] idc,
    input  wire [STATE_WIDTH-1:0] add_ampa,
    input  wire [STATE_WIDTH-1:0] add_nmda,
    input  wire [STATE_WIDTH-1:0] add_gaba_b,
    input  wire [STATE_WIDTH-1:0] add_gaba_a,

    output wire out_valid,
    input  wire out_ready,
    output wire [ID_WIDTH-1:0] out_id,
    output wire [L_FRACTION+4:0] l,
    output wire [15:0] refractory_count,
    output wire [STATE_WIDTH-1:0] ampa,
    output wire [STATE_WIDTH-1:0] nmda,
    output wire [STATE_WIDTH-1:0] gaba_b,
    output wire [STATE_WIDTH-1:0] gaba_a,
    output wire [STATE_WIDTH-1:0] ahp,
    output wire spike,

    // trace: what the update was made of
    output wire [L_FRACTION+4:0] l_before,
    output wire [15:0] refractory_count_before,
    output wire [STATE_WIDTH-1:0] ampa_before,
    output wire [STATE_WIDTH-1:0] nmda_before,
    output wire [STATE_WIDTH-1:0] gaba_b_before,
    output wire [STATE_WIDTH-1:0] gaba_a_before,
    output wire [STATE_WIDTH-1:0] ahp_before,
    output wire [I_FRACTION+5:0] idc_taken,
    output wire [STATE_WIDTH-1:0] add_ampa_taken,
    output wire [STATE_WIDTH-1:0] add_nmda_taken,
    output wire [STATE_WIDTH-1:0] add_gaba_b_taken,
    output wire [STATE_WIDTH-1:0] add_gaba_a_taken
);
    localparam integer IN_WIDTH = I_FRACTION + 6 + 4 * STATE_WIDTH;
    localparam integer ALL_WIDTH = L_FRACTION + 21 + 5 * STATE_WIDTH; // of the states
    localparam integer PARAM_WIDTH = 4 * L_FRACTION + 2 * I_FRACTION + STATE_WIDTH + 165;

    wire advance, works, done, unused_entered;
    wire [I_FRACTION+5:0] idc_1; // stage 1
    wire [STATE_WIDTH-1:0] add_ampa_1;
    wire [STATE_WIDTH-1:0] add_nmda_1;
    wire [STATE_WIDTH-1:0] add_gaba_b_1;
    wire [STATE_WIDTH-1:0] add_gaba_a_1;
    wire [L_FRACTION+4:0] l_1;
    wire [15:0] refractory_count_1;
    wire [STATE_WIDTH-1:0] ampa_1;
    wire [STATE_WIDTH-1:0] nmda_1;
    wire [STATE_WIDTH-1:0] gaba_b_1;
    wire [STATE_WIDTH-1:0] gaba_a_1;
    wire [STATE_WIDTH-1:0] ahp_1;
    wire [L_FRACTION+4:0] l_next;
    wire [15:0] refractory_count_next;
    wire [STATE_WIDTH-1:0] ampa_next;
    wire [STATE_WIDTH-1:0] nmda_next;
    wire [STATE_WIDTH-1:0] gaba_b_next;
    wire [STATE_WIDTH-1:0] gaba_a_next;
    wire [STATE_WIDTH-1:0] ahp_next;
    wire spike_next;
    // params of the update in stage 1
    wire [I_FRACTION+5:0] itau_1;
    wire [I_FRACTION+5:0] io_1;
    wire signed [L_FRACTION+5:0] lth_1;
    wire signed [L_FRACTION+5:0] lnm_1;
    wire [L_FRACTION+4:0] lspk_1;
    wire [L_FRACTION+4:0] lrst_1;
    wire [15:0] refractory_steps_1;
    wire [16:0] dm_ampa_1;
    wire [5:0] ds_ampa_1;
    wire [16:0] dm_nmda_1;
    wire [5:0] ds_nmda_1;
    wire [16:0] dm_gaba_b_1;
    wire [5:0] ds_gaba_b_1;
    wire [16:0] dm_gaba_a_1;
    wire [5:0] ds_gaba_a_1;
    wire [16:0] dm_ahp_1;
    wire [5:0] ds_ahp_1;
    wire [STATE_WIDTH-1:0] ahp_jump_1;

    gsp_array #(
        .NEURONS(NEURONS), .DEPTH(2), .IN_WIDTH(IN_WIDTH), .STATE_WIDTH(ALL_WIDTH), .RESULT_WIDTH(1),
        .OWN_PARAMS(OWN_PARAMS), .PARAM_WIDTH(PARAM_WIDTH)
    ) array (
        .clk(clk), .rst_n(rst_n),
        .in_valid(in_valid), .in_ready(in_ready), .in_id(in_id),
        .in_data({idc, add_ampa, add_nmda, add_gaba_b, add_gaba_a}),
        .param_write(param_write), .param_ready(param_ready), .param_id(param_id), .param_in({
            itau, io, lth, lnm, lspk, lrst, refractory_steps, dm_ampa, ds_ampa, dm_nmda, ds_nmda, dm_gaba_b,
            ds_gaba_b, dm_gaba_a, ds_gaba_a, dm_ahp, ds_ahp, ahp_jump
        }), .params({
            itau_1, io_1, lth_1, lnm_1, lspk_1, lrst_1, refractory_steps_1, dm_ampa_1, ds_ampa_1, dm_nmda_1,
            ds_nmda_1, dm_gaba_b_1, ds_gaba_b_1, dm_gaba_a_1, ds_gaba_a_1, dm_ahp_1, ds_ahp_1, ahp_jump_1
        }),
        .advance(advance), .entered(unused_entered), .works(works), .done(done),
        .in({idc_1, add_ampa_1, add_nmda_1, add_gaba_b_1, add_gaba_a_1}),
        .state({l_1, refractory_count_1, ampa_1, nmda_1, gaba_b_1, gaba_a_1, ahp_1}),
        .state_next({l_next, refractory_count_next, ampa_next, nmda_next, gaba_b_next, gaba_a_next, ahp_next}),
        .result(spike_next),
        .state_reset({ALL_WIDTH{1'b0}}),
        .out_valid(out_valid), .out_ready(out_ready), .out_id(out_id),
        .out_state({l, refractory_count, ampa, nmda, gaba_b, gaba_a, ahp}),
        .out_result(spike),
        .out_before({
            l_before, refractory_count_before, ampa_before, nmda_before, gaba_b_before, gaba_a_before,
            ahp_before
        }),
        .out_in({idc_taken, add_ampa_taken, add_nmda_taken, add_gaba_b_taken, add_gaba_a_taken})
    );

    gsp_dpi_pipeline #(
        .L_FRACTION(L_FRACTION), .I_FRACTION(I_FRACTION), .SEGMENT_BITS(SEGMENT_BITS),
        .STATE_WIDTH(STATE_WIDTH), .E_SYN(E_SYN), .E_AHP(E_AHP), .T_TABLE(T_TABLE), .A_TABLE(A_TABLE),
        .OWN_PARAMS(OWN_PARAMS)
    ) pipeline (
        .clk(clk), .advance(advance), .works(works), .done(done), .itau(itau_1), .io(io_1), .lth(lth_1),
        .lnm(lnm_1), .lspk(lspk_1), .lrst(lrst_1), .refractory_steps(refractory_steps_1), .dm_ampa(dm_ampa_1),
        .ds_ampa(ds_ampa_1), .dm_nmda(dm_nmda_1), .ds_nmda(ds_nmda_1), .dm_gaba_b(dm_gaba_b_1),
        .ds_gaba_b(ds_gaba_b_1), .dm_gaba_a(dm_gaba_a_1), .ds_gaba_a(ds_gaba_a_1), .dm_ahp(dm_ahp_1),
        .ds_ahp(ds_ahp_1), .ahp_jump(ahp_jump_1), .idc(idc_1), .add_ampa(add_ampa_1), .add_nmda(add_nmda_1),
        .add_gaba_b(add_gaba_b_1), .add_gaba_a(add_gaba_a_1), .l(l_1), .refractory_count(refractory_count_1),
        .ampa(ampa_1), .nmda(nmda_1), .gaba_b(gaba_b_1), .gaba_a(gaba_a_1), .ahp(ahp_1), .l_next(l_next),
        .refractory_count_next(refractory_count_next), .ampa_next(ampa_next), .nmda_next(nmda_next),
        .gaba_b_next(gaba_b_next), .gaba_a_next(gaba_a_next), .ahp_next(ahp_next), .spike(spike_next)
    );
endmodule
`default_nettype wire
