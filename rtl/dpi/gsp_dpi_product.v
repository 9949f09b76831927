// SPDX-License-Identifier: Apache-2.0
// dpi: y = a * b, unsigned, one edge with advance = 1 later. A chain of products of 16 x 16 bits, each of which takes the
// upper half of the one below it in the adder behind a DSP block.
`default_nettype none
module gsp_dpi_product #(
    parameter integer A_WIDTH = 32
) (
    input  wire                clk,
    input  wire                advance,
    input  wire [A_WIDTH-1:0]  a,
    input  wire [15:0]         b,
    output wire [A_WIDTH+15:0] y
);
    localparam integer LIMBS = (A_WIDTH + 15) / 16;
    wire [16*LIMBS-1:0]  a_x = {{(16*LIMBS-A_WIDTH){1'b0}}, a};
    wire [16*LIMBS+15:0] y_x;
    genvar i;
    generate
        for (i = 0; i < LIMBS; i = i + 1) begin : limb
            wire [31:0] sum;
            wire [15:0] below;
            if (i == 0) begin : lowest
                assign below = 16'd0;
            end else begin : upper
                assign below = limb[i-1].sum[31:16];
            end
            assign sum = a_x[16*i+15:16*i] * b + {16'd0, below};
            if (i == LIMBS - 1) begin : highest
                reg [31:0] held;
                always @(posedge clk)
                    if (advance)
                        held <= sum;
                assign y_x[16*i+31:16*i] = held;
            end else begin : low
                reg [15:0] held;
                always @(posedge clk)
                    if (advance)
                        held <= sum[15:0];
                assign y_x[16*i+15:16*i] = held;
            end
        end
    endgenerate
    assign y = y_x[A_WIDTH+15:0];
    wire unused = &{1'b0, y_x};
endmodule
`default_nettype wire
