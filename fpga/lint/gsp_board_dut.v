// SPDX-License-Identifier: Apache-2.0
// Stands for what `gsp board MODEL` writes when scripts/lint.sh looks at the board designs: a device
// of two params, three inputs and two observed words, the first of them a state.
`define GSP_MODEL_HASH 32'h00000000
`define GSP_BOARD_STREAM 0
`define GSP_BOARD_STATE_WORDS 1
`define GSP_PARAMS_BITS 64
`define GSP_IN_BITS 96
`define GSP_OBS_BITS 64
`define GSP_PARAM_MASK {32'h0000ffff, 32'hffffffff}
`default_nettype none
module gsp_board_dut (
    input wire clk,
    input wire rst_n,
    input wire valid,
    output wire in_ready,
    input wire [63:0] params,
    input wire [95:0] in,
    input wire load,
    input wire [5:0] load_place,
    input wire [31:0] load_word,
    output wire [63:0] obs,
    output wire out_valid,
    input wire ready
);
    reg [63:0] seen;
    assign obs = seen;
    assign in_ready = 1'b1;
    assign out_valid = seen[0] && ready;
    always @(posedge clk)
        if (!rst_n) seen <= params;
        else if (valid) seen <= in[63:0] ^ {in[95:64], seen[31:0]};
        else if (load && load_place == 6'd0) seen[31:0] <= load_word;
endmodule
`default_nettype wire
