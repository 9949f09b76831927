`define GSP_MODEL_HASH 32'h01f0eb79
// Generated from the field table of model lif. One 32-bit word per field,
// two for a field wider than 32 bits.
`define GSP_PARAMS_BITS 192
`define GSP_IN_BITS 128
`define GSP_STATE_BITS 32
`define GSP_OBS_BITS 128
`default_nettype none
/* verilator lint_off UNUSED */
module gsp_board_dut (
    input wire clk, input wire rst_n, input wire valid, input wire ready,
    input wire [191:0] params, input wire [127:0] in, input wire [31:0] state,
    output wire [127:0] obs
);
    wire signed [15:0] o_v;
    wire [7:0] o_refractory_count;
    wire [0:0] o_spike;
    wire signed [15:0] o_v_out;
    gsp_lif #(.DATA_WIDTH(16), .FRACTION(8)) dut (
        .clk(clk), .rst_n(rst_n),
        .en(valid),
        .v_rest(params[15:0]),
        .v_reset(params[47:32]),
        .v_threshold(params[79:64]),
        .refractory_period(params[103:96]),
        .reset_mode(params[129:128]),
        .saturate(params[160:160]),
        .leak_k(in[15:0]),
        .gain_k(in[47:32]),
        .i_t(in[79:64]),
        .noise_in(in[111:96]),
        .v(o_v),
        .refractory_count(o_refractory_count),
        .spike(o_spike),
        .v_out(o_v_out));
    wire signed [31:0] w_v = o_v;
    wire [31:0] w_refractory_count = o_refractory_count;
    wire [31:0] w_spike = o_spike;
    wire signed [31:0] w_v_out = o_v_out;
    assign obs = {w_v_out, w_spike, w_refractory_count, w_v};
endmodule
`default_nettype wire
