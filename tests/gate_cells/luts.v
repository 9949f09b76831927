// SPDX-License-Identifier: Apache-2.0
// Every content of a LUT with every input, up to ten differences: run.sh has made LUT_INIT a port of both modules.
`default_nettype none
module bench;
    integer content, select, compared, bad;
    reg [15:0] init;
    reg [3:0] s;
    wire own, ref;
    own_lut own_lut (.LUT_INIT(init), .I0(s[0]), .I1(s[1]), .I2(s[2]), .I3(s[3]), .O(own));
    ref_lut ref_lut (.LUT_INIT(init), .I0(s[0]), .I1(s[1]), .I2(s[2]), .I3(s[3]), .O(ref));
    initial begin
        compared = 0;
        bad = 0;
        for (content = 0; content < 65536 && bad < 10; content = content + 1) begin
            init = content;
            for (select = 0; select < 16; select = select + 1) begin
                s = select;
                #1 compared = compared + 1;
                if (own !== ref) bad = bad + 1;
            end
        end
        $display("end compared=%0d bad=%0d", compared, bad);
    end
endmodule
`default_nettype wire
