// SPDX-License-Identifier: Apache-2.0
// y = -1, 0 or +1.
`default_nettype none
module gsp_sgn #(
    parameter integer WIDTH = 16
) (
    input  wire signed [WIDTH-1:0] x,
    output wire signed [1:0]       y
);
    assign y = {x[WIDTH-1], |x};
endmodule
`default_nettype wire
