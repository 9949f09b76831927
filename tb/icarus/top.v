// SPDX-License-Identifier: Apache-2.0
// Icarus adapter, Verilog half: a clock around gsp_bench. $gsp_clock (gsp_vpi.c)
// takes what the bench shows and puts the next drive, while clk = 0.
// {obs}: the value of an expression comes in one loop; for that of a net vvp makes two calls for each bit.
`default_nettype none
module gsp_top;
    reg clk, running, dump, rst_n, valid, ready;
    reg [`GSP_PARAMS_BITS-1:0] params;
    reg [`GSP_IN_BITS-1:0] in;
    reg [`GSP_STATE_BITS-1:0] state;
    wire [`GSP_OBS_BITS-1:0] obs;

    gsp_bench bench (.clk(clk), .rst_n(rst_n), .valid(valid), .ready(ready),
                     .params(params), .in(in), .state(state), .obs(obs));

    initial begin
        clk = 0;
        running = 1;
        dump = 0;
        $gsp_clock(running, dump, rst_n, valid, ready, params, in, state, {obs});
        while (running) begin
            #1 clk = 1;
            #1 clk = 0;
            #1 $gsp_clock(running, dump, rst_n, valid, ready, params, in, state, {obs});
        end
        $finish;
    end

    // The waveform window of --wave.
    reg [8*512-1:0] wave;
    reg opened;
    initial opened = 0;
    always @(dump)
        if (dump && !opened) begin
            if ($value$plusargs("gsp_wave=%s", wave)) begin
                $dumpfile(wave);
                $dumpvars(0, gsp_top);
                opened = 1;
            end
        end else if (opened) begin
            if (dump) $dumpon;
            else $dumpoff;
        end
endmodule
`default_nettype wire
