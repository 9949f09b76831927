// SPDX-License-Identifier: Apache-2.0
// dec(s, 4096 - decay - offset) of docs/models/loihi.md: s * k / 4096 toward
// zero, of the exact product, for k = -1..4096. The result is whole + up, left
// apart so that the adder that follows takes `up` as its carry.
//
// Toward zero is the floor, and one more where the product is negative and not
// a multiple of 4096: neither a magnitude nor a negation is needed.
// MULTIPLIER is FORM of gsp_mul: 0 leaves the multiply to the tool, 1 is for LUTs.
`include "gsp_bug.vh"
`default_nettype none
module gsp_loihi_decay #(
    parameter integer WIDTH = 28,
    parameter integer MULTIPLIER = 0
) (
    input  wire signed [WIDTH-1:0] s,
    input  wire signed [13:0]      decay,
    input  wire                    offset,
    input  wire                    clear,  // the result is 0, as for s = 0
    output wire signed [WIDTH-1:0] whole,
    output wire                    up
);
    `GSP_BUG_SELECT

    // k = 4096 - decay - offset = ~(decay + offset - 4097). The lowest bit of each
    // operand makes `offset` the carry of one adder.
    wire        [14:0] less = {decay, 1'b1} + {14'h2FFF, `GSP_BUG(1, offset, 1'b0)};
    wire signed [13:0] k = clear ? 14'sd0 : ~less[14:1];

    wire signed [WIDTH+13:0] product;
    gsp_mul #(.A_WIDTH(WIDTH), .B_WIDTH(14), .FORM(MULTIPLIER)) multiply (.a(s), .b(k), .y(product));

    // k = -1..4096 leaves the two highest bits copies of the sign.
    assign whole = product[WIDTH+11:12];
    assign up = `GSP_BUG(2, product[WIDTH+13] & (|product[11:0]), 1'b0);
    wire unused = &{1'b0, product[WIDTH+12], less[0]};
endmodule
`default_nettype wire
