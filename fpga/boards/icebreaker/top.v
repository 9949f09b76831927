// SPDX-License-Identifier: Apache-2.0
// iCEBreaker: 12 MHz, USB serial port at 1 Mbaud. LEDs are lit by 0.
`default_nettype none
module top (
    input wire clk,
    input wire rx,
    output wire tx,
    output wire led_red_n,
    output wire led_green_n
);
    // The larger neurons take more than a period of 12 MHz in this device; the line is slower than either.
    reg half = 1'b0;
    always @(posedge clk) half <= !half;

    wire fault, active;
    assign led_red_n = !fault;
    assign led_green_n = !active;
    gsp_board #(.DIVIDER(6)) board (.clk(half), .rx(rx), .tx(tx), .fault(fault), .active(active));
endmodule
`default_nettype wire
