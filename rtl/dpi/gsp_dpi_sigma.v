// SPDX-License-Identifier: Apache-2.0
// dpi: y = 2^17 / (1 + 2^x) from a table of 16 octaves with straight lines between its words;
// x has L_FRACTION fraction bits. The other half of the curve is its mirror image.
`include "gsp_bug.vh"
`default_nettype none
module gsp_dpi_sigma #(
    parameter integer L_FRACTION = 19,
    parameter integer SEGMENT_BITS = 4,
    parameter T_TABLE = "t_table.hex"
) (
    input  wire signed [L_FRACTION+6:0] x,
    output wire [17:0]                  y
);
    localparam integer F = L_FRACTION;
    localparam integer SEG = SEGMENT_BITS;
    localparam integer FB = (F - SEG < 14) ? F - SEG : 14;

    reg [16:0] t_table [0:(16<<SEG)];
    initial $readmemh(T_TABLE, t_table);

    `GSP_BUG_SELECT

    wire               negative = x[F+6];
    wire [F+6:0]       ax = negative ? -x : x;
    wire               beyond = |ax[F+6:F+4]; // from 16 octaves on: the last word
    wire [SEG+4:0]     i = beyond ? {1'b1, {(SEG+4){1'b0}}} : {1'b0, ax[F+3:F-SEG]};
    wire [SEG+4:0]     i_above = beyond ? i : i + {{(SEG+4){1'b0}}, 1'b1};
    wire [FB-1:0]      fr = beyond ? {FB{1'b0}} : ax[F-SEG-1:F-SEG-FB];
    wire signed [17:0] t = {1'b0, t_table[i]};
    wire signed [17:0] t_above = {1'b0, t_table[i_above]};
    wire signed [17:0] fall = t - t_above;
    wire signed [FB:0] share = {1'b0, fr};

    wire signed [FB+18:0] product;
    wire signed [18:0]    fallen;
    gsp_mul #(.A_WIDTH(18), .B_WIDTH(FB + 1)) interpolate (.a(fall), .b(share), .y(product));
    gsp_shr_floor #(.WIDTH(FB + 19), .N(FB)) floor_product (.x(product), .y(fallen));
    // Between two words of the table: 0 to 2^17 - 1.
    wire [17:0] v = t - fallen[17:0];
    assign y = (negative & `GSP_BUG(7, 1'b1, 1'b0)) ? 18'h20000 - v : v;
    wire unused = &{1'b0, ax, fallen[18]};
endmodule
`default_nettype wire
