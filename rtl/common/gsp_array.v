// SPDX-License-Identifier: Apache-2.0
// What is common to all array forms (docs/rtl.md): handshakes, state memory, interlock, reset sweep.
// Around it a model puts a datapath of DEPTH stages:
//
//   stage 0           an accepted update waits here while an update of the same neuron is in flight
//   stage 1           its state has come from the memory: `state` and `in` for the datapath
//   stages 2..DEPTH   the datapath's own registers, which move at edges with advance = 1
//   stage DEPTH       the datapath shows state_next and result; at the next edge with advance = 1 they
//                     go to the memory and to the output registers
//
// The memory is read at the edge into stage 1 and written at the edge out of stage DEPTH, so that an
// update may follow one of the same neuron by DEPTH + 1 edges.
//
// A datapath that takes several cycles for what its stages hold keeps `done` at 0 until the last of them:
// `in` and `state` stand meanwhile. Any other ties it to 1. While the stages are empty it must be 1.
//
// With OWN_PARAMS each neuron has params of its own in a second memory, read together with the state: in stage 1
// `params` are those of its update, as they were when it was accepted.
`include "gsp_bug.vh"
`default_nettype none
module gsp_array #(
    parameter integer NEURONS = 256,
    parameter integer DEPTH = 1,    // at least INTERVAL
    parameter integer INTERVAL = 1, // 2: updates enter the datapath an even number of edges apart
    parameter integer IN_WIDTH = 1,
    parameter integer STATE_WIDTH = 1,
    parameter integer RESULT_WIDTH = 1,
    parameter integer OWN_PARAMS = 0,
    parameter integer PARAM_WIDTH = 1,
    parameter integer ID_WIDTH = $clog2(NEURONS) // derived
) (
    input  wire                    clk,
    input  wire                    rst_n,

    input  wire                    in_valid,
    output wire                    in_ready,
    input  wire [ID_WIDTH-1:0]     in_id,
    input  wire [IN_WIDTH-1:0]     in_data,

    // without OWN_PARAMS only param_in is looked at
    input  wire                    param_write,
    output wire                    param_ready,
    input  wire [ID_WIDTH-1:0]     param_id,
    input  wire [PARAM_WIDTH-1:0]  param_in,

    // the datapath
    output wire                    advance,
    output wire                    entered, // an update may stand in stage 1: with INTERVAL = 2 at every second edge
    output wire                    works,   // any stage does
    input  wire                    done,
    output wire [IN_WIDTH-1:0]     in,
    output wire [STATE_WIDTH-1:0]  state,
    output wire [PARAM_WIDTH-1:0]  params,
    input  wire [STATE_WIDTH-1:0]  state_next,
    input  wire [RESULT_WIDTH-1:0] result,
    input  wire [STATE_WIDTH-1:0]  state_reset, // what the sweep writes; of `params`, where it depends on them

    output reg                     out_valid,
    input  wire                    out_ready,
    output wire [ID_WIDTH-1:0]     out_id,
    output reg  [STATE_WIDTH-1:0]  out_state,
    output reg  [RESULT_WIDTH-1:0] out_result,
    output wire [STATE_WIDTH-1:0]  out_before,
    output wire [IN_WIDTH-1:0]     out_in
);
    generate
        if (NEURONS < 2 || NEURONS > 4096) begin : illegal_neurons
            gsp_error_NEURONS_must_be_2_to_4096 stop ();
        end
        if (ID_WIDTH != $clog2(NEURONS)) begin : illegal_id_width
            gsp_error_ID_WIDTH_is_derived stop ();
        end
        if (INTERVAL < 1 || INTERVAL > 2) begin : illegal_interval
            gsp_error_INTERVAL_must_be_1_or_2 stop ();
        end
        if (OWN_PARAMS < 0 || OWN_PARAMS > 1) begin : illegal_own_params
            gsp_error_OWN_PARAMS_must_be_0_or_1 stop ();
        end
        if (DEPTH < INTERVAL || DEPTH > 15) begin : illegal_depth
            gsp_error_DEPTH_must_be_INTERVAL_to_15 stop ();
        end
    endgenerate

    `GSP_BUG_SELECT
    localparam [31:0]         LAST_WIDE = NEURONS - 1;
    localparam [ID_WIDTH-1:0] LAST = LAST_WIDE[ID_WIDTH-1:0];

    // After a reset the memory is swept: neuron 0 first, one neuron per edge.
    reg                sweeping;
    reg [ID_WIDTH-1:0] sweep_id;
    wire               last_swept = sweep_id == `GSP_BUG(205, LAST, LAST - 1'b1);
    always @(posedge clk)
        if (!rst_n) begin
            sweeping <= 1'b1;
            sweep_id <= `GSP_BUG(206, {ID_WIDTH{1'b0}}, (sweeping === 1'b1) ? sweep_id : {ID_WIDTH{1'b0}});
        end else if (sweeping) begin
            sweeping <= !last_swept;
            sweep_id <= sweep_id + 1'b1;
        end

    reg [DEPTH-1:0] valid; // stages 1 to DEPTH, stage 1 in the lowest bit

    // Everything behind stage 0 stands while an output waits for its taker.
    wire   free = out_ready || !out_valid;
    assign advance = done && free;
    assign works = |valid;

    // stage 0
    reg                held_valid;
    reg [ID_WIDTH-1:0] held_id;
    reg [IN_WIDTH-1:0] held_in;
    wire               hazard;
    reg                turn; // changes at each edge with advance = 1
    assign entered = INTERVAL == 1 || !turn;
    wire               issue = held_valid && !hazard && advance && (INTERVAL == 1 || turn);
    assign in_ready = `GSP_BUG(207, !sweeping, 1'b1) && (!held_valid || `GSP_BUG(208, issue, advance));
    always @(posedge clk)
        if (!rst_n)
            held_valid <= 1'b0;
        else if (in_ready)
            held_valid <= in_valid;
    always @(posedge clk)
        if (in_ready) begin
            held_id <= in_id;
            held_in <= in_data;
        end

    // What goes along with an update, from stage 1 to the output registers, which are one stage more. With INTERVAL = 2
    // it takes one register for every two stages behind the first.
    localparam integer KEPT = (DEPTH + INTERVAL - 1) / INTERVAL;
    localparam integer LAST_KEPT = DEPTH / INTERVAL - (INTERVAL == 1 ? 1 : 0); // in stage DEPTH
    reg  [(KEPT+1)*ID_WIDTH-1:0]    ids;
    reg  [(KEPT+1)*IN_WIDTH-1:0]    ins;
    reg  [KEPT*STATE_WIDTH-1:0]     befores;
    reg  [STATE_WIDTH-1:0]          read;
    wire [DEPTH:0]                  valid_next = {valid, issue};
    wire [ID_WIDTH-1:0]             written_id = ids[LAST_KEPT*ID_WIDTH +: ID_WIDTH];
    wire                            written = valid[DEPTH-1] && advance;
    wire                            full_move = `GSP_BUG(204, advance, 1'b1);
    always @(posedge clk)
        if (!rst_n) begin
            turn <= 1'b0;
            valid <= {DEPTH{1'b0}};
            out_valid <= 1'b0;
        end else if (free) begin
            if (done) begin
                turn <= !turn;
                valid <= valid_next[DEPTH-1:0];
            end
            out_valid <= done && valid_next[DEPTH];
        end
    always @(posedge clk)
        if (advance) begin
            ids[ID_WIDTH-1:0] <= held_id;
            ins[IN_WIDTH-1:0] <= held_in;
            if (entered) begin
                ids[(KEPT+1)*ID_WIDTH-1:ID_WIDTH] <= ids[KEPT*ID_WIDTH-1:0];
                ins[(KEPT+1)*IN_WIDTH-1:IN_WIDTH] <= ins[KEPT*IN_WIDTH-1:0];
            end
        end
    always @(posedge clk)
        if (full_move) begin
            out_state <= state_next;
            out_result <= result;
        end
    generate
        if (KEPT == 1) begin : shallow
            always @(posedge clk)
                if (advance && entered)
                    befores <= read;
        end else begin : deep
            always @(posedge clk)
                if (advance && entered)
                    befores <= {befores[(KEPT-1)*STATE_WIDTH-1:0], read};
        end
    endgenerate
    assign in = ins[IN_WIDTH-1:0];
    assign state = read;
    assign out_id = ids[KEPT*ID_WIDTH +: ID_WIDTH] + `GSP_BUG(203, {ID_WIDTH{1'b0}}, {{(ID_WIDTH-1){1'b0}}, 1'b1});
    assign out_before = befores[(KEPT-1)*STATE_WIDTH +: STATE_WIDTH];
    assign out_in = `GSP_BUG(210, ins[KEPT*IN_WIDTH +: IN_WIDTH], held_in);

    // The same neuron in flight, from its read to its write. With INTERVAL = 2 no odd stage holds one at an issue.
    localparam integer COMPARED = DEPTH / INTERVAL;
    wire [COMPARED-1:0] same; // with INTERVAL = 1 stages 1, 2..., with 2 stages 2, 4...
    genvar k;
    generate
        for (k = 0; k < COMPARED; k = k + 1) begin : stage
            assign same[k] = valid[(k+1)*INTERVAL-1] && ids[(k+INTERVAL-1)*ID_WIDTH +: ID_WIDTH] == held_id
                && `GSP_BUG(202, 1'b1, k != COMPARED - 1);
        end
    endgenerate
    assign hazard = `GSP_BUG(201, |same, 1'b0);

    // The params of a neuron. They are read for the sweep too, which then writes one edge later.
    wire                swept; // the memory takes state_reset
    wire [ID_WIDTH-1:0] swept_id;
    generate
        if (OWN_PARAMS == 1) begin : own
            // Not while an update of the neuron waits in stage 0; a later one has read them.
            wire                   waits = held_valid && held_id == param_id;
            assign param_ready = !sweeping && !`GSP_BUG(211, waits, 1'b0);
            wire                   taken = param_write && param_ready && rst_n && `GSP_BUG(212, 1'b1, out_ready);
            wire [ID_WIDTH-1:0]    taken_id = `GSP_BUG(213, param_id, in_id);
            wire [ID_WIDTH-1:0]    looked_at = sweeping ? `GSP_BUG(215, sweep_id, in_id)
                                             : `GSP_BUG(214, held_id, ids[ID_WIDTH-1:0]);
            // Read and written at one edge at one place only while nothing waits: what is read then is not used.
            (* no_rw_check *)
            reg  [PARAM_WIDTH-1:0] sets [0:NEURONS-1];
            reg  [PARAM_WIDTH-1:0] set;
            reg                    late;
            reg  [ID_WIDTH-1:0]    late_id;
            always @(posedge clk) begin
                if (taken)
                    sets[taken_id] <= param_in;
                if (advance)
                    set <= sets[looked_at];
                late <= rst_n && sweeping;
                late_id <= sweep_id;
            end
            assign params = set;
            assign swept = late;
            assign swept_id = late_id;
        end else begin : shared
            wire unused = &{1'b0, param_write, param_id};
            assign param_ready = 1'b0;
            assign params = param_in;
            assign swept = sweeping;
            assign swept_id = sweep_id;
        end
    endgenerate

    // Never read and written at one edge at one place: the interlock sees to that, and nothing is
    // accepted during the sweep. So it does not matter what a block RAM shows then.
    (* no_rw_check *)
    reg  [STATE_WIDTH-1:0] memory [0:NEURONS-1];
    wire                   write = swept || (written && `GSP_BUG(209, 1'b1, out_ready));
    wire [ID_WIDTH-1:0]    write_id = swept ? swept_id : written_id;
    wire [STATE_WIDTH-1:0] write_state = swept ? state_reset : state_next;
    always @(posedge clk) begin
        if (write)
            memory[write_id] <= write_state;
        if (advance)
            read <= memory[held_id];
    end
endmodule
`default_nettype wire
