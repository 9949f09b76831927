// SPDX-License-Identifier: Apache-2.0
// iCE40 flip-flop, rising edge, enable, asynchronous set. The device starts with all flip-flops 0.
`default_nettype none
module SB_DFFES (
    input  wire C,
    input  wire E,
    input  wire S,
    input  wire D,
    output reg  Q
);
    initial Q = 1'b0;
    always @(posedge C or posedge S)
        if (S) Q <= 1'b1;
        else if (E) Q <= D;
endmodule
`default_nettype wire
