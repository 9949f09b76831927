// SPDX-License-Identifier: Apache-2.0
// Lines (7) to (11) of docs/models/loihi.md in four stages, for steps that are an even number of edges with
// advance = 1 apart: from ~(dec(v) + x) to the next v, the spike and the refractory count, three such edges later.
//
// Comparing is adding a complement: the carry of threshold + ~v says threshold > v, or with a 1 below threshold >= v,
// and a carry costs no LUT. What is chosen from stands in registers of which all but one are kept at 0, or at
// all ones: that costs none either.
`include "gsp_bug.vh"
`default_nettype none
module gsp_loihi_fire_pipe (
    input  wire               clk,
    input  wire               advance,
    input  wire               holds, // the first stage, and then the third, holds a step
    // first stage
    input  wire               narrow, // the sum has 25 bits
    input  wire signed [23:0] vmin,
    input  wire signed [23:0] vmax,
    input  wire [5:0]         refractory_count,
    input  wire signed [29:0] v_not, // ~(dec(v) + x)
    // third stage
    input  wire [22:0]        vth,
    input  wire signed [23:0] vth_lo,
    input  wire               ternary,
    input  wire [5:0]         refract_delay,
    // fourth stage
    output wire signed [23:0] v_next,
    output wire [5:0]         refractory_count_next,
    output reg  signed [1:0]  spike,
    output reg                v_clipped
);
    `GSP_BUG_SELECT

    // (7) vmin <= 0 <= vmax: only one bound is compared with a sum of each sign, by 23 bits and whether the sum
    // needs more.
    wire        negative = narrow ? ~v_not[24] : ~v_not[29];
    wire        wide = (v_not[23] ^ v_not[24]) | (~narrow & (|v_not[29:24]) & ~(&v_not[29:24]));
    wire        far = `GSP_BUG(7, wide, 1'b0);
    wire [22:0] low_not = v_not[22:0];
    wire [24:0] to_vmax = {1'b0, vmax[22:0], 1'b1} + {1'b0, low_not, 1'b1};
    wire [23:0] to_vmin = {1'b0, vmin[22:0]} + {1'b0, low_not};
    wire        above = ~negative & (far | ~to_vmax[24]);
    wire        below = negative & (far | ~vmin[23] | to_vmin[23]);
    // (8)
    wire        silent = |refractory_count;
    wire        zero = `GSP_BUG(8, silent, 1'b0);

    // A count or a delay of 0 is one of 1: what is left of either is one less.
    reg [23:0] not_2;
    reg [22:0] vmax_2;
    reg [23:0] vmin_2;
    reg [5:0]  count_2;
    reg        clip_2, above_2;
    always @(posedge clk)
        if (advance & holds) begin
            not_2 <= zero | above | below ? 24'hFFFFFF : {~negative, low_not};
            vmax_2 <= ~zero & above ? vmax[22:0] : 23'd0;
            vmin_2 <= ~zero & below ? vmin : 24'd0;
            count_2 <= {refractory_count[5:1], refractory_count[0] | ~silent};
            clip_2 <= above | below;
            above_2 <= above;
        end

    // In the second stage the complement of v is taken, in the third v itself, 0 if it fires. (9), (10)
    reg  [23:0] v_3;
    wire [24:0] to_vth = {1'b0, vth, 1'b1} + {1'b0, v_3[22:0], `GSP_BUG(9, 1'b1, 1'b0)};
    wire        high = (v_3[23] & ~to_vth[24]) | `GSP_BUG(245, 1'b0, above_2);
    // Below vth_lo; sign bits turned.
    wire [24:0] to_vth_lo = {1'b0, ~vth_lo[23], vth_lo[22:0]} + {1'b0, ~v_3[23], v_3[22:0]};
    wire        low = ternary & to_vth_lo[24];
    wire        fires = high ^ low;
    always @(posedge clk)
        if (advance) begin
            v_3 <= (~not_2 | {1'b0, vmax_2} | vmin_2) ^ {24{~holds}};
            if (fires & holds)
                v_3 <= 24'd0;
            spike <= {low & ~high, fires};
            v_clipped <= clip_2;
        end
    assign v_next = v_3;

    // (10), (11) count - 1 or delay - 1
    reg [5:0] count_4, delay_4;
    always @(posedge clk)
        if (advance) begin
            count_4 <= fires ? 6'h3F : count_2;
            delay_4 <= fires ? {refract_delay[5:1], refract_delay[0] | `GSP_BUG(248, ~(|refract_delay), 1'b0)} : 6'h3F;
        end
    assign refractory_count_next = count_4 + delay_4 + `GSP_BUG(10, 6'd0, 6'd1);

    wire unused = &{1'b0, to_vmax[23:0], to_vmin[22:0], to_vth[23:0], to_vth_lo[23:0], vmax[23], above_2};
endmodule
`default_nettype wire
