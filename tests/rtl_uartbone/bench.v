// SPDX-License-Identifier: Apache-2.0
// The bridge from its pins: what LiteX's uartbone client sends, and what it must never send.
`default_nettype none
`timescale 1ns / 1ns
module bench;
    localparam integer DIVIDER = 6, TIMEOUT_BITS = 8;
    localparam integer BIT = 10 * DIVIDER; // of a clock of 10 ns

    reg clk = 1'b0, rst_n = 1'b0, rx = 1'b1;
    wire tx, we, re, lost;
    wire [7:0] addr;
    wire [31:0] wdata;
    reg [31:0] memory [0:255];
    reg [1:0] slow = 2'd0; // the bus answers after 0 to 3 clocks
    wire ack = (we || re) && slow == 2'd3;

    always #5 clk = !clk;
    always @(posedge clk) begin
        slow <= we || re ? slow + 2'd1 : addr[1:0];
        if (we && ack) memory[addr] <= wdata;
    end

    gsp_uart_bridge #(
        .DIVIDER(DIVIDER), .ADDRESS_WIDTH(8), .FIFO_BITS(6), .TIMEOUT_BITS(TIMEOUT_BITS)
    ) dut (
        .clk(clk), .rst_n(rst_n), .rx(rx), .tx(tx), .addr(addr), .wdata(wdata),
        .we(we), .re(re), .rdata(memory[addr]), .ack(ack), .lost(lost)
    );

    // What the bridge sends.
    reg [7:0] answer [0:4095];
    integer answers = 0, k;
    reg [7:0] byte_in;
    always begin
        @(negedge tx);
        #(BIT / 2);
        for (k = 0; k < 8; k = k + 1) begin
            #(BIT) byte_in[k] = tx;
        end
        #(BIT);
        if (tx !== 1'b1) begin
            $display("no stop bit");
            wrong = wrong + 1;
        end
        answer[answers] = byte_in;
        answers = answers + 1;
    end

    integer wrong = 0, checks = 0, i, lost_bytes = 0;
    always @(posedge clk) if (lost) lost_bytes = lost_bytes + 1;

    task send(input [7:0] data);
        integer b;
        begin
            rx = 1'b0;
            #(BIT);
            for (b = 0; b < 8; b = b + 1) begin
                rx = data[b];
                #(BIT);
            end
            rx = 1'b1;
            #(BIT);
        end
    endtask
    task send_word(input [31:0] data);
        begin
            send(data[31:24]);
            send(data[23:16]);
            send(data[15:8]);
            send(data[7:0]);
        end
    endtask
    task command(input [7:0] what, input [7:0] words, input [31:0] address);
        begin
            send(what);
            send(words);
            send_word(address);
        end
    endtask
    task quiet;
        #(10 * 2400); // 40 bytes, several times what a half command lives
    endtask
    task check(input [31:0] seen, input [31:0] wanted, input [8*28-1:0] what);
        begin
            checks = checks + 1;
            if (seen !== wanted) begin
                wrong = wrong + 1;
                $display("%0s: %h, wanted %h", what, seen, wanted);
            end
        end
    endtask
    function [31:0] word_at(input integer at);
        word_at = {answer[at], answer[at+1], answer[at+2], answer[at+3]};
    endfunction

    initial begin
        for (i = 0; i < 256; i = i + 1) memory[i] = 32'h01000000 + i * 32'h00010203;
        #100 rst_n = 1'b1;
        #100;
        // write, the address counts up
        command(8'h01, 8'd3, 32'h00000010);
        send_word(32'h11223344);
        send_word(32'h55667788);
        send_word(32'h99aabbcc);
        quiet;
        check(memory[16], 32'h11223344, "write 0");
        check(memory[17], 32'h55667788, "write 1");
        check(memory[18], 32'h99aabbcc, "write 2");
        check(memory[19], 32'h01000000 + 19 * 32'h00010203, "beyond the write");
        // read, the address counts up
        command(8'h02, 8'd4, 32'h00000010);
        quiet;
        check(answers, 16, "bytes of read");
        check(word_at(0), 32'h11223344, "read 0");
        check(word_at(4), 32'h55667788, "read 1");
        check(word_at(8), 32'h99aabbcc, "read 2");
        check(word_at(12), 32'h01000000 + 19 * 32'h00010203, "read 3");
        // write and read, the address stays
        answers = 0;
        command(8'h03, 8'd2, 32'h00000020);
        send_word(32'hdeadbeef);
        send_word(32'h0badcafe);
        command(8'h04, 8'd2, 32'h00000020);
        quiet;
        check(memory[32], 32'h0badcafe, "fixed write");
        check(memory[33], 32'h01000000 + 33 * 32'h00010203, "beyond the fixed write");
        check(answers, 8, "bytes of fixed read");
        check(word_at(0), 32'h0badcafe, "fixed read 0");
        check(word_at(4), 32'h0badcafe, "fixed read 1");
        // a length of 0 does nothing, and the next command is understood
        answers = 0;
        command(8'h02, 8'd0, 32'h00000010);
        command(8'h01, 8'd0, 32'h00000010);
        command(8'h02, 8'd1, 32'h00000011);
        quiet;
        check(answers, 4, "bytes after length 0");
        check(word_at(0), 32'h55667788, "read after length 0");
        // bytes that are no command
        answers = 0;
        send(8'h00);
        send(8'h05);
        send(8'hff);
        send(8'h80);
        command(8'h02, 8'd1, 32'h00000012);
        quiet;
        check(answers, 4, "bytes after garbage");
        check(word_at(0), 32'h99aabbcc, "read after garbage");
        // a half command of each length dies by itself
        for (i = 1; i < 10; i = i + 1) begin : half
            integer b;
            answers = 0;
            for (b = 0; b < i; b = b + 1) send(b == 0 ? 8'h01 : b == 1 ? 8'h02 : 8'h00);
            quiet;
            command(8'h02, 8'd1, 32'h00000012);
            quiet;
            check(answers, 4, "bytes after half a command");
            check(word_at(0), 32'h99aabbcc, "read after half a command");
        end
        check(memory[0], 32'h01000000, "half a write");
        // a slow sender's does not: 93 % of the time from byte to byte
        answers = 0;
        send(8'h02);
        #(7 << TIMEOUT_BITS) send(8'h01);
        #(7 << TIMEOUT_BITS) send_word(32'h00000012);
        quiet;
        check(answers, 4, "bytes for a slow sender");
        // commands while answers are on the line: 6 reads of 3 words at once, then a write
        answers = 0;
        for (i = 0; i < 6; i = i + 1) command(8'h02, 8'd3, 32'h00000010);
        command(8'h01, 8'd1, 32'h00000040);
        send_word(32'h13579bdf);
        quiet;
        quiet;
        check(answers, 72, "bytes of queued reads");
        for (i = 0; i < 6; i = i + 1) check(word_at(12 * i + 8), 32'h99aabbcc, "queued read");
        check(memory[64], 32'h13579bdf, "queued write");
        check(lost_bytes, 0, "bytes lost");
        // more than the queue takes is told
        for (i = 0; i < 30; i = i + 1) command(8'h02, 8'd16, 32'h00000010);
        check(lost_bytes > 0, 1, "loss is told");
        for (i = 0; i < 20; i = i + 1) quiet;
        // a spike on the line and a byte without its stop bit are no bytes
        answers = 0;
        rx = 1'b0;
        #20 rx = 1'b1;
        #(BIT * 12);
        rx = 1'b0; // 0x02, which would begin a command
        #(BIT * 2) rx = 1'b1;
        #(BIT) rx = 1'b0;
        #(BIT * 7) rx = 1'b1;
        #(BIT * 3);
        command(8'h02, 8'd1, 32'h00000011);
        quiet;
        check(answers, 4, "bytes after a spike");
        check(word_at(0), 32'h55667788, "read after a spike");
        $display("END %0d checks, %0d wrong", checks, wrong);
        $finish;
    end
endmodule
`default_nettype wire
