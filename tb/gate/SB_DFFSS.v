// SPDX-License-Identifier: Apache-2.0
// iCE40 flip-flop, rising edge, synchronous set. The device starts with all flip-flops 0.
`default_nettype none
module SB_DFFSS (
    input  wire C,
    input  wire S,
    input  wire D,
    output reg  Q
);
    initial Q = 1'b0;
    always @(posedge C) Q <= D | S;
endmodule
`default_nettype wire
