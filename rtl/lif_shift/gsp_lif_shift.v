// SPDX-License-Identifier: Apache-2.0
// lif_shift, one neuron: gsp_lif_shift_core with its registers. Ports and parameters as in
// gsp_lif_shift_step; with INVERTED = 1 the register holds ~v.
`include "gsp_bug.vh"
`default_nettype none
module gsp_lif_shift #(
    parameter integer DATA_WIDTH = 16,
    parameter integer LEAK_SHIFT = 4,
    parameter integer INVERTED = 0
) (
    input  wire                         clk,
    input  wire                         rst_n, // synchronous; loads v_reset
    input  wire                         en,    // 1: one step at this edge

    input  wire signed [DATA_WIDTH-1:0] v_reset,
    input  wire signed [DATA_WIDTH-1:0] v_threshold,
    input  wire        [7:0]            refractory_period,

    input  wire signed [DATA_WIDTH-1:0] i_t,

    output wire signed [DATA_WIDTH-1:0] v,
    output reg         [7:0]            refractory_count,

    output reg                          spike
);
    localparam [DATA_WIDTH-1:0] FLIP = {DATA_WIDTH{(INVERTED == 1) ? 1'b1 : 1'b0}};

    reg  signed [DATA_WIDTH-1:0] held;
    wire signed [DATA_WIDTH-1:0] held_sum;
    wire                         to_v_reset, silent;
    wire        [7:0]            refractory_count_next;

    `GSP_BUG_SELECT

    gsp_lif_shift_core #(
        .DATA_WIDTH(DATA_WIDTH), .LEAK_SHIFT(LEAK_SHIFT), .INVERTED(INVERTED)
    ) core (
        .v_threshold(v_threshold), .refractory_period(refractory_period), .i_t(i_t),
        .held(held), .refractory_count(refractory_count),
        .held_sum(held_sum), .to_v_reset(to_v_reset), .silent(silent),
        .refractory_count_next(refractory_count_next)
    );

    // rst_n is one more reason to load v_reset, at an edge that it opens: so a constant v_reset
    // becomes the flip-flops' own reset and takes no multiplexer. The comparison feeds that net
    // alone, and spike comes from there: so rst_n joins it in the comparison's own last LUT.
    wire load = `GSP_BUG(13, en, 1'b1) || !rst_n;
    wire load_v_reset = !rst_n || to_v_reset;
    wire signed [DATA_WIDTH-1:0] held_reset = `GSP_BUG(14, v_reset, rst_n ? v_reset : {DATA_WIDTH{1'b0}}) ^ FLIP;

    always @(posedge clk) begin
        if (load) begin
            held <= load_v_reset ? held_reset : held_sum;
            refractory_count <= rst_n ? refractory_count_next : `GSP_BUG(15, 8'd0, refractory_count);
            if (!rst_n)
                spike <= 1'b0;
            else
                spike <= load_v_reset && !silent;
        end
    end

    assign v = held ^ FLIP;
endmodule
`default_nettype wire
