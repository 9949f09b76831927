// SPDX-License-Identifier: Apache-2.0
// A queue in block RAM: 2**DEPTH_BITS - 1 words. What is written shows at the output two clocks later.
`default_nettype none
module gsp_fifo #(
    parameter integer WIDTH = 8,
    parameter integer DEPTH_BITS = 9
) (
    input wire clk,
    input wire clear,
    input wire write,
    input wire [WIDTH-1:0] in_data,
    input wire take,
    output reg [WIDTH-1:0] out_data, // means something only while out_valid
    output reg out_valid,
    output wire full                 // a write now is lost
);
    generate
        if (WIDTH < 1 || WIDTH > 64) begin : illegal_width
            gsp_error_WIDTH_must_be_1_to_64 stop ();
        end
        if (DEPTH_BITS < 2 || DEPTH_BITS > 14) begin : illegal_depth_bits
            gsp_error_DEPTH_BITS_must_be_2_to_14 stop ();
        end
    endgenerate

    (* no_rw_check *) // what is written is not read in the same clock, see out_valid
    reg [WIDTH-1:0] memory [0:(1<<DEPTH_BITS)-1];
    reg [DEPTH_BITS-1:0] head, tail; // next to write, next to read

    wire [DEPTH_BITS-1:0] after_head = head + 1'b1;
    wire [DEPTH_BITS-1:0] next_tail = tail + {{(DEPTH_BITS - 1) {1'b0}}, take && out_valid};
    assign full = after_head == tail;

    always @(posedge clk) begin
        if (write && !full) memory[head] <= in_data;
        out_data <= memory[next_tail];
        // Against the head before this clock's write: what is written now is not read yet.
        out_valid <= !clear && next_tail != head;
        if (clear) begin
            head <= {DEPTH_BITS{1'b0}};
            tail <= {DEPTH_BITS{1'b0}};
        end else begin
            if (write && !full) head <= after_head;
            tail <= next_tail;
        end
    end
endmodule
`default_nettype wire
