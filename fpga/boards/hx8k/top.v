// SPDX-License-Identifier: Apache-2.0
// iCE40-HX8K breakout board (ICE40HX8K-B-EVN): 12 MHz, USB serial port at 1 Mbaud. LEDs are lit by 1.
`default_nettype none
module top (
    input wire clk,
    input wire rx,
    output wire tx,
    output wire led_fault,
    output wire led_active
);
    gsp_board #(.DIVIDER(12)) board (.clk(clk), .rx(rx), .tx(tx), .fault(led_fault), .active(led_active));
endmodule
`default_nettype wire
