// SPDX-License-Identifier: Apache-2.0
// floor(bias_mant * 2^bias_exp) of docs/models/loihi.md. Combinational.
`default_nettype none
module gsp_loihi_bias (
    input  wire signed [12:0] bias_mant,
    input  wire signed [3:0]  bias_exp,
    output wire signed [19:0] bias
);
    // mant << exp for exp = 0..7; mant << (exp + 8) >> 8 for exp = -8..-1, where exp + 8 has
    // the same low bits.
    wire signed [19:0] left = {{7{bias_mant[12]}}, bias_mant} << bias_exp[2:0];
    assign bias = bias_exp[3] ? {{8{left[19]}}, left[19:8]} : left;
endmodule
`default_nettype wire
