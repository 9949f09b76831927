// SPDX-License-Identifier: Apache-2.0
// dpi, line (1): a current decays by a share, rounded up so that it reaches 0, and takes what arrives.
//   y = s - ceil(s * dm / 2^ds) + add, clamped to its field
`include "gsp_bug.vh"
`default_nettype none
module gsp_dpi_decay #(
    parameter integer STATE_WIDTH = 32
) (
    input  wire [STATE_WIDTH-1:0] s,
    input  wire [16:0]            dm,
    input  wire [5:0]             ds,
    input  wire [STATE_WIDTH-1:0] add,
    output wire [STATE_WIDTH-1:0] y
);
    localparam integer W = STATE_WIDTH;

    `GSP_BUG_SELECT

    // s * dm < 2^57 and 2^ds - 1 < 2^63.
    wire [63:0] s_x = {{(64-W){1'b0}}, s};
    wire [63:0] dm_x = {47'd0, dm};
    wire [63:0] up = (64'd1 << ds) - 64'd1;
    wire [63:0] product = s_x * dm_x;
    wire [63:0] decrement = `GSP_BUG(1, product + up, product) >> ds;

    // The decrement may exceed s.
    wire signed [63:0] kept = s_x - decrement;
    wire signed [63:0] add_x = {{(64-W){1'b0}}, add};
    wire signed [63:0] sum = kept + add_x;
    wire [W-1:0]       clamped, kept_clamped;
    gsp_sat_u #(.X_WIDTH(64), .WIDTH(W)) clamp_sum (.x(sum), .y(clamped));
    gsp_sat_u #(.X_WIDTH(64), .WIDTH(W)) clamp_kept (.x(kept), .y(kept_clamped));
    assign y = `GSP_BUG(2, clamped, (sum > 64'sd0 && |sum[63:W]) ? kept_clamped : clamped);
    wire unused = &{1'b0, kept_clamped};
endmodule
`default_nettype wire
