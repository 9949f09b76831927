// SPDX-License-Identifier: Apache-2.0
// What a board needs around any device: the bridge and the registers of docs/fpga.md. The device is
// outside, behind words of 32 bits: parameters and inputs in, observed values out.
//
// The n_in-th input word gives the device one clock edge, with the enable and reset that the address
// of the words says; then the observed words go into the queue of records.
`default_nettype none
module gsp_board_core #(
    parameter integer DIVIDER = 12,
    parameter integer N_PARAMS = 1,
    parameter integer N_IN = 1,
    parameter integer N_OBS = 1,
    parameter [31:0] MODEL_HASH = 32'd0,
    parameter integer FIFO_BITS = 11,
    parameter integer RECORD_BITS = 8,
    parameter integer TIMEOUT_BITS = 20
) (
    input wire clk,
    input wire rst_n,
    input wire rx,
    output wire tx,
    output wire fault, // stays until the next clear: the host broke a rule, or the line lost a byte
    output wire dut_rst_n,
    output wire dut_en,
    output wire [32*N_PARAMS-1:0] dut_params,
    output wire [32*N_IN-1:0] dut_in,
    input wire [32*N_OBS-1:0] dut_obs
);
    generate
        if (N_PARAMS < 1 || N_PARAMS > 128) begin : illegal_n_params
            gsp_error_N_PARAMS_must_be_1_to_128 stop ();
        end
        if (N_IN < 1 || N_IN > 128) begin : illegal_n_in
            gsp_error_N_IN_must_be_1_to_128 stop ();
        end
        if (N_OBS < 1 || N_OBS > 128) begin : illegal_n_obs
            gsp_error_N_OBS_must_be_1_to_128 stop ();
        end
        if (RECORD_BITS < 8) begin : illegal_record_bits
            gsp_error_RECORD_BITS_must_be_8_or_more stop ();
        end
    endgenerate

    // The register map is in docs/fpga.md.
    localparam [31:0] IDENTITY = 32'h47535048; // "GSPH"
    localparam [7:0] MAP_VERSION = 8'd1;
    localparam [31:0] LAST_IN = N_IN - 1, LAST_OBS = N_OBS - 1;
    localparam [31:0] FIFO = FIFO_BITS, RECORD = RECORD_BITS;
    localparam [31:0] SIZE_PARAMS = N_PARAMS, SIZE_IN = N_IN, SIZE_OBS = N_OBS;
    localparam [31:0] POLYNOMIAL = 32'h04c11db7;

    wire [7:0] addr;
    wire [31:0] wdata;
    wire we, re, lost;
    reg [31:0] rdata;
    reg busy_edge, busy_record;
    wire ack = (we || re) && !busy_edge && !busy_record;
    wire write = we && ack;

    wire is_control = addr == 8'h04;
    wire is_in = addr[7:2] == 6'h04;   // 10 to 13
    wire is_param = addr[7];           // 80 to ff
    wire clear = write && is_control;

    gsp_uart_bridge #(
        .DIVIDER(DIVIDER), .ADDRESS_WIDTH(8), .FIFO_BITS(FIFO_BITS), .TIMEOUT_BITS(TIMEOUT_BITS)
    ) bridge (
        .clk(clk), .rst_n(rst_n), .rx(rx), .tx(tx), .addr(addr), .wdata(wdata),
        .we(we), .re(re), .rdata(rdata), .ack(ack), .lost(lost)
    );

    // Parameters: one register each.
    genvar k;
    generate
        for (k = 0; k < N_PARAMS; k = k + 1) begin : params
            localparam [31:0] OWN = 128 + k;
            reg [31:0] value;
            always @(posedge clk) if (write && addr == OWN[7:0]) value <= wdata;
            assign dut_params[32*k +: 32] = value;
        end
    endgenerate

    // Inputs: a word is shifted in from the top, so that the first one ends at the bottom.
    reg [32*N_IN-1:0] in;
    wire [32*N_IN-1:0] in_shifted;
    wire [31:0] unused_first;
    assign {in_shifted, unused_first} = {wdata, in};
    reg [6:0] in_place;
    reg edge_en, edge_reset;
    wire in_last = in_place == LAST_IN[6:0];
    assign dut_in = in;
    assign dut_en = busy_edge && edge_en;
    assign dut_rst_n = rst_n && !(busy_edge && edge_reset);

    // The record of the edge: its words go into the queue one a clock.
    reg [6:0] place;
    wire [31:0] record_word [0:N_OBS-1];
    generate
        for (k = 0; k < N_OBS; k = k + 1) begin : observed
            assign record_word[k] = dut_obs[32*k +: 32];
        end
    endgenerate
    localparam integer OBS_PLACE = N_OBS < 2 ? 1 : $clog2(N_OBS);
    wire [31:0] record = N_OBS < 2 ? record_word[0] : record_word[place[OBS_PLACE-1:0]];
    wire record_full, record_valid;
    wire [31:0] record_out;
    wire take = re && ack && addr == 8'h08;

    gsp_fifo #(.WIDTH(32), .DEPTH_BITS(RECORD_BITS)) records (
        .clk(clk), .clear(!rst_n || clear), .write(busy_record), .in_data(record),
        .take(take), .out_data(record_out), .out_valid(record_valid), .full(record_full)
    );

    reg [31:0] ticks;
    reg [31:0] sum_in, sum_out;
    reg lost_byte, lost_record, no_record;
    assign fault = lost_byte || lost_record || no_record;

    always @(posedge clk) begin
        if (!rst_n || clear) begin
            in_place <= 7'd0;
            ticks <= 32'd0;
            sum_in <= 32'd0;
            sum_out <= 32'd0;
            lost_byte <= 1'b0;
            lost_record <= 1'b0;
            no_record <= 1'b0;
        end else begin
            if (write && (is_in || is_param))
                sum_in <= {sum_in[30:0], 1'b0} ^ (sum_in[31] ? POLYNOMIAL : 32'd0) ^ {addr, 24'd0} ^ wdata;
            if (write && is_in) in_place <= in_last ? 7'd0 : in_place + 7'd1;
            if (busy_edge) ticks <= ticks + 32'd1;
            if (busy_record)
                sum_out <= {sum_out[30:0], 1'b0} ^ (sum_out[31] ? POLYNOMIAL : 32'd0) ^ record;
            if (lost) lost_byte <= 1'b1;
            if (busy_record && record_full) lost_record <= 1'b1;
            if (take && !record_valid) no_record <= 1'b1;
        end

        if (write && is_in) begin
            in <= in_shifted;
            edge_en <= addr[0];
            edge_reset <= addr[1];
        end
        busy_edge <= rst_n && write && is_in && in_last;
        if (!rst_n) busy_record <= 1'b0;
        else if (busy_edge) busy_record <= 1'b1;
        else if (place == LAST_OBS[6:0]) busy_record <= 1'b0;
        place <= busy_record ? place + 7'd1 : 7'd0;
    end

    always @* begin
        case (addr[3:0])
            4'h0: rdata = IDENTITY;
            4'h1: rdata = {8'd0, RECORD[7:0], FIFO[7:0], MAP_VERSION};
            4'h2: rdata = {8'd0, SIZE_OBS[7:0], SIZE_IN[7:0], SIZE_PARAMS[7:0]};
            4'h3: rdata = MODEL_HASH;
            4'h4: rdata = {29'd0, no_record, lost_record, lost_byte};
            4'h5: rdata = ticks;
            4'h6: rdata = sum_in;
            4'h7: rdata = sum_out;
            default: rdata = record_out;
        endcase
    end
endmodule
`default_nettype wire
