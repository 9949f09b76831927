// SPDX-License-Identifier: Apache-2.0
// What a board needs around any device: the bridge and the registers of docs/fpga.md. The device is
// outside, behind words of 32 bits: parameters and inputs in, observed values out.
//
// The inputs come from the host, or at full speed from a pool that the host has filled: each word one
// of 2**POOL_BITS, chosen by a shift register with feedback.
//
// STREAM = 0: the n_in-th input word gives the device one clock edge, with the enable and reset that the
// address of the words says; what is observed after it is a record. STREAM = 1: the words are an update
// for a device with handshakes, and the records are what it hands out.
`include "gsp_bug.vh"
`default_nettype none
module gsp_board_core #(
    parameter integer DIVIDER = 12,
    parameter integer STREAM = 0,
    parameter integer FULL_SPEED = 1, // 0: without runs, for small devices
    parameter integer N_PARAMS = 1,
    parameter integer N_IN = 1,
    parameter integer N_OBS = 1,
    parameter integer N_STATE = 0, // words of state that can be written
    parameter [31:0] MODEL_HASH = 32'd0,
    parameter [32*N_PARAMS-1:0] PARAM_MASK = {(32 * N_PARAMS) {1'b1}}, // bits that the device has
    parameter integer FIFO_BITS = 11,
    parameter integer RECORD_BITS = 8,
    parameter integer POOL_BITS = 6,
    parameter integer TIMEOUT_BITS = 20
) (
    input wire clk,
    input wire rst_n,
    input wire rx,
    output wire tx,
    output wire fault, // stays until the next clear: the host broke a rule, or the line lost a byte
    output wire dut_rst_n,
    output wire dut_valid, // STREAM = 0: the edge with it is the one; 1: taken with dut_ready
    input wire dut_ready,
    output wire [32*N_PARAMS-1:0] dut_params,
    output wire [32*N_IN-1:0] dut_in,
    output wire dut_load, // a word of state is written
    output wire [5:0] dut_load_place,
    output wire [31:0] dut_load_word,
    input wire [32*N_OBS-1:0] dut_obs,
    input wire dut_out_valid, // STREAM = 1: dut_obs is a record; taken with dut_out_ready
    output wire dut_out_ready
);
    generate
        if (N_PARAMS < 1 || N_PARAMS > 128) begin : illegal_n_params
            gsp_error_N_PARAMS_must_be_1_to_128 stop ();
        end
        if (N_IN < 1 || N_IN > 64) begin : illegal_n_in
            gsp_error_N_IN_must_be_1_to_64 stop ();
        end
        if (N_OBS < 1 || N_OBS > 64) begin : illegal_n_obs
            gsp_error_N_OBS_must_be_1_to_64 stop ();
        end
        if (N_STATE < 0 || N_STATE > 64) begin : illegal_n_state
            gsp_error_N_STATE_must_be_0_to_64 stop ();
        end
        if (FULL_SPEED < 0 || FULL_SPEED > 1) begin : illegal_full_speed
            gsp_error_FULL_SPEED_must_be_0_or_1 stop ();
        end
        if (STREAM < 0 || STREAM > 1) begin : illegal_stream
            gsp_error_STREAM_must_be_0_or_1 stop ();
        end
        if (RECORD_BITS < 8) begin : illegal_record_bits
            gsp_error_RECORD_BITS_must_be_8_or_more stop ();
        end
        if (POOL_BITS < 1 || POOL_BITS > 6) begin : illegal_pool_bits
            gsp_error_POOL_BITS_must_be_1_to_6 stop ();
        end
    endgenerate

    `GSP_BUG_SELECT

    // The register map is in docs/fpga.md.
    localparam [31:0] IDENTITY = 32'h47535048; // "GSPH"
    localparam [7:0] MAP_VERSION = 8'd2;
    localparam [31:0] LAST_IN = N_IN - 1, LAST_OBS = N_OBS - 1;
    localparam [31:0] FIFO = FIFO_BITS, RECORD = RECORD_BITS, POOL = FULL_SPEED != 0 ? POOL_BITS : 0;
    localparam [31:0] SIZE_PARAMS = N_PARAMS, SIZE_IN = N_IN, SIZE_OBS = N_OBS, SIZE_STATE = N_STATE;
    localparam [31:0] POLYNOMIAL = 32'h04c11db7;
    localparam integer IN_PLACE = N_IN < 2 ? 1 : $clog2(N_IN);
    localparam integer OBS_PLACE = N_OBS < 2 ? 1 : $clog2(N_OBS);
    localparam integer PARAM_PLACE = N_PARAMS < 2 ? 1 : $clog2(N_PARAMS);
    localparam integer POOL_PLACE = IN_PLACE + POOL_BITS;

    wire [7:0] addr;
    wire [31:0] wdata;
    wire we, re, lost;
    reg [31:0] rdata;

    reg in_full;                // the device may have the inputs
    reg run_on;
    wire running = FULL_SPEED != 0 && run_on; // updates are made here
    reg [23:0] run_left;        // of which so many are still to begin
    reg edge_en, edge_reset;
    reg [31:0] ticks;           // edges or updates that the device took
    wire record_busy;           // words of a record are folded and queued, one a clock
    wire in_flight;             // the device has updates
    wire busy = in_full || running || record_busy || in_flight;

    // Counters, status and clearing never wait; all else does, until the device has done what it has.
    wire is_control = addr == 8'h04;
    wire at_once = we ? is_control : addr[7:3] == 5'd0;
    wire ack = (we || re) && (!busy || at_once);
    wire write = we && ack;
    wire clear = write && is_control;
    wire is_in = addr[7:2] == 6'h04;   // 10 to 13
    wire is_state = addr[7:6] == 2'b01; // 40 to 7f
    wire is_param = addr[7];           // 80 to ff
    wire write_in = write && is_in;
    wire write_run = FULL_SPEED != 0 && write && (addr == 8'h09 || addr == 8'h0c);
    wire write_seed = FULL_SPEED != 0 && write && addr == 8'h0a;
    wire write_pool = FULL_SPEED != 0 && write && addr == 8'h0b;

    gsp_uart_bridge #(
        .DIVIDER(DIVIDER), .ADDRESS_WIDTH(8), .FIFO_BITS(FIFO_BITS), .TIMEOUT_BITS(TIMEOUT_BITS)
    ) bridge (
        .clk(clk), .rst_n(rst_n), .rx(rx), .tx(tx), .addr(addr), .wdata(wdata),
        .we(we), .re(re), .rdata(rdata), .ack(ack), .lost(lost)
    );

    // Parameters: one register each. Bits that the device does not have read as 0.
    wire [31:0] param_word [0:N_PARAMS-1];
    genvar k;
    generate
        for (k = 0; k < N_PARAMS; k = k + 1) begin : params
            localparam [31:0] OWN = 128 + k;
            reg [31:0] value;
            always @(posedge clk)
                if (write && addr == OWN[7:0] && `GSP_BUG(401, 1'b1, k != N_PARAMS - 1)) value <= wdata;
            assign dut_params[32*k +: 32] = value;
            assign param_word[k] = value & PARAM_MASK[32*k +: 32];
        end
    endgenerate
    wire [31:0] param = N_PARAMS < 2 ? param_word[0] : param_word[addr[PARAM_PLACE-1:0]];

    assign dut_load = write && is_state && `GSP_BUG(402, 1'b1, 1'b0);
    assign dut_load_place = addr[5:0];
    assign dut_load_word = wdata;

    // The pool: 2**POOL_BITS words for each input word. It is written from its begin after a new seed.
    (* no_rw_check *) // never written during a run
    reg [31:0] pool [0:(1<<POOL_PLACE)-1];
    reg [31:0] pool_out;
    reg [POOL_PLACE-1:0] pool_place;
    reg [30:0] random; // x^31 + x^28 + 1, as many new bits a word as choose one of the pool
    wire [30:0] next_random;
    reg [IN_PLACE-1:0] ask_place; // the input word that is chosen next
    reg ask_done, asked;          // all of an update are chosen; one was chosen in the last clock
    wire ask = running && !ask_done && `GSP_BUG(406, 1'b1, ticks != 32'd20000);
    wire ask_last = ask_place == LAST_IN[IN_PLACE-1:0];
    wire [30:0] unused_random; // the bits that go
    assign {unused_random[POOL_BITS-1:0], next_random} =
        {random, random[30 -: POOL_BITS] ^ random[27 -: POOL_BITS]};
    assign unused_random[30:POOL_BITS] = {(31 - POOL_BITS) {1'b0}};
    always @(posedge clk) begin
        if (write_pool) pool[pool_place] <= wdata;
        pool_out <= pool[{ask_place, random[POOL_BITS-1:0]}];
        if (write_seed) pool_place <= {POOL_PLACE{1'b0}};
        else if (write_pool) pool_place <= pool_place + 1'b1;
        if (write_seed) random <= wdata[30:0];
        else if (ask) random <= next_random;
    end

    // Inputs: a word is shifted in from the top, so that the first one ends at the bottom.
    reg [32*N_IN-1:0] in;
    wire [32*N_IN-1:0] in_shifted;
    wire [31:0] unused_first;
    wire in_shift = write_in || asked;
    wire [31:0] in_word = asked ? pool_out : wdata;
    assign {in_shifted, unused_first} = {in_word, in};
    reg [IN_PLACE-1:0] in_place;
    wire in_last = in_place == LAST_IN[IN_PLACE-1:0];
    assign dut_in = in;

    wire take;       // the device takes the inputs at this edge,
    wire take_reset; // or is reset; not a function of dut_ready, which may be one of dut_rst_n
    assign dut_rst_n = rst_n && !take_reset && !(STREAM == 1 && clear);
    wire run_last = run_left == `GSP_BUG(403, 24'd1, 24'd2);

    always @(posedge clk) begin
        if (in_shift) in <= in_shifted;
        if (write_in) begin
            edge_en <= addr[0];
            edge_reset <= addr[1];
        end else if (write_run) begin
            edge_en <= 1'b1;
            edge_reset <= 1'b0;
        end
        asked <= ask;
        if (ask) begin
            ask_place <= ask_last ? {IN_PLACE{1'b0}} : ask_place + 1'b1;
            ask_done <= ask_last;
        end
        if (in_shift) in_place <= in_last ? {IN_PLACE{1'b0}} : in_place + 1'b1;
        in_full <= (in_full && !take) || (in_shift && in_last);
        if (take) ask_done <= 1'b0;
        if (write_run) begin
            run_on <= wdata[23:0] != 24'd0;
            run_left <= wdata[23:0];
        end else if (take && running) begin
            run_on <= !run_last;
            run_left <= run_left - 24'd1;
        end
        if (!rst_n || clear) begin
            in_full <= 1'b0;
            in_place <= {IN_PLACE{1'b0}};
            run_on <= 1'b0;
            asked <= 1'b0;
            ask_done <= 1'b0;
            ask_place <= {IN_PLACE{1'b0}};
        end
    end

    // A record: its words are folded, and go into the queue but for those of a plain run.
    reg [OBS_PLACE-1:0] place;
    wire record_last = place == LAST_OBS[OBS_PLACE-1:0];
    wire [31:0] record_word [0:N_OBS-1];
    generate
        for (k = 0; k < N_OBS; k = k + 1) begin : observed
            assign record_word[k] = dut_obs[32*k +: 32];
        end

        if (STREAM == 1) begin : stream
            reg [4:0] flying;
            assign in_flight = flying != 5'd0;
            assign dut_valid = in_full && edge_en && !edge_reset;
            assign take_reset = in_full && edge_reset && !in_flight;
            assign take = take_reset || (in_full && !edge_reset && (dut_ready || !edge_en));
            assign record_busy = dut_out_valid && in_flight;
            assign dut_out_ready = record_busy && record_last;
            always @(posedge clk)
                if (!rst_n || clear) flying <= 5'd0;
                else flying <= flying + {4'd0, take && dut_valid} - {4'd0, dut_out_ready};
        end else begin : edges
            reg fresh; // dut_obs is the record of the last edge
            assign in_flight = 1'b0;
            assign take = in_full && (!fresh || record_last);
            assign take_reset = take && edge_reset;
            assign dut_valid = take && edge_en;
            assign record_busy = fresh;
            assign dut_out_ready = 1'b0;
            always @(posedge clk)
                if (!rst_n || clear) fresh <= 1'b0;
                else fresh <= take || (fresh && !record_last);
            wire unused_stream = &{dut_ready, dut_out_valid};
        end
    endgenerate
    wire [OBS_PLACE-1:0] shown = record_busy ? place : addr[OBS_PLACE-1:0];
    wire spoilt = `GSP_BUG(405, 1'b0, record_busy && ticks == 32'd5000 && shown == {OBS_PLACE{1'b0}});
    wire [31:0] record = (N_OBS < 2 ? record_word[0] : record_word[shown]) ^ {31'd0, spoilt};
    reg unrecorded; // the updates in flight are those of a run without records
    wire queue_it = record_busy && !unrecorded;
    wire record_full, record_valid;
    wire [31:0] record_out;
    wire take_record = re && ack && addr == 8'h08;
    always @(posedge clk) begin
        place <= record_busy && !record_last ? place + 1'b1 : {OBS_PLACE{1'b0}};
        if (write_run || write_in) unrecorded <= write_run && addr[0];
    end

    gsp_fifo #(.WIDTH(32), .DEPTH_BITS(RECORD_BITS)) records (
        .clk(clk), .clear(!rst_n || clear), .write(queue_it), .in_data(record),
        .take(take_record), .out_data(record_out), .out_valid(record_valid), .full(record_full)
    );

    reg [31:0] sum_in, sum_out;
    reg lost_byte, lost_record, no_record;
    wire fold = record_busy && `GSP_BUG(404, 1'b1, !record_last);
    assign fault = lost_byte || lost_record || no_record;

    always @(posedge clk) begin
        if (!rst_n || clear) begin
            ticks <= 32'd0;
            sum_in <= 32'd0;
            sum_out <= 32'd0;
            lost_byte <= 1'b0;
            lost_record <= 1'b0;
            no_record <= 1'b0;
        end else begin
            if (write) sum_in <= {sum_in[30:0], 1'b0} ^ (sum_in[31] ? POLYNOMIAL : 32'd0) ^ {addr, 24'd0} ^ wdata;
            if (take) ticks <= ticks + 32'd1;
            if (fold) sum_out <= {sum_out[30:0], 1'b0} ^ (sum_out[31] ? POLYNOMIAL : 32'd0) ^ record;
            if (lost) lost_byte <= 1'b1;
            if (queue_it && record_full) lost_record <= 1'b1;
            if (take_record && !record_valid) no_record <= 1'b1;
        end
    end

    always @* begin
        case (addr[3:0])
            4'h0: rdata = IDENTITY;
            4'h1: rdata = {POOL[7:0], RECORD[7:0], FIFO[7:0], MAP_VERSION};
            4'h2: rdata = {SIZE_STATE[7:0], SIZE_OBS[7:0], SIZE_IN[7:0], SIZE_PARAMS[7:0]};
            4'h3: rdata = MODEL_HASH;
            4'h4: rdata = {28'd0, busy, no_record, lost_record, lost_byte};
            4'h5: rdata = ticks;
            4'h6: rdata = sum_in;
            4'h7: rdata = sum_out;
            default: rdata = record_out;
        endcase
        if (is_state) rdata = record;
        if (is_param) rdata = param;
    end
endmodule
`default_nettype wire
