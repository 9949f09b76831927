// SPDX-License-Identifier: Apache-2.0
// y = x * d / 2^32, floor, of s16.15 and u0.32: gsp_spinnaker_decay32() in C.
`default_nettype none
module gsp_spinnaker_decay32 (
    input  wire signed [31:0] x,
    input  wire [31:0]        d,
    output wire signed [31:0] y
);
    wire signed [32:0] d_signed = {1'b0, d};
    wire signed [64:0] product;
    gsp_mul #(.A_WIDTH(32), .B_WIDTH(33)) multiply (.a(x), .b(d_signed), .y(product));
    assign y = product[63:32];
    wire unused = &{1'b0, product[64], product[31:0]};
endmodule
`default_nettype wire
