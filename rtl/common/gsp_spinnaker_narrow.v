// SPDX-License-Identifier: Apache-2.0
// The 64-bit product of two s16.15 numbers to s16.15, as `rounding` says:
// 0 floor, wrap; 1 nearest, wrap; 2 floor, saturate; 3 nearest, saturate;
// 4 stochastic, saturate. The twin of gsp_spinnaker_mulk() without its product.
`include "gsp_bug.vh"
`default_nettype none
module gsp_spinnaker_narrow (
    input  wire signed [63:0] product,
    input  wire [2:0]         rounding,
    input  wire [14:0]        rnd,      // the upper 15 bits of the random word
    output wire signed [31:0] y
);
    `GSP_BUG_SELECT

    wire nearest    = ~rounding[2] & rounding[0];
    wire stochastic = rounding[2];
    wire saturates  = rounding[2] | rounding[1];

    wire drawn = `GSP_BUG(1, rnd < product[14:0], rnd <= product[14:0]);
    wire up = (nearest & product[14]) | (stochastic & drawn);

    wire signed [48:0] below, above, limited;
    wire signed [31:0] saturated;
    gsp_shr_floor #(.WIDTH(64), .N(15)) shift (.x(product), .y(below));
    assign above = below + {48'sd0, up};
    assign limited = `GSP_BUG(2, above, below);
    gsp_sat #(.X_WIDTH(49), .WIDTH(32)) saturate (.x(limited), .y(saturated));
    assign y = saturates ? `GSP_BUG(3, saturated, above[31:0]) : limited[31:0];
endmodule
`default_nettype wire
