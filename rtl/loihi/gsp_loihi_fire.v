// SPDX-License-Identifier: Apache-2.0
// Lines (7) to (11) of docs/models/loihi.md: from the decayed voltage plus x to
// the next v, the spike and the refractory count. Combinational.
`include "gsp_bug.vh"
`default_nettype none
module gsp_loihi_fire (
    // params
    input  wire [22:0]        vth,
    input  wire signed [23:0] vth_lo,
    input  wire               ternary,
    input  wire [5:0]         refract_delay,
    input  wire signed [23:0] vmin,
    input  wire signed [23:0] vmax,
    input  wire [5:0]         refractory_count,
    // dec(v) + x
    input  wire signed [29:0] v_sum,
    output wire signed [23:0] v_next,
    output wire [5:0]         refractory_count_next,
    output wire signed [1:0]  spike,
    output wire               v_clipped
);
    `GSP_BUG_SELECT

    // (7) vmin <= 0 <= vmax: the sign of the sum names the only bound it can pass.
    wire               negative = v_sum[29];
    wire signed [23:0] bound = negative ? vmin : vmax;
    wire signed [23:0] v_low = v_sum[23:0];
    wire               far = negative ? ~(&v_sum[28:23]) : |v_sum[28:23];
    // One chain for both: a negative sum clips below the bound, another above it. With the
    // sign bits turned, v_low + ~bound + negative carries out of bit 23 when v_low >= bound
    // (negative) or v_low > bound.
    wire [25:0] distance = {1'b0, ~v_low[23], v_low[22:0], 1'b1} + {1'b0, bound[23], ~bound[22:0], negative};
    wire        beyond = distance[25] ^ negative;
    wire        clip = `GSP_BUG(7, far, 1'b0) | beyond;
    assign v_clipped = clip;

    // (8)
    wire               silent = |refractory_count;
    wire signed [23:0] v_live = `GSP_BUG(8, silent, 1'b0) ? 24'sd0 : clip ? bound : v_low;

    // (9) Both comparisons add a threshold to ~v_live, so that one inversion serves both.
    // Sign bits turned, threshold + ~v_live + 1 carries out when threshold >= v_live, and
    // without the 1 when threshold > v_live.
    wire [23:0] v_not = {v_live[23], ~v_live[22:0]};
    wire [25:0] to_high = {1'b0, 1'b1, vth, 1'b1} + {1'b0, v_not, `GSP_BUG(9, 1'b1, 1'b0)};
    wire [24:0] to_low = {1'b0, ~vth_lo[23], vth_lo[22:0]} + {1'b0, v_not};
    wire high = ~to_high[25];
    wire low  = ternary & to_low[24];
    wire fires = high ^ low;
    assign spike = {low & ~high, fires};

    // (10)
    assign v_next = fires ? 24'sd0 : v_live;
    wire [5:0] refractory = fires ? refract_delay : refractory_count;

    // (11)
    assign refractory_count_next = refractory == 6'd0 ? 6'd0 : refractory - `GSP_BUG(10, 6'd1, 6'd0);

    wire unused = &{1'b0, distance[24:0], to_high[24:0], to_low[23:0]};
endmodule
`default_nettype wire
