// SPDX-License-Identifier: Apache-2.0
// Named test bugs: proof that the benches catch what they should.
//
// `GSP_BUG(n, good, bad) is `good` in every normal use of the RTL. A bench that
// defines GSP_TEST_BUGS gets all bugs of a module in one binary and selects one
// at run time with +gsp_bug=N (0: none). rtl/<model>/bugs.txt names them.
// GSP_FIXED_BUG=N builds bug N in, for synthesis, which has no run time.
// A module that uses it says `GSP_BUG_SELECT once, after its declarations.
//
// No include guard: Icarus 11 hands the macros of the first file to files found
// through -y in a form that crashes its preprocessor; defining them again mends it.
`ifdef GSP_TEST_BUGS
`define GSP_BUG_SELECT \
    integer gsp_bug; \
    initial if (!$value$plusargs("gsp_bug=%d", gsp_bug)) gsp_bug = 0;
`define GSP_BUG(n, good, bad) ((gsp_bug == (n)) ? (bad) : (good))
`else
`ifdef GSP_FIXED_BUG
`define GSP_BUG_SELECT
`define GSP_BUG(n, good, bad) (((n) == `GSP_FIXED_BUG) ? (bad) : (good))
`else
`define GSP_BUG_SELECT
`define GSP_BUG(n, good, bad) (good)
`endif
`endif
