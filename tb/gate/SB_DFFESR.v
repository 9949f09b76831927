// SPDX-License-Identifier: Apache-2.0
// iCE40 flip-flop, rising edge, enable, synchronous reset (under the enable). The device starts with all flip-flops 0.
`default_nettype none
module SB_DFFESR (
    input  wire C,
    input  wire E,
    input  wire R,
    input  wire D,
    output reg  Q
);
    initial Q = 1'b0;
    always @(posedge C) if (E) Q <= D & ~R;
endmodule
`default_nettype wire
