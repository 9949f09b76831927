// SPDX-License-Identifier: Apache-2.0
// iCE40 flip-flop, rising edge, asynchronous reset. The device starts with all flip-flops 0.
`default_nettype none
module SB_DFFR (
    input  wire C,
    input  wire R,
    input  wire D,
    output reg  Q
);
    initial Q = 1'b0;
    always @(posedge C or posedge R)
        if (R) Q <= 1'b0;
        else Q <= D;
endmodule
`default_nettype wire
