// SPDX-License-Identifier: Apache-2.0
// y = x clamped to lo..hi, for lo <= hi.
`default_nettype none
module gsp_clamp #(
    parameter integer WIDTH = 16
) (
    input  wire signed [WIDTH-1:0] x,
    input  wire signed [WIDTH-1:0] lo,
    input  wire signed [WIDTH-1:0] hi,
    output wire signed [WIDTH-1:0] y
);
    assign y = (x < lo) ? lo : (x > hi) ? hi : x;
endmodule
`default_nettype wire
