// SPDX-License-Identifier: Apache-2.0
// dpi: y = x >> (14 + n), and whether a bit of it was lost. The result must fit WIDTH bits.
`default_nettype none
module gsp_dpi_shift #(
    parameter integer X_WIDTH = 48,
    parameter integer WIDTH = 33
) (
    input  wire [X_WIDTH-1:0] x,
    input  wire [5:0]         n,
    output wire [WIDTH-1:0]   y,
    output wire               lost
);
    localparam integer W = X_WIDTH - 14;
    wire [W-1:0] by_32 = n[5] ? x[X_WIDTH-1:14] >> 32 : x[X_WIDTH-1:14];
    wire [W-1:0] by_16 = n[4] ? by_32 >> 16 : by_32;
    wire [W-1:0] by_8 = n[3] ? by_16 >> 8 : by_16;
    wire [W-1:0] by_4 = n[2] ? by_8 >> 4 : by_8;
    wire [W-1:0] by_2 = n[1] ? by_4 >> 2 : by_4;
    wire [W-1:0] by_1 = n[0] ? by_2 >> 1 : by_2;
    assign y = by_1[WIDTH-1:0];

    localparam integer L = (W < 32) ? W : 32;
    assign lost = (|x[13:0]) | (n[5] & (|x[13+L:14])) | (n[4] & (|by_32[15:0])) | (n[3] & (|by_16[7:0]))
                | (n[2] & (|by_8[3:0])) | (n[1] & (|by_4[1:0])) | (n[0] & by_2[0]);
    wire unused = &{1'b0, by_1};
endmodule
`default_nettype wire
