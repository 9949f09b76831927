// SPDX-License-Identifier: Apache-2.0
// Compares every slot of every word with the vectors that fix.h produced.
module bench;
    parameter integer COUNT = 1;
    localparam integer WORDS = 4096;
    parameter integer RUN = WORDS; // of these so many are tried
    reg [15:0] expected [0:COUNT*WORDS-1];
    reg [11:0] x;
    integer    word, bad, compared;
    cells dut (.x(x), .out());

    task check;
        input integer     slot;
        input      [15:0] value;
        begin
            compared = compared + 1;
            if (value !== expected[word*COUNT+slot]) begin
                bad = bad + 1;
                if (bad <= 3)
                    $display("instance %0d operands %h: %h, expected %h", slot, x, value, expected[word*COUNT+slot]);
            end
        end
    endtask

    initial begin
        $readmemh("vectors.hex", expected);
        bad = 0;
        compared = 0;
        for (word = 0; word < RUN; word = word + 1) begin
            x = word[11:0];
            #1;
            `include "checks.vh"
        end
        $display("end compared=%0d bad=%0d", compared, bad);
    end
endmodule
