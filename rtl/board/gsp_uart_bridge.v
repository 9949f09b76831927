// SPDX-License-Identifier: Apache-2.0
// The bridge from a serial line to a bus: receiver, queue of received bytes, protocol, transmitter.
// The queue lets a host send commands while the answers of earlier ones are on the line.
`default_nettype none
module gsp_uart_bridge #(
    parameter integer DIVIDER = 12,
    parameter integer ADDRESS_WIDTH = 8,
    parameter integer FIFO_BITS = 11,
    parameter integer TIMEOUT_BITS = 20
) (
    input wire clk,
    input wire rst_n,
    input wire rx,
    output wire tx,
    output wire [ADDRESS_WIDTH-1:0] addr,
    output wire [31:0] wdata,
    output wire we,
    output wire re,
    input wire [31:0] rdata,
    input wire ack,
    output wire lost // a byte came while the queue was full
);
    wire [7:0] received, in_data, out_data;
    wire received_valid, in_valid, in_ready, out_valid, out_ready, full;

    assign lost = received_valid && full;

    gsp_uart_rx #(.DIVIDER(DIVIDER)) receiver (
        .clk(clk), .rst_n(rst_n), .rx(rx), .data(received), .valid(received_valid)
    );
    gsp_fifo #(.WIDTH(8), .DEPTH_BITS(FIFO_BITS)) queue (
        .clk(clk), .clear(!rst_n), .write(received_valid), .in_data(received),
        .take(in_ready), .out_data(in_data), .out_valid(in_valid), .full(full)
    );
    gsp_uartbone #(.ADDRESS_WIDTH(ADDRESS_WIDTH), .TIMEOUT_BITS(TIMEOUT_BITS)) bone (
        .clk(clk), .rst_n(rst_n), .in_data(in_data), .in_valid(in_valid), .in_ready(in_ready),
        .out_data(out_data), .out_valid(out_valid), .out_ready(out_ready),
        .addr(addr), .wdata(wdata), .we(we), .re(re), .rdata(rdata), .ack(ack)
    );
    gsp_uart_tx #(.DIVIDER(DIVIDER)) transmitter (
        .clk(clk), .rst_n(rst_n), .data(out_data), .valid(out_valid), .ready(out_ready), .tx(tx)
    );
endmodule
`default_nettype wire
