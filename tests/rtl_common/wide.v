// SPDX-License-Identifier: Apache-2.0
// The three forms of gsp_mul at the widths of the models.
module wide (
    input  wire signed [32:0] a,
    input  wire signed [31:0] b,
    output wire        [64:0] p0, p1, p2,
    output wire        [32:0] q0, q1, q2
);
    gsp_mul #(.A_WIDTH(33), .B_WIDTH(32), .FORM(0)) a0 (.a(a), .b(b), .y(p0));
    gsp_mul #(.A_WIDTH(33), .B_WIDTH(32), .FORM(1)) a1 (.a(a), .b(b), .y(p1));
    gsp_mul #(.A_WIDTH(33), .B_WIDTH(32), .FORM(2)) a2 (.a(a), .b(b), .y(p2));
    gsp_mul #(.A_WIDTH(17), .B_WIDTH(16), .FORM(0)) b0 (.a(a[16:0]), .b(b[15:0]), .y(q0));
    gsp_mul #(.A_WIDTH(17), .B_WIDTH(16), .FORM(1)) b1 (.a(a[16:0]), .b(b[15:0]), .y(q1));
    gsp_mul #(.A_WIDTH(17), .B_WIDTH(16), .FORM(2)) b2 (.a(a[16:0]), .b(b[15:0]), .y(q2));
endmodule
