// SPDX-License-Identifier: Apache-2.0
// iCE40 DSP block as one 16x16 multiplier with its registers, adder and accumulator: what Yosys infers.
// The two 8x8 multipliers of MODE_8x8 and the falling edge are not modelled: such a block stops elaboration.
// Pins that a configuration does not read may be left open.
`default_nettype none
module SB_MAC16 #(
    parameter integer NEG_TRIGGER = 0,
    parameter integer A_REG = 0,
    parameter integer B_REG = 0,
    parameter integer C_REG = 0,
    parameter integer D_REG = 0,
    parameter integer TOP_8x8_MULT_REG = 0,
    parameter integer BOT_8x8_MULT_REG = 0,
    parameter integer PIPELINE_16x16_MULT_REG1 = 0,
    parameter integer PIPELINE_16x16_MULT_REG2 = 0,
    parameter integer TOPOUTPUT_SELECT = 0,
    parameter integer TOPADDSUB_LOWERINPUT = 0,
    parameter integer TOPADDSUB_UPPERINPUT = 0,
    parameter integer TOPADDSUB_CARRYSELECT = 0,
    parameter integer BOTOUTPUT_SELECT = 0,
    parameter integer BOTADDSUB_LOWERINPUT = 0,
    parameter integer BOTADDSUB_UPPERINPUT = 0,
    parameter integer BOTADDSUB_CARRYSELECT = 0,
    parameter integer MODE_8x8 = 0,
    parameter integer A_SIGNED = 0,
    parameter integer B_SIGNED = 0
) (
    input  wire        CLK,
    input  wire        CE,
    input  wire [15:0] C,
    input  wire [15:0] A,
    input  wire [15:0] B,
    input  wire [15:0] D,
    input  wire        AHOLD,
    input  wire        BHOLD,
    input  wire        CHOLD,
    input  wire        DHOLD,
    input  wire        IRSTTOP,
    input  wire        IRSTBOT,
    input  wire        ORSTTOP,
    input  wire        ORSTBOT,
    input  wire        OLOADTOP,
    input  wire        OLOADBOT,
    input  wire        ADDSUBTOP,
    input  wire        ADDSUBBOT,
    input  wire        OHOLDTOP,
    input  wire        OHOLDBOT,
    input  wire        CI,
    input  wire        ACCUMCI,
    input  wire        SIGNEXTIN,
    output wire [31:0] O,
    output wire        CO,
    output wire        ACCUMCO,
    output wire        SIGNEXTOUT
);
    generate
        if (MODE_8x8 != 0 || NEG_TRIGGER != 0 || TOPADDSUB_LOWERINPUT == 1 || BOTADDSUB_LOWERINPUT == 1
            || TOPOUTPUT_SELECT == 2 || BOTOUTPUT_SELECT == 2
            || TOP_8x8_MULT_REG != PIPELINE_16x16_MULT_REG1
            || BOT_8x8_MULT_REG != PIPELINE_16x16_MULT_REG1) begin : illegal_configuration
            gsp_error_SB_MAC16_in_a_configuration_that_is_not_modelled stop ();
        end
    endgenerate

    // Operands.
    reg [15:0] a_held, b_held, c_held, d_held;
    always @(posedge CLK or posedge IRSTTOP)
        if (IRSTTOP) begin
            a_held <= 16'd0;
            c_held <= 16'd0;
        end else if (CE) begin
            if (!AHOLD) a_held <= A;
            if (!CHOLD) c_held <= C;
        end
    always @(posedge CLK or posedge IRSTBOT)
        if (IRSTBOT) begin
            b_held <= 16'd0;
            d_held <= 16'd0;
        end else if (CE) begin
            if (!BHOLD) b_held <= B;
            if (!DHOLD) d_held <= D;
        end
    wire [15:0] a = A_REG != 0 ? a_held : A;
    wire [15:0] b = B_REG != 0 ? b_held : B;
    wire [15:0] c = C_REG != 0 ? c_held : C;
    wire [15:0] d = D_REG != 0 ? d_held : D;

    // The product. Its register inside sits on the four partial ones, the upper two and the
    // lower two with a reset of their own.
    wire        [31:0] product_next;
    generate
        if (PIPELINE_16x16_MULT_REG1 != 0) begin : partial
            wire signed [8:0] a_high = {A_SIGNED != 0 && a[15], a[15:8]};
            wire signed [8:0] b_high = {B_SIGNED != 0 && b[15], b[15:8]};
            wire signed [8:0] a_low = {1'b0, a[7:0]};
            wire signed [8:0] b_low = {1'b0, b[7:0]};
            reg signed [17:0] high, cross_a, cross_b, low; // cross_a: a_high * b_low
            always @(posedge CLK or posedge IRSTTOP)
                if (IRSTTOP) begin
                    high <= 18'sd0;
                    cross_b <= 18'sd0;
                end else if (CE) begin
                    high <= a_high * b_high;
                    cross_b <= a_low * b_high;
                end
            always @(posedge CLK or posedge IRSTBOT)
                if (IRSTBOT) begin
                    cross_a <= 18'sd0;
                    low <= 18'sd0;
                end else if (CE) begin
                    cross_a <= a_high * b_low;
                    low <= a_low * b_low;
                end
            assign product_next = {high[15:0], 16'd0} + {{6{cross_a[17]}}, cross_a, 8'd0}
                + {{6{cross_b[17]}}, cross_b, 8'd0} + {{14{low[17]}}, low};
            wire unused = &{1'b0, high[17:16]};
        end else begin : whole
            wire signed [16:0] a_17 = {A_SIGNED != 0 && a[15], a};
            wire signed [16:0] b_17 = {B_SIGNED != 0 && b[15], b};
            wire signed [33:0] exact = a_17 * b_17;
            assign product_next = exact[31:0];
            wire unused = &{1'b0, exact[33:32]};
        end
    endgenerate
    reg [31:0] product_held;
    always @(posedge CLK or posedge IRSTBOT)
        if (IRSTBOT) product_held <= 32'd0;
        else if (CE) product_held <= product_next;
    wire [31:0] product = PIPELINE_16x16_MULT_REG2 != 0 ? product_held : product_next;

    // The lower half of the adder, then the upper one.
    reg  [15:0] sum_low_held, sum_high_held;
    wire [15:0] x_low = BOTADDSUB_LOWERINPUT == 0 ? b
        : BOTADDSUB_LOWERINPUT == 2 ? product[15:0] : {16{SIGNEXTIN}};
    wire [15:0] y_low = BOTADDSUB_UPPERINPUT != 0 ? d : sum_low_held;
    wire        carry_low = BOTADDSUB_CARRYSELECT == 0 ? 1'b0
        : BOTADDSUB_CARRYSELECT == 1 ? 1'b1 : BOTADDSUB_CARRYSELECT == 2 ? ACCUMCI : CI;
    wire [16:0] total_low = {1'b0, x_low} + {1'b0, y_low ^ {16{ADDSUBBOT}}} + {16'd0, carry_low};
    wire [15:0] sum_low = OLOADBOT ? d : total_low[15:0] ^ {16{ADDSUBBOT}};
    always @(posedge CLK or posedge ORSTBOT)
        if (ORSTBOT) sum_low_held <= 16'd0;
        else if (CE && !OHOLDBOT) sum_low_held <= sum_low;

    wire [15:0] x_high = TOPADDSUB_LOWERINPUT == 0 ? a
        : TOPADDSUB_LOWERINPUT == 2 ? product[31:16] : {16{x_low[15]}};
    wire [15:0] y_high = TOPADDSUB_UPPERINPUT != 0 ? c : sum_high_held;
    wire        carry_high = TOPADDSUB_CARRYSELECT == 0 ? 1'b0
        : TOPADDSUB_CARRYSELECT == 1 ? 1'b1
        : TOPADDSUB_CARRYSELECT == 2 ? total_low[16] : total_low[16] ^ ADDSUBBOT;
    wire [16:0] total_high = {1'b0, x_high} + {1'b0, y_high ^ {16{ADDSUBTOP}}} + {16'd0, carry_high};
    wire [15:0] sum_high = OLOADTOP ? c : total_high[15:0] ^ {16{ADDSUBTOP}};
    always @(posedge CLK or posedge ORSTTOP)
        if (ORSTTOP) sum_high_held <= 16'd0;
        else if (CE && !OHOLDTOP) sum_high_held <= sum_high;

    assign O[15:0] = BOTOUTPUT_SELECT == 0 ? sum_low
        : BOTOUTPUT_SELECT == 1 ? sum_low_held : product[15:0];
    assign O[31:16] = TOPOUTPUT_SELECT == 0 ? sum_high
        : TOPOUTPUT_SELECT == 1 ? sum_high_held : product[31:16];
    assign ACCUMCO = total_high[16];
    assign CO = ACCUMCO ^ ADDSUBTOP;
    assign SIGNEXTOUT = x_high[15];
endmodule
`default_nettype wire
