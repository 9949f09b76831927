// SPDX-License-Identifier: Apache-2.0
// loihi_norm_vec: one step, combinational. Equation numbers are those of
// docs/models/loihi_norm_vec.md.
// MULTIPLIER changes area and speed, never a result (FORM of gsp_mul): 0 leaves the multiplies to
// the tool, 1 is for LUTs.
`include "gsp_bug.vh"
`default_nettype none

module gsp_loihi_norm_vec_step #(
    parameter integer MULTIPLIER = 0
) (
    input  wire signed [31:0] vth,     // threshold that the magnitude of the product must exceed
    input  wire signed [31:0] a_in1,   // value to be normalised
    input  wire signed [31:0] a_in2,   // factor, usually the inverse square root
    input  wire signed [31:0] v,       // a_in1 of the last step
    output wire signed [31:0] v_next,
    output wire signed [31:0] spike,   // graded: v of before the step times a_in2 where it is sent, else 0
    output wire signed [31:0] s2_out   // a_in1 squared, wrapped to 32 bits
);
    `GSP_BUG_SELECT

    // (1), (2) The low 32 bits of the products.
    wire signed [63:0] square_exact, product_exact;
    wire signed [31:0] square, product;
    gsp_mul #(.A_WIDTH(32), .B_WIDTH(32), .FORM(MULTIPLIER)) multiply_square (.a(a_in1), .b(a_in1), .y(square_exact));
    gsp_wrap #(.X_WIDTH(64), .WIDTH(32)) wrap_square (.x(square_exact), .y(square));
    assign s2_out = `GSP_BUG(1, square, square[31] ? 32'sh7fffffff : square);
    wire signed [31:0] factor = `GSP_BUG(2, v, a_in1);
    gsp_mul #(.A_WIDTH(32), .B_WIDTH(32), .FORM(MULTIPLIER)) multiply (.a(factor), .b(a_in2), .y(product_exact));
    gsp_wrap #(.X_WIDTH(64), .WIDTH(32)) wrap_product (.x(product_exact), .y(product));

    // (3) The magnitude of -2^31 stays negative.
    wire signed [31:0] magnitude = product[31] ? -product : product;
    wire exceeds = `GSP_BUG(3, magnitude > vth, magnitude >= vth)
        || `GSP_BUG(4, 1'b0, product == 32'sh80000000);
    assign spike = exceeds ? `GSP_BUG(5, product, magnitude) : 32'sd0;

    // (4)
    assign v_next = a_in1;
endmodule

`default_nettype wire
