// SPDX-License-Identifier: Apache-2.0
// gsp_loihi_timer over two edges with advance = 1, for steps that are an even number of such edges apart: `clears`
// stands one of them after reset_count, reset_count_next one after that. holds = 1 while reset_count is that of a step;
// it must stand one edge longer. reset_interval and reset_offset are read while clears stands.
//
// A register first takes the complement of the count, for a comparison is an addition of the complement, whose carry
// costs no LUT, and then the count itself. A count of 2^16 is 0 here too, whether it wraps or not.
`include "gsp_bug.vh"
`default_nettype none
module gsp_loihi_timer_pipe (
    input  wire        clk,
    input  wire        advance,
    input  wire        holds,
    input  wire [15:0] reset_interval,
    input  wire [15:0] reset_offset,
    input  wire [15:0] reset_count,
    output wire [15:0] reset_count_next,
    output wire        clears
);
    `GSP_BUG_SELECT

    reg  [15:0] count; // or its complement
    wire [15:0] counted = reset_count + 16'd1;
    wire [16:0] to_interval = {1'b0, reset_interval} + {1'b0, count};
    wire [16:0] over_0 = {1'b0, reset_interval} + 17'h0FFFF;
    wire        off = ~over_0[16]; // implied by the next line; said for interval 0 as a constant
    wire        wraps = ~to_interval[16];
    always @(posedge clk)
        if (advance) begin
            count <= counted ^ {16{holds}};
            if (off | (wraps & ~holds))
                count <= 16'd0;
        end
    assign reset_count_next = count;

    // Whether the next count, 0 where it wraps, is the offset: at least as much and not more.
    wire [17:0] at_least = {1'b0, reset_offset, 1'b1} + {1'b0, count, 1'b1};
    wire [16:0] more = {1'b0, reset_offset} + {1'b0, count};
    wire [16:0] offset_over_0 = {1'b0, reset_offset} + 17'h0FFFF;
    wire        meets = wraps ? `GSP_BUG(247, ~offset_over_0[16], 1'b0) : at_least[17] & ~more[16];
    assign clears = ~off & meets;
    wire unused = &{1'b0, to_interval[15:0], over_0[15:0], at_least[16:0], more[15:0], offset_over_0[15:0]};
endmodule
`default_nettype wire
