// SPDX-License-Identifier: Apache-2.0
// loihi_graded: one step, combinational. Equation numbers are those of docs/models/loihi_graded.md.
`include "gsp_bug.vh"
`default_nettype none

module gsp_loihi_graded_step (
    input  wire signed [31:0] vth,   // threshold to be exceeded
    input  wire relu,                // 0 compares |a_in| with vth, 1 compares a_in
    input  wire signed [31:0] a_in,  // graded input
    output wire signed [31:0] spike  // graded: a_in where it is sent, else 0
);
    `GSP_BUG_SELECT

    // (1) The magnitude of -2^31 stays negative.
    wire signed [31:0] magnitude = a_in[31] ? -a_in : a_in;
    wire signed [31:0] compared = `GSP_BUG(1, relu, 1'b0) ? a_in : magnitude;

    // (2)
    wire exceeds = `GSP_BUG(2, compared > vth, compared >= vth)
        || `GSP_BUG(3, 1'b0, !relu && a_in == 32'sh80000000);
    assign spike = exceeds ? `GSP_BUG(4, a_in, magnitude) : 32'sd0;
endmodule

`default_nettype wire
