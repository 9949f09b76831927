// SPDX-License-Identifier: Apache-2.0
// y = a * b, exact, STAGES edges with advance = 1 after a and b: FORM 1 of gsp_mul (for LUTs with a carry
// chain, one row per two bits of b), its rows spread evenly over the stages. STAGES is at most the number of rows.
//
// For an even B_WIDTH the highest row holds only sign bits. ROWS = B_WIDTH / 2 leaves it out, for b whose two
// highest bits are never 10.
`default_nettype none
module gsp_mul_pipe #(
    parameter integer A_WIDTH = 16, // 2 or more
    parameter integer B_WIDTH = 16, // 2 or more
    parameter integer STAGES = 1,
    parameter integer ROWS = B_WIDTH / 2 + 1
) (
    input  wire                              clk,
    input  wire                              advance,
    input  wire signed [A_WIDTH-1:0]         a,
    input  wire signed [B_WIDTH-1:0]         b,
    output wire signed [A_WIDTH+B_WIDTH-1:0] y
);
    localparam integer Y = A_WIDTH + B_WIDTH;
    // Digits as in gsp_mul. What a stage hands on: a, the digits not used yet with the carry below them,
    // the running sum, and the bits of y that are final.
    localparam integer H = A_WIDTH + 2;
    localparam integer ALL = 2 * ROWS + H - 2;
    wire [B_WIDTH+1:0]  b_wide = {b[B_WIDTH-1], b[B_WIDTH-1], b};
    wire [2*ROWS-1:0] b_x = b_wide[2*ROWS-1:0];
    wire                unused = &{1'b0, b_wide};
    genvar i;
    generate
        if (A_WIDTH < 2 || B_WIDTH < 2) begin : illegal_width
            gsp_error_A_WIDTH_and_B_WIDTH_must_be_2_or_more stop ();
        end
        if (ROWS < (B_WIDTH + 1) / 2 || ROWS > B_WIDTH / 2 + 1) begin : illegal_rows
            gsp_error_ROWS_must_be_half_of_B_WIDTH_or_one_more stop ();
        end
        if (STAGES < 1 || STAGES > ROWS) begin : illegal_stages
            gsp_error_STAGES_must_be_1_to_the_number_of_rows stop ();
        end

        for (i = 0; i < ROWS; i = i + 1) begin : row
            // Behind this row is a register when the next one belongs to a later stage.
            localparam integer LAST = ((i + 1) * STAGES / ROWS != i * STAGES / ROWS) ? 1 : 0;
            wire signed [A_WIDTH-1:0] a_in;
            wire [2*ROWS-1:0]       b_in;
            wire                      carry_in;
            wire [H-1:0]              above;
            wire [ALL-1:0]            done_in;
            // Kept, or ABC dissolves the digit into each bit of the row.
            (* keep *) wire one;
            (* keep *) wire two;
            wire         carry;
            wire [H-1:0] a_1 = {{2{a_in[A_WIDTH-1]}}, a_in};
            wire [H-1:0] a_2 = {a_in[A_WIDTH-1], a_in, 1'b0};
            wire [H-1:0] times, sum;
            wire         lost; // bit of weight 1/2; its carry adds one
            wire [ALL-1:0] done;
            assign one = b_in[2*i] ^ carry_in;
            assign two = b_in[2*i+1] ^ (b_in[2*i] & carry_in);
            assign carry = b_in[2*i+1] & (b_in[2*i] | carry_in);
            assign times = {H{two}} ^ ~(one ? ~a_1 : ~({H{two}} & ~a_2));
            assign {sum, lost} = {above, 1'b1} + {times, two & one};
            if (i == ROWS - 1) begin : highest
                assign done = {sum, done_in[2*i-1:0]};
            end else if (i == 0) begin : lowest
                assign done = {{(ALL-2){1'b0}}, sum[1:0]};
            end else begin : middle
                assign done = {{(ALL-2*i-2){1'b0}}, sum[1:0], done_in[2*i-1:0]};
            end

            wire signed [A_WIDTH-1:0] a_out;
            wire [2*ROWS-1:0]       b_out;
            wire                      carry_out;
            wire [H-1:0]              sum_out;
            wire [ALL-1:0]            done_out;
            if (LAST == 1) begin : registered
                reg signed [A_WIDTH-1:0] a_r;
                reg [2*ROWS-1:0]       b_r;
                reg                      carry_r;
                reg [H-1:0]              sum_r;
                reg [ALL-1:0]            done_r;
                always @(posedge clk)
                    if (advance) begin
                        a_r <= a_in;
                        b_r <= b_in;
                        carry_r <= carry;
                        sum_r <= sum;
                        done_r <= done;
                    end
                assign a_out = a_r;
                assign b_out = b_r;
                assign carry_out = carry_r;
                assign sum_out = sum_r;
                assign done_out = done_r;
            end else begin : straight
                assign a_out = a_in;
                assign b_out = b_in;
                assign carry_out = carry;
                assign sum_out = sum;
                assign done_out = done;
            end

            if (i == 0) begin : first
                assign a_in = a;
                assign b_in = b_x;
                assign carry_in = 1'b0;
                assign above = {H{1'b0}};
                assign done_in = {ALL{1'b0}};
            end else begin : next
                assign a_in = row[i-1].a_out;
                assign b_in = row[i-1].b_out;
                assign carry_in = row[i-1].carry_out;
                assign above = {{2{row[i-1].sum_out[H-1]}}, row[i-1].sum_out[H-1:2]};
                assign done_in = row[i-1].done_out;
            end
            wire unused_row = &{1'b0, lost, done_in, b_in, a_out, b_out, carry_out, sum_out, done_out};
        end
        assign y = row[ROWS-1].done_out[Y-1:0];
    endgenerate
endmodule
`default_nettype wire
