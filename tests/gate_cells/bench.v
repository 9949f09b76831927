// SPDX-License-Identifier: Apache-2.0
// Drives every pair of cells that generate.py wrote.
`default_nettype none
module bench;
    integer compared, bad, i, n, draws;
    integer of_kind [0:31]; // differences
    reg [3:0] s; // inputs of the small cells: C, D, E, R or S of the flip-flops
    reg clk;
    reg [15:0] m_A, m_B, m_C, m_D;
    reg m_CE, m_AHOLD, m_BHOLD, m_CHOLD, m_DHOLD, m_IRSTTOP, m_IRSTBOT, m_ORSTTOP, m_ORSTBOT, m_OLOADTOP, m_OLOADBOT;
    reg m_ADDSUBTOP, m_ADDSUBBOT, m_OHOLDTOP, m_OHOLDBOT, m_CI, m_ACCUMCI, m_SIGNEXTIN;
    reg r_RCLKE, r_RE, r_WCLKE, r_WE;
    reg [10:0] r_RADDR, r_WADDR;
    reg [15:0] r_MASK, r_WDATA;

    task differs(input integer kind, input [12*8:1] cell_name, input integer pair_number);
        begin
            of_kind[kind] = of_kind[kind] + 1;
            if (bad < 10) $display("%0s, pair %0d: s=%b A=%h B=%h", cell_name, pair_number, s, m_A, m_B);
            bad = bad + 1;
        end
    endtask
`include "pairs.vh"

    function [15:0] operand(input integer dummy);
        case ($urandom & 7)
            0: operand = 16'h8000;
            1: operand = 16'h7fff;
            2: operand = 16'hffff;
            3: operand = $urandom & 3;
            4: operand = 16'd1 << ($urandom & 15);
            default: operand = $urandom;
        endcase
    endfunction

    task draw;
        reg [31:0] bits;
        begin
            m_A = operand(0);
            m_B = operand(0);
            m_C = operand(0);
            m_D = operand(0);
            bits = $urandom & $urandom;
            {m_AHOLD, m_BHOLD, m_CHOLD, m_DHOLD, m_OHOLDTOP, m_OHOLDBOT, m_OLOADTOP, m_OLOADBOT} = bits;
            bits = $urandom;
            {m_ADDSUBTOP, m_ADDSUBBOT, m_CI, m_ACCUMCI, m_SIGNEXTIN} = bits;
            m_CE = ($urandom & 7) != 0;
            bits = $urandom & $urandom & $urandom & $urandom;
            {m_IRSTTOP, m_IRSTBOT, m_ORSTTOP, m_ORSTBOT} = bits;
            // Few rows, so that what is written is read again.
            r_RADDR = $urandom & 11'h70f;
            r_WADDR = $urandom & 11'h70f;
            r_MASK = $urandom;
            r_WDATA = $urandom;
            {r_RCLKE, r_RE, r_WCLKE, r_WE} = $urandom | $urandom;
        end
    endtask

    initial begin
        if (!$value$plusargs("draws=%d", draws)) draws = 0;
        compared = 0;
        bad = 0;
        for (i = 0; i < KINDS; i = i + 1) of_kind[i] = 0;
        clk = 0;
        s = 0;
        {m_IRSTTOP, m_IRSTBOT, m_ORSTTOP, m_ORSTBOT} = 4'd0;
        draw;
        #1 {m_IRSTTOP, m_IRSTBOT, m_ORSTTOP, m_ORSTBOT} = 4'd15;
        {r_RCLKE, r_RE} = 2'd3;
        #1 clk = 1;
        #1 clk = 0;
        // Every sequence of three inputs of the small cells, clock included.
        for (i = 0; i < 4096; i = i + 1)
            for (n = 0; n < 3; n = n + 1) begin
                s = i >> (4 * n);
                #1 compare_small;
            end
        for (i = 0; i < draws; i = i + 1) begin
            draw;
            #1 compare_large;
            clk = 1;
            #1 compare_large;
            clk = 0;
            #1 compare_large;
        end
        summary;
        $display("end pairs=%0d compared=%0d bad=%0d", COUNT, compared, bad);
    end
endmodule
`default_nettype wire
