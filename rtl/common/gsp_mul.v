// SPDX-License-Identifier: Apache-2.0
// y = a * b, exact: A_WIDTH + B_WIDTH bits.
//
// FORM says how, never what:
//   0  one `*`: the tool chooses. The form that proofs and simulations use
//   1  for LUTs with a carry chain: one conditional row of a per two bits of b
//   2  for signed DSP multipliers of A_WIDTH - 1 bits (A_WIDTH 17 on iCE40): `*` of all but
//      the top bit of a, and a correction of +b or -b in the upper bits
// tests/rtl_common compares all forms with each other and with C.
`default_nettype none
module gsp_mul #(
    parameter integer A_WIDTH = 16, // 2 or more
    parameter integer B_WIDTH = 16, // 2 or more
    parameter integer FORM = 0
) (
    input  wire signed [A_WIDTH-1:0]         a,
    input  wire signed [B_WIDTH-1:0]         b,
    output wire signed [A_WIDTH+B_WIDTH-1:0] y
);
    localparam integer Y = A_WIDTH + B_WIDTH;
    genvar i;
    generate
        if (A_WIDTH < 2 || B_WIDTH < 2) begin : illegal_width
            gsp_error_A_WIDTH_and_B_WIDTH_must_be_2_or_more stop ();
        end
        if (FORM < 0 || FORM > 2) begin : illegal_form
            gsp_error_FORM_must_be_0_to_2 stop ();
        end

        if (FORM == 1) begin : rows
            // b = sum of digit_i * 4^i with digits -1, 0, 1, 2: two bits of b plus the carry
            // of the digit below give 0..4; 3 stands for -1 and 4 for 0, both carrying one up.
            // A row of such a digit is ONE four-input function per bit, {0, a, 2a, ~a};
            // the carry into the adder makes -a of ~a.
            localparam integer DIGITS = B_WIDTH / 2 + 1; // the top one holds only sign bits
            localparam integer H = A_WIDTH + 2; // |running sum| < 2.7 * 2^(A_WIDTH-1)
            wire [2*DIGITS-1:0]   b_x = {{(2*DIGITS-B_WIDTH){b[B_WIDTH-1]}}, b};
            wire [H-1:0]          a_1 = {{2{a[A_WIDTH-1]}}, a};
            wire [H-1:0]          a_2 = {a[A_WIDTH-1], a, 1'b0};
            wire [2*DIGITS+H-3:0] all;
            wire                  unused = &{1'b0, all}; // sign copies above Y bits
            for (i = 0; i < DIGITS; i = i + 1) begin : row
                wire carry_in, carry_out;
                // Kept, or ABC dissolves the digit into each bit of the row.
                (* keep *) wire one;
                (* keep *) wire two;
                wire [H-1:0] times, above, sum;
                wire         lost; // bit of weight 1/2; its carry adds one
                assign one = b_x[2*i] ^ carry_in;
                assign two = b_x[2*i+1] ^ (b_x[2*i] & carry_in);
                assign carry_out = b_x[2*i+1] & (b_x[2*i] | carry_in);
                // two, one: 00 -> 0, 01 -> a, 10 -> 2a, 11 -> ~a; written inverted because
                // Yosys then finds the four-input function.
                assign times = {H{two}} ^ ~(one ? ~a_1 : ~({H{two}} & ~a_2));
                assign {sum, lost} = {above, 1'b1} + {times, two & one};
                if (i == 0) begin : lowest
                    assign carry_in = 1'b0;
                    assign above = {H{1'b0}};
                end else begin : next
                    assign carry_in = row[i-1].carry_out;
                    assign above = {{2{row[i-1].sum[H-1]}}, row[i-1].sum[H-1:2]};
                end
                if (i == DIGITS - 1) begin : highest
                    wire unused_row = &{1'b0, lost, carry_out};
                    assign all[2*DIGITS+H-3:2*i] = sum;
                end else begin : low
                    wire unused_row = &{1'b0, lost};
                    assign all[2*i+1:2*i] = sum[1:0];
                end
            end
            assign y = all[Y-1:0];
        end else if (FORM == 2) begin : split
            // a = low + (a[L-1] - a[L]) * 2^L, where low is the signed value of the L bits
            // below the top one: the two bits differ only where a does not fit L bits.
            localparam integer L = A_WIDTH - 1;
            wire signed [Y-1:0] low = {{(Y-L){a[L-1]}}, a[L-1:0]};
            wire signed [Y-1:0] b_y = {{(Y-B_WIDTH){b[B_WIDTH-1]}}, b};
            wire [Y-1:0]        b_s = (b_y ^ {Y{a[L]}}) & {Y{a[L] ^ a[L-1]}};
            wire [Y-1:0]        minus = {{(Y-1){1'b0}}, a[L] & ~a[L-1]};
            wire signed [Y-1:0] correction = (b_s + minus) << L;
            assign y = low * b_y + correction;
        end else begin : plain
            // Extended as in gsp_extend: with replications Icarus multiplies once for every piece of them.
            wire signed [Y-1:0] a_top = {a, {B_WIDTH{1'b0}}};
            wire signed [Y-1:0] b_top = {b, {A_WIDTH{1'b0}}};
            wire signed [Y-1:0] a_y = a_top >>> B_WIDTH;
            wire signed [Y-1:0] b_y = b_top >>> A_WIDTH;
            assign y = a_y * b_y;
        end
    endgenerate
endmodule
`default_nettype wire
