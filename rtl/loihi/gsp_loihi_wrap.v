// SPDX-License-Identifier: Apache-2.0
// Line (5) of docs/models/loihi.md: u of the exact sum of line (4). Combinational.
`include "gsp_bug.vh"
`default_nettype none
module gsp_loihi_wrap (
    input  wire               u_wrap, // param
    input  wire signed [31:0] u_sum,
    output wire signed [27:0] u_next,
    output wire               u_overflow
);
    `GSP_BUG_SELECT

    // Only the bits from 2^24 up change; lava keeps +2^23 and takes -2^23 to it.
    wire u_low = |u_sum[22:0];
    wire over  = ~u_sum[31] & ((|u_sum[30:24]) | (u_sum[23] & `GSP_BUG(5, u_low, 1'b1)));
    wire under = u_sum[31] & ~((&u_sum[30:23]) & u_low);
    wire [3:0] u_high = u_sum[27:24] + {over, over, over, over | under};
    assign u_next = {u_wrap ? u_high : {4{u_sum[23]}}, u_sum[23:0]};
    assign u_overflow = (|u_sum[31:23]) & ~(&u_sum[31:23]);
endmodule
`default_nettype wire
