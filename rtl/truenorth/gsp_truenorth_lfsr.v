// SPDX-License-Identifier: Apache-2.0
// A replaceable source of random numbers for truenorth. IBM's generator is not public; this is not it.
//
// A linear feedback shift register of 31 bits, s[n+31] = s[n+3] ^ s[n] (x^31 + x^3 + 1, primitive). One draw is its
// next 17 bits, so that draws share no bit; rho is the low byte of a draw. An operation that consumes both numbers
// takes rho first. The C twin is goldenspike/truenorth_lfsr.h, bit for bit; it says why some bits of seed are inverted.
`include "gsp_bug.vh"
`default_nettype none

module gsp_truenorth_lfsr (
    input  wire clk,
    input  wire rst_n,                // synchronous, active low: loads seed
    input  wire en,                   // the neuron's en
    input  wire [30:0] seed,          // any value
    input  wire [1:0] draws_used,     // what the operation consumes, from gsp_truenorth_draws
    output wire [7:0] rho,            // for the operation of this cycle
    output wire [16:0] rho_threshold, // for the operation of this cycle
    output reg  [30:0] state
);
    `GSP_BUG_SELECT
    wire [30:0] start = seed ^ 31'h121fb544;

    // 17 steps at once: bit i of the 17 new ones is s[i+3] ^ s[i], and i + 3 <= 30.
    wire [30:0] once = {state[19:3] ^ state[16:0], state[30:17]};
    wire [30:0] twice = {once[19:3] ^ once[16:0], once[30:17]};

    assign rho = state[7:0];
    assign rho_threshold = draws_used[0] ? `GSP_BUG(101, once[16:0], state[16:0]) : state[16:0];

    always @(posedge clk)
        if (!rst_n)
            state <= `GSP_BUG(102, {start[30:1], start[0] || start == 31'd0}, start);
        else if (en)
            state <= draws_used == 2'd0 ? `GSP_BUG(103, state, once)
                   : draws_used == 2'd3 ? `GSP_BUG(104, twice, once)
                   :                      once;
endmodule

`default_nettype wire
