// SPDX-License-Identifier: Apache-2.0
// y = a * b of s16.15: gsp_spinnaker_mulk() in C.
`default_nettype none
module gsp_spinnaker_mulk (
    input  wire signed [31:0] a,
    input  wire signed [31:0] b,
    input  wire [2:0]         rounding,
    input  wire [31:0]        rnd,
    output wire signed [31:0] y
);
    wire signed [63:0] product;
    gsp_mul #(.A_WIDTH(32), .B_WIDTH(32)) multiply (.a(a), .b(b), .y(product));
    gsp_spinnaker_narrow narrow (.product(product), .rounding(rounding), .rnd(rnd[31:17]), .y(y));
    wire unused = &{1'b0, rnd[16:0]};
endmodule
`default_nettype wire
