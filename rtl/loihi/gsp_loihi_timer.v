// SPDX-License-Identifier: Apache-2.0
// Line (1) of docs/models/loihi.md: t mod reset_interval, and whether u and v
// are cleared before this step. Combinational.
`include "gsp_bug.vh"
`default_nettype none
module gsp_loihi_timer (
    input  wire [15:0] reset_interval,
    input  wire [15:0] reset_offset,
    input  wire [15:0] reset_count,
    output wire [15:0] reset_count_next,
    output wire        clears
);
    `GSP_BUG_SELECT

    wire [16:0] count = {1'b0, reset_count} + 17'd1;
    wire        off = reset_interval == 16'd0; // implied by the next line; said for interval 0 as a constant
    wire        wraps = off | count >= {1'b0, reset_interval};
    assign reset_count_next = wraps ? 16'd0 : count[15:0];
    // The next count is 0 where it wraps; asking that apart keeps the compare off the multiplexer.
    wire        meets = wraps ? reset_offset == 16'd0
                              : `GSP_BUG(12, count[15:0], reset_count) == reset_offset;
    // (reset_interval != 0) & meets, as a carry: Yosys then leaves the factors that clears
    // gates in one LUT per bit with their adder (28 LUTs of iCE40).
    wire [2:0] gate = {1'b0, ~off, meets} + 3'd1;
    assign clears = gate[2];
    wire unused = &{1'b0, gate[1:0]};
endmodule
`default_nettype wire
