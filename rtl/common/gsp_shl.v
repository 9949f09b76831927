// SPDX-License-Identifier: Apache-2.0
// y = x * 2^N, exact: WIDTH + N bits.
`default_nettype none
module gsp_shl #(
    parameter integer WIDTH = 16,
    parameter integer N = 8
) (
    input  wire signed [WIDTH-1:0]   x,
    output wire signed [WIDTH+N-1:0] y
);
    generate
        if (N < 0) begin : illegal
            gsp_error_N_must_not_be_negative stop ();
        end
    endgenerate

    wire signed [WIDTH+N-1:0] wide;
    gsp_extend #(.X_WIDTH(WIDTH), .WIDTH(WIDTH + N)) extend (.x(x), .y(wide));
    assign y = wide <<< N;
endmodule
`default_nettype wire
