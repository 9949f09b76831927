// SPDX-License-Identifier: Apache-2.0
// iCE40 LUT: bit {I3, I2, I1, I0} of LUT_INIT, as a sum modulo 2 of products (the algebraic normal form):
// the coefficients are constants, and what Verilator keeps of it has neither branches nor shifts.
`default_nettype none
module SB_LUT4 #(
    parameter [15:0] LUT_INIT = 16'd0
) (
    input  wire I0,
    input  wire I1,
    input  wire I2,
    input  wire I3,
    output wire O
);
    localparam [15:0] F0 = LUT_INIT ^ ((LUT_INIT & 16'h5555) << 1);
    localparam [15:0] F1 = F0 ^ ((F0 & 16'h3333) << 2);
    localparam [15:0] F2 = F1 ^ ((F1 & 16'h0f0f) << 4);
    localparam [15:0] F = F2 ^ ((F2 & 16'h00ff) << 8); // F[k]: of the product of the inputs that k names
    assign O = ((F[0] ^ (F[1] & I0)) ^ ((F[2] ^ (F[3] & I0)) & I1))
        ^ (((F[4] ^ (F[5] & I0)) ^ ((F[6] ^ (F[7] & I0)) & I1)) & I2)
        ^ ((((F[8] ^ (F[9] & I0)) ^ ((F[10] ^ (F[11] & I0)) & I1))
            ^ (((F[12] ^ (F[13] & I0)) ^ ((F[14] ^ (F[15] & I0)) & I1)) & I2)) & I3);
endmodule
`default_nettype wire
