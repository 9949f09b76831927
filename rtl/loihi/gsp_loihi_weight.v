// SPDX-License-Identifier: Apache-2.0
// A stored synaptic mantissa to the weight that one spike adds to the input
// accumulator: gsp_loihi_weight_decode() in C. Combinational.
//
// For mantissas that fit bits_code: signed ones of that many bits in a mixed
// synapse, else their magnitude fits that many bits.
`include "gsp_bug.vh"
`default_nettype none
module gsp_loihi_weight (
    input  wire signed [8:0]  mantissa,
    input  wire        [2:0]  bits_code,  // 0..7: 0, 1, 2, 3, 4, 5, 6, 8 bits
    input  wire               is_mixed,
    input  wire signed [3:0]  weight_exp,
    output wire signed [8:0]  w8,         // -256..255, in 8-bit units
    output wire signed [21:0] weight      // +-(2^21 - 64), a multiple of 64
);
    `GSP_BUG_SELECT

    wire [3:0] unused_bits = bits_code == `GSP_BUG(17, 3'd7, 3'd0) ? 4'd0 : 4'd8 - {1'b0, bits_code};
    wire [3:0] shift = unused_bits + {3'd0, is_mixed};
    assign w8 = mantissa << shift;

    // w8 << exp for exp = 0..7; w8 << (exp + 8) >> 8 for exp = -8..-1, where exp + 8 has the same low bits.
    wire signed [15:0] left = {{7{w8[8]}}, w8} << weight_exp[2:0];
    wire signed [15:0] scaled = weight_exp[3] ? {{8{left[15]}}, left[15:8]} : left;
    // -256 << 7 is the one value outside +-32767.
    wire lowest = `GSP_BUG(18, scaled == 16'sh8000, 1'b0);
    assign weight = {scaled[15:1], scaled[0] | lowest, 6'd0};
endmodule
`default_nettype wire
