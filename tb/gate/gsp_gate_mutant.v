// SPDX-License-Identifier: Apache-2.0
// SB_LUT4 with a fault: one bit of its content is inverted when +gsp_bug names it.
`default_nettype none
module gsp_gate_mutant #(
    parameter [15:0] LUT_INIT = 16'd0,
    parameter integer NUMBER = 1,
    parameter [3:0] BIT = 4'd0
) (
    input  wire I0,
    input  wire I1,
    input  wire I2,
    input  wire I3,
    output wire O
);
    integer gsp_bug;
`ifdef SYNTHESIS
    initial gsp_bug = 0;
`else
    initial if (!$value$plusargs("gsp_bug=%d", gsp_bug)) gsp_bug = 0;
`endif
    wire [3:0] select = {I3, I2, I1, I0};
    assign O = LUT_INIT[select] ^ (gsp_bug == NUMBER && select == BIT);
endmodule
`default_nettype wire
