// SPDX-License-Identifier: Apache-2.0
// y = x, N edges with advance = 1 later.
`default_nettype none
module gsp_delay #(
    parameter integer WIDTH = 1,
    parameter integer N = 1 // 0 or more
) (
    input  wire             clk,
    input  wire             advance,
    input  wire [WIDTH-1:0] x,
    output wire [WIDTH-1:0] y
);
    genvar i;
    generate
        if (N == 0) begin : none
            wire unused = &{1'b0, clk, advance};
            assign y = x;
        end else begin : some
            for (i = 0; i < N; i = i + 1) begin : stage
                reg [WIDTH-1:0] held;
                if (i == 0) begin : first
                    always @(posedge clk)
                        if (advance)
                            held <= x;
                end else begin : next
                    always @(posedge clk)
                        if (advance)
                            held <= stage[i-1].held;
                end
            end
            assign y = stage[N-1].held;
        end
    endgenerate
endmodule
`default_nettype wire
