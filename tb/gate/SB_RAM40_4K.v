// SPDX-License-Identifier: Apache-2.0
// iCE40 block RAM: 256 words of 16 bits, each port as wide as its mode says: 16, 8, 4 or 2 bits
// (mode 0 to 3). A narrow word sits in every 2^mode-th bit of a memory word, beginning with the
// bit that ADDR[8 + mode - 1:8] names, and in every 2^mode-th bit of the port from bit 2^(mode-1) - 1.
`default_nettype none
module SB_RAM40_4K #(
    parameter integer WRITE_MODE = 0,
    parameter integer READ_MODE = 0,
    parameter [255:0] INIT_0 = 256'd0,
    parameter [255:0] INIT_1 = 256'd0,
    parameter [255:0] INIT_2 = 256'd0,
    parameter [255:0] INIT_3 = 256'd0,
    parameter [255:0] INIT_4 = 256'd0,
    parameter [255:0] INIT_5 = 256'd0,
    parameter [255:0] INIT_6 = 256'd0,
    parameter [255:0] INIT_7 = 256'd0,
    parameter [255:0] INIT_8 = 256'd0,
    parameter [255:0] INIT_9 = 256'd0,
    parameter [255:0] INIT_A = 256'd0,
    parameter [255:0] INIT_B = 256'd0,
    parameter [255:0] INIT_C = 256'd0,
    parameter [255:0] INIT_D = 256'd0,
    parameter [255:0] INIT_E = 256'd0,
    parameter [255:0] INIT_F = 256'd0
) (
    input  wire        RCLK,
    input  wire        RCLKE,
    input  wire        RE,
    input  wire [10:0] RADDR,
    input  wire        WCLK,
    input  wire        WCLKE,
    input  wire        WE,
    input  wire [10:0] WADDR,
    input  wire [15:0] MASK,
    input  wire [15:0] WDATA,
    output wire [15:0] RDATA
);
    localparam [4095:0] INIT = {INIT_F, INIT_E, INIT_D, INIT_C, INIT_B, INIT_A, INIT_9, INIT_8,
                                INIT_7, INIT_6, INIT_5, INIT_4, INIT_3, INIT_2, INIT_1, INIT_0};
    reg [15:0] memory [0:255];
    integer k;
    initial for (k = 0; k < 256; k = k + 1) memory[k] = INIT[16*k +: 16];

    // What is written: the data bit of each memory bit, and which are kept.
    wire [15:0] data, keep;
    reg  [15:0] word;
    reg  [2:0]  part; // of the word that was read
    genvar i;
    generate
        if (WRITE_MODE == 0) begin : write_whole
            assign data = WDATA;
            assign keep = MASK;
        end else begin : write_part
            localparam integer STEP = 1 << WRITE_MODE;
            for (i = 0; i < 16; i = i + 1) begin : bits
                assign data[i] = WDATA[i / STEP * STEP + STEP / 2 - 1];
                assign keep[i] = {{(32 - WRITE_MODE){1'b0}}, WADDR[WRITE_MODE+7:8]} != i % STEP;
            end
        end
        if (READ_MODE == 0) begin : read_whole
            assign RDATA = word;
        end else begin : read_part
            localparam integer STEP = 1 << READ_MODE;
            for (i = 0; i < 16; i = i + 1) begin : bits
                if (i % STEP == STEP / 2 - 1) begin : used
                    wire [STEP-1:0] group = word[i / STEP * STEP +: STEP];
                    assign RDATA[i] = group[part[READ_MODE-1:0]];
                end else begin : zero
                    assign RDATA[i] = 1'b0;
                end
            end
        end
    endgenerate

    wire [7:0] row = WADDR[7:0];
    always @(posedge WCLK)
        if (WE && WCLKE) memory[row] <= (memory[row] & keep) | (data & ~keep);
    always @(posedge RCLK)
        if (RE && RCLKE) begin
            word <= memory[RADDR[7:0]];
            part <= RADDR[10:8];
        end
    wire unused = &{1'b0, WADDR[10:8], MASK, part}; // each only in some modes
endmodule
`default_nettype wire
