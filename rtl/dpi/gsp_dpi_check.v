// SPDX-License-Identifier: Apache-2.0
// dpi: stops elaboration where a parameter is illegal. Every form instantiates it.
`default_nettype none
module gsp_dpi_check #(
    parameter integer L_FRACTION = 19,
    parameter integer I_FRACTION = 26,
    parameter integer SEGMENT_BITS = 4,
    parameter integer STATE_WIDTH = 32,
    parameter integer E_SYN = 4,
    parameter integer E_AHP = 6
) ();
    generate
        if (L_FRACTION < 12 || L_FRACTION > 27) begin : illegal_l_fraction
            gsp_error_L_FRACTION_must_be_12_to_27 stop ();
        end
        if (I_FRACTION < 14 || I_FRACTION > 30) begin : illegal_i_fraction
            gsp_error_I_FRACTION_must_be_14_to_30 stop ();
        end
        if (I_FRACTION <= L_FRACTION) begin : illegal_fractions
            gsp_error_I_FRACTION_must_be_above_L_FRACTION stop ();
        end
        // Below L_FRACTION by these two ranges.
        if (SEGMENT_BITS < 2 || SEGMENT_BITS > 8) begin : illegal_segment_bits
            gsp_error_SEGMENT_BITS_must_be_2_to_8 stop ();
        end
        if (STATE_WIDTH < 24 || STATE_WIDTH > 40) begin : illegal_state_width
            gsp_error_STATE_WIDTH_must_be_24_to_40 stop ();
        end
        if (E_SYN < 0 || E_SYN > 12) begin : illegal_e_syn
            gsp_error_E_SYN_must_be_0_to_12 stop ();
        end
        if (E_AHP < 0 || E_AHP > 12) begin : illegal_e_ahp
            gsp_error_E_AHP_must_be_0_to_12 stop ();
        end
    endgenerate
endmodule
`default_nettype wire
