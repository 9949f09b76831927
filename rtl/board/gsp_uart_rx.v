// SPDX-License-Identifier: Apache-2.0
// Receives bytes, 8N1, DIVIDER clocks a bit. A byte whose stop bit is 0 is dropped.
`default_nettype none
module gsp_uart_rx #(
    parameter integer DIVIDER = 12
) (
    input wire clk,
    input wire rst_n,
    input wire rx,
    output wire [7:0] data,
    output reg valid // for one clock
);
    localparam integer WIDTH = $clog2(DIVIDER);
    localparam [31:0] BIT = DIVIDER - 1;
    localparam [31:0] HALF = DIVIDER / 2 - 1;

    generate
        if (DIVIDER < 4 || DIVIDER > 65536) begin : illegal_divider
            gsp_error_DIVIDER_must_be_4_to_65536 stop ();
        end
    endgenerate

    reg line_raw, line; // the pin comes from another clock
    reg busy;
    reg [WIDTH-1:0] count;
    reg [3:0] place; // 0 start bit, 1 to 8 data, 9 stop bit
    reg [7:0] shift;

    assign data = shift;

    always @(posedge clk) begin
        line_raw <= rx;
        line <= line_raw;
        valid <= 1'b0;
        if (!rst_n) begin
            busy <= 1'b0;
        end else if (!busy) begin
            busy <= !line;
            count <= HALF[WIDTH-1:0]; // to the middle of the start bit
            place <= 4'd0;
        end else if (count != 0) begin
            count <= count - 1'b1;
        end else begin
            count <= BIT[WIDTH-1:0];
            place <= place + 4'd1;
            if (place == 4'd9) begin
                busy <= 1'b0;
                valid <= line;
            end else begin
                shift <= {line, shift[7:1]};
                if (place == 4'd0 && line) busy <= 1'b0; // a spike on the line, no start bit
            end
        end
    end
endmodule
`default_nettype wire
