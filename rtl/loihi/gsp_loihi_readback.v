// SPDX-License-Identifier: Apache-2.0
// Line (12) of docs/models/loihi.md, from the state after the step. Combinational.
//
// A spike leaves v = 0 and the count at max(refract_delay, 1) - 1, so that neither
// the delay has to be kept nor v to be switched off.
`include "gsp_bug.vh"
`default_nettype none
module gsp_loihi_readback (
    input  wire signed [23:0] v,
    input  wire        [5:0]  refractory_count,
    input  wire signed [1:0]  spike,
    output wire signed [23:0] v_readback
);
    `GSP_BUG_SELECT

    wire [5:0] counter = refractory_count + `GSP_BUG(11, 6'd1, 6'd0);
    wire       fired = |spike;
    assign v_readback = v | {11'd0, counter & {6{fired}}, 7'd0};
endmodule
`default_nettype wire
