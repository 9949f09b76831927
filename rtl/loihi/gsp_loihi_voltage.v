// SPDX-License-Identifier: Apache-2.0
// Lines (7) to (11) of docs/models/loihi.md: from the decayed voltage and x to
// the next v, the spike and the refractory count. Combinational.
`default_nettype none
module gsp_loihi_voltage (
    // params
    input  wire [22:0]        vth,
    input  wire signed [23:0] vth_lo,
    input  wire               ternary,
    input  wire [5:0]         refract_delay,
    input  wire signed [23:0] vmin,
    input  wire signed [23:0] vmax,
    input  wire [5:0]         refractory_count,
    // dec(v) = whole + up
    input  wire signed [23:0] whole,
    input  wire               up,
    input  wire signed [28:0] x,
    output wire signed [23:0] v_next,
    output wire [5:0]         refractory_count_next,
    output wire signed [1:0]  spike,
    output wire               v_clipped
);
    wire signed [30:0] v_carried = {{6{whole[23]}}, whole, 1'b1} + {x[28], x, up};
    wire signed [29:0] v_sum = v_carried[30:1];

    gsp_loihi_fire fire (
        .vth(vth), .vth_lo(vth_lo), .ternary(ternary), .refract_delay(refract_delay), .vmin(vmin),
        .vmax(vmax), .refractory_count(refractory_count), .v_sum(v_sum), .v_next(v_next),
        .refractory_count_next(refractory_count_next), .spike(spike), .v_clipped(v_clipped)
    );
    wire unused = &{1'b0, v_carried[0]};
endmodule
`default_nettype wire
