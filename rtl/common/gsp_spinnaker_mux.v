// SPDX-License-Identifier: Apache-2.0
// One of six, in three LUTs of four inputs per bit: a stage without data of its own
// (`skip`) hands `pick` on, which then chooses between the two of a later stage.
//   skip 0:          pick ? d1 : d0
//   skip 1, second:  pick ? d3 : d2
//   skip 1, third:   pick ? d5 : d4
//   skip 1 alone:    pick in every bit
`default_nettype none
module gsp_spinnaker_mux (
    input  wire        pick,
    input  wire        skip,
    input  wire        second,
    input  wire        third,
    input  wire [31:0] d0,
    input  wire [31:0] d1,
    input  wire [31:0] d2,
    input  wire [31:0] d3,
    input  wire [31:0] d4,
    input  wire [31:0] d5,
    output wire [31:0] y
);
    wire [31:0] chosen_1, chosen_2;
    assign chosen_1 = skip ? {32{pick}} : pick ? d1 : d0;
    assign chosen_2 = second ? (chosen_1 & d3) | (~chosen_1 & d2) : chosen_1;
    assign y = third ? (chosen_2 & d5) | (~chosen_2 & d4) : chosen_2;
endmodule
`default_nettype wire
