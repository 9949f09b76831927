// SPDX-License-Identifier: Apache-2.0
// dpi: the positive feedback current of l, from a table of 32 octaves with straight lines between its words.
`include "gsp_bug.vh"
`default_nettype none
module gsp_dpi_feedback #(
    parameter integer L_FRACTION = 19,
    parameter integer I_FRACTION = 26,
    parameter integer SEGMENT_BITS = 4,
    parameter A_TABLE = "a_table.hex"
) (
    input  wire [L_FRACTION+4:0] l,
    output wire [I_FRACTION+5:0] y
);
    localparam integer F = L_FRACTION;
    localparam integer SEG = SEGMENT_BITS;
    localparam integer FB = (F - SEG < 14) ? F - SEG : 14;
    localparam integer C = I_FRACTION + 6;

    reg [C-1:0] a_table [0:(32<<SEG)];
    initial $readmemh(A_TABLE, a_table);

    `GSP_BUG_SELECT

    wire [SEG+5:0]    j = {1'b0, l[F+4:F-SEG]};
    wire [SEG+5:0]    j_above = `GSP_BUG(15, j + {{(SEG+5){1'b0}}, 1'b1}, j ^ {{(SEG+5){1'b0}}, 1'b1});
    wire signed [C:0] a = {1'b0, a_table[j]};
    wire signed [C:0] a_above = {1'b0, a_table[j_above]};
    wire signed [C:0] rise = a_above - a;
    wire signed [C:0] rise_used = `GSP_BUG(17, rise, rise[C] ? {(C+1){1'b0}} : rise);
    wire signed [FB:0] share = {1'b0, l[F-SEG-1:F-SEG-FB]};

    wire signed [C+FB+1:0] product;
    wire signed [C+1:0]    risen;
    gsp_mul #(.A_WIDTH(C + 1), .B_WIDTH(FB + 1)) interpolate (.a(rise_used), .b(share), .y(product));
    gsp_shr_floor #(.WIDTH(C + FB + 2), .N(FB)) floor_product (.x(product), .y(risen));
    // Between two words of the table: it fits their width.
    assign y = a[C-1:0] + risen[C-1:0];
    wire unused = &{1'b0, l, risen[C+1:C]};
endmodule
`default_nettype wire
