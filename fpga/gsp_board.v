// SPDX-License-Identifier: Apache-2.0
// A board's whole design but for its pins: bridge and registers (gsp_board_core) around the neuron.
// gsp_board_dut and the macros come from `gsp board MODEL`; its file is read first.
`default_nettype none
module gsp_board #(
    parameter integer DIVIDER = 12 // clocks a bit
) (
    input wire clk,
    input wire rx,
    output wire tx,
    output wire fault,
    output reg active // the neuron took a clock edge a short while ago
);
    // iCE40 flip-flops are 0 after configuration; reset ends when this has counted to its end.
    reg [3:0] awake = 4'd0;
    wire rst_n = &awake;
    always @(posedge clk) if (!rst_n) awake <= awake + 4'd1;

    wire dut_rst_n, dut_valid, dut_ready, dut_load, dut_out_valid, dut_out_ready;
    wire [`GSP_PARAMS_BITS-1:0] params;
    wire [`GSP_IN_BITS-1:0] in;
    wire [`GSP_OBS_BITS-1:0] obs;
    wire [5:0] load_place;
    wire [31:0] load_word;

    gsp_board_core #(
`ifdef GSP_BOARD_SMALL
        .FULL_SPEED(0),
`endif
        .DIVIDER(DIVIDER), .STREAM(`GSP_BOARD_STREAM), .N_PARAMS(`GSP_PARAMS_BITS / 32),
        .N_IN(`GSP_IN_BITS / 32), .N_OBS(`GSP_OBS_BITS / 32), .N_STATE(`GSP_BOARD_STATE_WORDS),
        .MODEL_HASH(`GSP_MODEL_HASH), .PARAM_MASK(`GSP_PARAM_MASK)
    ) core (
        .clk(clk), .rst_n(rst_n), .rx(rx), .tx(tx), .fault(fault),
        .dut_rst_n(dut_rst_n), .dut_valid(dut_valid), .dut_ready(dut_ready), .dut_params(params), .dut_in(in),
        .dut_load(dut_load), .dut_load_place(load_place), .dut_load_word(load_word),
        .dut_obs(obs), .dut_out_valid(dut_out_valid), .dut_out_ready(dut_out_ready)
    );
    gsp_board_dut dut (
        .clk(clk), .rst_n(dut_rst_n), .valid(dut_valid), .in_ready(dut_ready), .params(params), .in(in),
        .load(dut_load), .load_place(load_place), .load_word(load_word),
        .obs(obs), .out_valid(dut_out_valid), .ready(dut_out_ready)
    );

    reg [19:0] since;
    always @(posedge clk)
        if (dut_valid) begin
            since <= 20'd0;
            active <= 1'b1;
        end else begin
            since <= since + 20'd1;
            if (&since) active <= 1'b0;
        end
endmodule
`default_nettype wire
