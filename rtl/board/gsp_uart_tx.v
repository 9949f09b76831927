// SPDX-License-Identifier: Apache-2.0
// Sends bytes, 8N1, DIVIDER clocks a bit.
`default_nettype none
module gsp_uart_tx #(
    parameter integer DIVIDER = 12
) (
    input wire clk,
    input wire rst_n,
    input wire [7:0] data,
    input wire valid,
    output wire ready,
    output wire tx
);
    localparam integer WIDTH = $clog2(DIVIDER);
    localparam [31:0] BIT = DIVIDER - 1;

    generate
        if (DIVIDER < 4 || DIVIDER > 65536) begin : illegal_divider
            gsp_error_DIVIDER_must_be_4_to_65536 stop ();
        end
    endgenerate

    reg [8:0] shift;
    reg [3:0] left; // bits still to send
    reg [WIDTH-1:0] count;

    assign tx = shift[0];
    assign ready = left == 4'd0;

    always @(posedge clk) begin
        if (!rst_n) begin
            shift <= 9'h1ff;
            left <= 4'd0;
        end else if (ready) begin
            count <= BIT[WIDTH-1:0];
            if (valid) begin
                shift <= {data, 1'b0};
                left <= 4'd10;
            end
        end else if (count != 0) begin
            count <= count - 1'b1;
        end else begin
            count <= BIT[WIDTH-1:0];
            left <= left - 4'd1;
            shift <= {1'b1, shift[8:1]};
        end
    end
endmodule
`default_nettype wire
