// SPDX-License-Identifier: Apache-2.0
// loihi_rf_zero: one neuron. Port rules in docs/rtl.md.
`include "gsp_bug.vh"
`default_nettype none

module gsp_loihi_rf_zero #(
    parameter integer MULTIPLIER = 0
) (
    input  wire clk,
    input  wire rst_n,               // synchronous, active low
    input  wire en,                  // one step per edge with en = 1
    input  wire signed [17:0] lct,   // exp(-dt / tau) * cos(2 pi f dt), times 2^15
    input  wire signed [17:0] lst,   // exp(-dt / tau) * sin(2 pi f dt), times 2^15
    input  wire signed [31:0] uth,   // threshold that u must exceed
    input  wire signed [31:0] u_in,  // input to u
    input  wire signed [31:0] v_in,  // input to v
    output reg signed [31:0] u,      // in-phase part
    output reg signed [31:0] v,      // quadrature part
    output reg signed [31:0] spike   // graded: the new u where it is sent, else 0
);
    wire signed [31:0] u_next;
    wire signed [31:0] v_next;
    wire signed [31:0] spike_next;

    gsp_loihi_rf_zero_step #(.MULTIPLIER(MULTIPLIER)) step (
        .lct(lct),
        .lst(lst),
        .uth(uth),
        .u_in(u_in),
        .v_in(v_in),
        .u(u),
        .v(v),
        .u_next(u_next),
        .v_next(v_next),
        .spike(spike_next)
    );

    `GSP_BUG_SELECT
    always @(posedge clk)
        if (!rst_n) begin
            u <= 32'sd0;
            v <= `GSP_BUG(12, 32'sd0, v);
            spike <= 32'sd0;
        end else if (`GSP_BUG(11, en, 1'b1)) begin
            u <= u_next;
            v <= v_next;
            spike <= spike_next;
        end
endmodule

`default_nettype wire
