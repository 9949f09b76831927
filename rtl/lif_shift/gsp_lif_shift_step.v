// SPDX-License-Identifier: Apache-2.0
// lif_shift, one step: leaky integrate-and-fire whose leak is a shift, combinational.
// Parameters and the arithmetic: gsp_lif_shift_core.
`default_nettype none
module gsp_lif_shift_step #(
    parameter integer DATA_WIDTH = 16,
    parameter integer LEAK_SHIFT = 4,
    parameter integer INVERTED = 0
) (
    input  wire signed [DATA_WIDTH-1:0] v_reset,
    input  wire signed [DATA_WIDTH-1:0] v_threshold,
    input  wire        [7:0]            refractory_period,

    input  wire signed [DATA_WIDTH-1:0] i_t,

    input  wire signed [DATA_WIDTH-1:0] v,
    input  wire        [7:0]            refractory_count,
    output wire signed [DATA_WIDTH-1:0] v_next,
    output wire        [7:0]            refractory_count_next,

    output wire                         spike
);
    localparam [DATA_WIDTH-1:0] FLIP = {DATA_WIDTH{(INVERTED == 1) ? 1'b1 : 1'b0}};

    wire signed [DATA_WIDTH-1:0] held = v ^ FLIP;
    wire signed [DATA_WIDTH-1:0] held_sum;
    wire                         to_v_reset, silent;

    gsp_lif_shift_core #(
        .DATA_WIDTH(DATA_WIDTH), .LEAK_SHIFT(LEAK_SHIFT), .INVERTED(INVERTED)
    ) core (
        .v_threshold(v_threshold), .refractory_period(refractory_period), .i_t(i_t),
        .held(held), .refractory_count(refractory_count),
        .held_sum(held_sum), .to_v_reset(to_v_reset), .silent(silent),
        .refractory_count_next(refractory_count_next)
    );

    assign v_next = to_v_reset ? v_reset : held_sum ^ FLIP;
    assign spike = to_v_reset && !silent;
endmodule
`default_nettype wire
