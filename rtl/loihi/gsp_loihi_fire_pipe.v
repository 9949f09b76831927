// SPDX-License-Identifier: Apache-2.0
// Lines (7) to (11) of docs/models/loihi.md in two stages: from ~(dec(v) + x) to the next v, the spike and the
// refractory count, one edge with advance = 1 later. Params are read in both stages, with OWN_PARAMS in the first.
//
// Both bounds and both thresholds are compared with the sum itself, side by side: a bound that clips passes
// a threshold where it does so by itself. Each comparison is threshold + ~sum, whose carry says threshold > sum,
// or with a 1 below threshold >= sum.
`include "gsp_bug.vh"
`default_nettype none
module gsp_loihi_fire_pipe #(
    parameter integer OWN_PARAMS = 0
) (
    input  wire               clk,
    input  wire               advance,
    // params
    input  wire [22:0]        vth,
    input  wire signed [23:0] vth_lo,
    input  wire               ternary,
    input  wire [5:0]         refract_delay,
    input  wire signed [23:0] vmin,
    input  wire signed [23:0] vmax,
    input  wire [5:0]         refractory_count,
    input  wire signed [29:0] v_not, // ~(dec(v) + x)
    output wire signed [23:0] v_next,
    output wire [5:0]         refractory_count_next,
    output wire signed [1:0]  spike,
    output wire               v_clipped
);
    `GSP_BUG_SELECT

    // (7) vmin <= 0 <= vmax: only one bound is compared with a sum of each sign, by 23 bits and whether the sum
    // needs more.
    wire        negative = ~v_not[29];
    wire        wide = negative ? |v_not[28:23] : ~(&v_not[28:23]);
    wire        far = `GSP_BUG(7, wide, 1'b0);
    wire [22:0] low_not = v_not[22:0];
    wire [24:0] to_vmax = {1'b0, vmax[22:0], 1'b1} + {1'b0, low_not, 1'b1};
    wire [23:0] to_vmin = {1'b0, vmin[22:0]} + {1'b0, low_not};
    wire        above = ~negative & (far | ~to_vmax[24]);
    wire        below = negative & (far | ~vmin[23] | to_vmin[23]);

    // (9)
    wire [24:0] to_vth = {1'b0, vth, 1'b1} + {1'b0, low_not, `GSP_BUG(9, 1'b1, 1'b0)};
    wire [23:0] vmax_not = ~vmax;
    wire [24:0] to_vmax_high = {1'b0, vth, 1'b1} + {1'b0, vmax_not[22:0], 1'b1};
    wire        vmax_high = ~to_vmax_high[24];
    wire        high = ~negative & (far | ~to_vth[24]) & `GSP_BUG(245, vmax_high, 1'b1);
    // Below vth_lo; sign bits turned.
    wire [23:0] lo = {~vth_lo[23], vth_lo[22:0]};
    wire [24:0] to_vth_lo = {1'b0, lo} + {1'b0, negative, low_not};
    wire [24:0] to_vmax_low = {1'b0, lo} + {1'b0, ~vmax_not[23], vmax_not[22:0]};
    wire [24:0] to_vmin_low = {1'b0, lo} + {1'b0, vmin[23], ~vmin[22:0]};
    wire        vmin_low = to_vmin_low[24];
    wire        low = to_vmax_low[24] | (vmin_low & (far ? negative : to_vth_lo[24]));
    wire        zero_low = vth_lo > 24'sd0;

    // (8)
    wire silent = `GSP_BUG(8, |refractory_count, 1'b0);
    wire fires_high = high & ~silent;
    wire fires_low = ternary & (silent ? zero_low : low);

    reg signed [23:0] not_2;
    reg [5:0]         count_2;
    reg               clip_2, below_2, zero_2, fires_2, down_2;
    always @(posedge clk)
        if (advance) begin
            not_2 <= {~negative, low_not};
            count_2 <= refractory_count;
            clip_2 <= above | below;
            below_2 <= below;
            fires_2 <= fires_high ^ fires_low;
            down_2 <= fires_low & ~fires_high;
            zero_2 <= silent | (fires_high ^ fires_low);
        end
    assign v_clipped = clip_2;
    assign spike = {down_2, fires_2};

    // (7), (10)
    wire signed [23:0] vmin_2, vmax_2;
    wire        [5:0]  refract_delay_2;
    gsp_delay #(.WIDTH(54), .N(OWN_PARAMS == 1 ? 1 : 0)) delay_params (
        .clk(clk), .advance(advance), .x({vmin, vmax, refract_delay}), .y({vmin_2, vmax_2, refract_delay_2})
    );
    wire signed [23:0] bound = below_2 ? vmin_2 : vmax_2;
    assign v_next = zero_2 ? 24'sd0 : clip_2 ? bound : ~not_2;

    // (10), (11)
    wire [5:0] refractory = fires_2 ? refract_delay_2 : count_2;
    wire [6:0] counted = {1'b0, refractory} - {6'd0, `GSP_BUG(10, 1'b1, 1'b0)};
    assign refractory_count_next = counted[5:0] & {6{~counted[6]}};

    wire unused = &{1'b0, to_vmax[23:0], to_vmin[22:0], to_vth[23:0], to_vmax_high[23:0], to_vmax_low[23:0], to_vmin_low[23:0],
                    to_vth_lo[23:0]};
endmodule
`default_nettype wire
