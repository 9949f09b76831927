// SPDX-License-Identifier: Apache-2.0
// Bytes to bus accesses, with the protocol of LiteX's uartbone on the wire:
//
//   command, length, address (4 bytes), for a write length words (4 bytes each)
//   command: 1 write, 2 read, the address counts up; 3 write, 4 read, the address stays
//
// All big-endian; a read is answered by length words. Addresses count words; here only the lowest
// ADDRESS_WIDTH bits are kept. Other command bytes are ignored. A command of which no further byte
// comes for 2**TIMEOUT_BITS clocks is dropped, so that the next one is understood whatever came before.
//
// Bus: `we` or `re` stays with addr and wdata until ack; rdata is taken with ack.
`default_nettype none
module gsp_uartbone #(
    parameter integer ADDRESS_WIDTH = 8,
    parameter integer TIMEOUT_BITS = 20
) (
    input wire clk,
    input wire rst_n,
    // Received bytes, and bytes to send: taken at valid && ready.
    input wire [7:0] in_data,
    input wire in_valid,
    output wire in_ready,
    output wire [7:0] out_data,
    output wire out_valid,
    input wire out_ready,
    output reg [ADDRESS_WIDTH-1:0] addr,
    output wire [31:0] wdata,
    output wire we,
    output wire re,
    input wire [31:0] rdata,
    input wire ack
);
    generate
        if (ADDRESS_WIDTH < 1 || ADDRESS_WIDTH > 30) begin : illegal_address_width
            gsp_error_ADDRESS_WIDTH_must_be_1_to_30 stop ();
        end
        if (TIMEOUT_BITS < 8 || TIMEOUT_BITS > 30) begin : illegal_timeout_bits
            gsp_error_TIMEOUT_BITS_must_be_8_to_30 stop ();
        end
    endgenerate

    localparam [2:0] COMMAND = 3'd0, LENGTH = 3'd1, ADDRESS = 3'd2, DATA = 3'd3, WRITE = 3'd4, READ = 3'd5,
        SEND = 3'd6;

    reg [2:0] state;
    reg is_read, counts_up;
    reg [7:0] left;  // words still to be moved
    reg [1:0] place; // byte within an address or word
    reg [31:0] word;
    reg [TIMEOUT_BITS:0] waited;

    wire listens = state == COMMAND || state == LENGTH || state == ADDRESS || state == DATA;
    wire last_byte = place == 2'd3;
    wire last_word = left == 8'd1;
    wire [7:0] unused_top;
    wire [ADDRESS_WIDTH-1:0] shifted_address;
    assign {unused_top, shifted_address} = {addr, in_data};

    assign in_ready = listens;
    assign out_valid = state == SEND;
    assign out_data = word[31:24];
    assign wdata = word;
    assign we = state == WRITE;
    assign re = state == READ;

    always @(posedge clk) begin
        if (in_valid || state == COMMAND || !listens)
            waited <= {(TIMEOUT_BITS + 1) {1'b0}};
        else
            waited <= waited + 1'b1;

        case (state)
            COMMAND: begin
                is_read <= !in_data[0];
                counts_up <= in_data[1] ^ in_data[0];
                place <= 2'd0;
                if (in_valid && in_data != 8'd0 && in_data <= 8'd4) state <= LENGTH;
            end
            LENGTH: begin
                left <= in_data;
                if (in_valid) state <= ADDRESS;
            end
            ADDRESS: if (in_valid) begin
                addr <= shifted_address;
                place <= place + 2'd1;
                if (last_byte) state <= left == 8'd0 ? COMMAND : is_read ? READ : DATA;
            end
            DATA: if (in_valid) begin
                word <= {word[23:0], in_data};
                place <= place + 2'd1;
                if (last_byte) state <= WRITE;
            end
            WRITE, READ: if (ack) begin
                if (is_read) word <= rdata;
                if (counts_up) addr <= addr + 1'b1;
                if (is_read) begin
                    state <= SEND;
                end else begin
                    left <= left - 8'd1;
                    state <= last_word ? COMMAND : DATA;
                end
            end
            default: if (out_ready) begin // SEND
                word <= {word[23:0], in_data}; // whatever comes in is not looked at
                place <= place + 2'd1;
                if (last_byte) begin
                    left <= left - 8'd1;
                    state <= last_word ? COMMAND : READ;
                end
            end
        endcase

        if (!rst_n || waited[TIMEOUT_BITS]) state <= COMMAND;
    end
endmodule
`default_nettype wire
