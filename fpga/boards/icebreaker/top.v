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
    wire fault, active;
    assign led_red_n = !fault;
    assign led_green_n = !active;
    gsp_board #(.DIVIDER(12)) board (.clk(clk), .rx(rx), .tx(tx), .fault(fault), .active(active));
endmodule
`default_nettype wire
