// SPDX-License-Identifier: Apache-2.0
// loihi_prod: one step, combinational. Equation numbers are those of docs/models/loihi_prod.md.
// MULTIPLIER changes area and speed, never a result (FORM of gsp_mul): 0 leaves the multiplies to
// the tool, 1 is for LUTs.
`include "gsp_bug.vh"
`default_nettype none

module gsp_loihi_prod_step #(
    parameter integer MULTIPLIER = 0
) (
    input  wire signed [31:0] vth,    // threshold that |v| must exceed
    input  wire [4:0] exp,            // the product is shifted right by it
    input  wire signed [31:0] a_in1,  // first factor
    input  wire signed [31:0] a_in2,  // second factor
    output wire signed [31:0] spike   // graded: the scaled product where it is sent, else 0
);
    `GSP_BUG_SELECT

    // (1) The low 32 bits of the product.
    wire signed [31:0] factor = `GSP_BUG(1, a_in2, a_in2_16);
    wire signed [63:0] product_exact;
    wire signed [31:0] product;
    gsp_mul #(.A_WIDTH(32), .B_WIDTH(32), .FORM(MULTIPLIER)) multiply (.a(a_in1), .b(factor), .y(product_exact));
    gsp_wrap #(.X_WIDTH(64), .WIDTH(32)) wrap_product (.x(product_exact), .y(product));

    // (2) Floor.
    wire signed [31:0] v = `GSP_BUG(2, product >>> exp,
        (product + (product[31] ? ~(-32'sd1 <<< exp) : 32'sd0)) >>> exp);

    // (3) The magnitude of -2^31 stays negative.
    wire signed [31:0] magnitude = v[31] ? -v : v;
    wire exceeds = `GSP_BUG(3, magnitude > vth, magnitude >= vth) || `GSP_BUG(4, 1'b0, v == 32'sh80000000);
    assign spike = exceeds ? `GSP_BUG(5, v, magnitude) : 32'sd0;

`ifdef GSP_TEST_BUGS
    wire signed [31:0] a_in2_16 = {{16{a_in2[15]}}, a_in2[15:0]};
`endif
endmodule

`default_nettype wire
