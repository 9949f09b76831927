// SPDX-License-Identifier: Apache-2.0
// gsp_loihi_weight against every line of vectors.hex.
`default_nettype none
module bench;
    parameter COUNT = 1;

    reg         [59:0] vectors [0:COUNT-1];
    reg         [59:0] vector;
    wire signed [8:0]  w8;
    wire signed [21:0] weight;
    integer i, compared, bad;

    gsp_loihi_weight dut (
        .mantissa(vector[56:48]), .bits_code(vector[46:44]), .is_mixed(vector[40]), .weight_exp(vector[39:36]),
        .w8(w8), .weight(weight)
    );

    initial begin
        $readmemh("vectors.hex", vectors);
        compared = 0;
        bad = 0;
        for (i = 0; i < COUNT; i = i + 1) begin
            vector = vectors[i];
            #1;
            compared = compared + 1;
            if ({{3{w8[8]}}, w8} !== vector[35:24] || {{2{weight[21]}}, weight} !== vector[23:0]) begin
                if (bad < 5)
                    $display("mantissa %h bits_code %0d is_mixed %b weight_exp %h: w8 %h weight %h, expected %h %h",
                             vector[59:48], vector[46:44], vector[40], vector[39:36], {{3{w8[8]}}, w8},
                             {{2{weight[21]}}, weight}, vector[35:24], vector[23:0]);
                bad = bad + 1;
            end
        end
        $display("end compared=%0d bad=%0d", compared, bad);
        $finish;
    end
endmodule
`default_nettype wire
