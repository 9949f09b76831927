// SPDX-License-Identifier: Apache-2.0
// dpi, one neuron: gsp_dpi_step with its registers. Ports and parameters as there.
`include "gsp_bug.vh"
`default_nettype none
module gsp_dpi #(
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
    input  wire                         en,    // 1: one step at this edge
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
    output reg  [STATE_WIDTH-1:0]       ampa,
    output reg  [STATE_WIDTH-1:0]       nmda,
    output reg  [STATE_WIDTH-1:0]       gaba_b,
    output reg  [STATE_WIDTH-1:0]       gaba_a,
    output reg  [STATE_WIDTH-1:0]       ahp,
    // outputs
    output reg                          spike
);
    wire [L_FRACTION+4:0]  l_next;
    wire [15:0]            refractory_count_next;
    wire [STATE_WIDTH-1:0] ampa_next, nmda_next, gaba_b_next, gaba_a_next, ahp_next;
    wire                   spike_next;

    `GSP_BUG_SELECT

    gsp_dpi_step #(
        .L_FRACTION(L_FRACTION), .I_FRACTION(I_FRACTION), .SEGMENT_BITS(SEGMENT_BITS), .STATE_WIDTH(STATE_WIDTH),
        .E_SYN(E_SYN), .E_AHP(E_AHP), .T_TABLE(T_TABLE), .A_TABLE(A_TABLE)
    ) step (
        .itau(itau), .io(io), .lth(lth), .lnm(lnm), .lspk(lspk), .lrst(lrst), .refractory_steps(refractory_steps),
        .dm_ampa(dm_ampa), .ds_ampa(ds_ampa), .dm_nmda(dm_nmda), .ds_nmda(ds_nmda), .dm_gaba_b(dm_gaba_b),
        .ds_gaba_b(ds_gaba_b), .dm_gaba_a(dm_gaba_a), .ds_gaba_a(ds_gaba_a), .dm_ahp(dm_ahp), .ds_ahp(ds_ahp),
        .ahp_jump(ahp_jump), .idc(idc), .add_ampa(add_ampa), .add_nmda(add_nmda), .add_gaba_b(add_gaba_b),
        .add_gaba_a(add_gaba_a), .l(l), .refractory_count(refractory_count), .ampa(ampa), .nmda(nmda),
        .gaba_b(gaba_b), .gaba_a(gaba_a), .ahp(ahp), .l_next(l_next), .refractory_count_next(refractory_count_next),
        .ampa_next(ampa_next), .nmda_next(nmda_next), .gaba_b_next(gaba_b_next), .gaba_a_next(gaba_a_next),
        .ahp_next(ahp_next), .spike(spike_next)
    );

    always @(posedge clk) begin
        if (!rst_n) begin
            l <= {(L_FRACTION+5){1'b0}};
            refractory_count <= 16'd0;
            ampa <= {STATE_WIDTH{1'b0}};
            nmda <= {STATE_WIDTH{1'b0}};
            gaba_b <= {STATE_WIDTH{1'b0}};
            gaba_a <= {STATE_WIDTH{1'b0}};
            ahp <= `GSP_BUG(22, {STATE_WIDTH{1'b0}}, ahp);
            spike <= 1'b0;
        end else if (`GSP_BUG(21, en, 1'b1)) begin
            l <= l_next;
            refractory_count <= refractory_count_next;
            ampa <= ampa_next;
            nmda <= nmda_next;
            gaba_b <= gaba_b_next;
            gaba_a <= gaba_a_next;
            ahp <= ahp_next;
            spike <= spike_next;
        end else begin
            spike <= `GSP_BUG(23, spike, 1'b0);
        end
    end
endmodule
`default_nettype wire
