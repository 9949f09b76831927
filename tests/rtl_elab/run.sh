#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/rtl_elab/run.sh BUILD_DIR
#
# Illegal parameters stop elaboration in Verilator, Icarus and Yosys, with the error's name in
# the message; legal ones pass without a message. Exit: 0 so, 1 not, 2 usage, 3 a tool is missing.
set -u
[ $# -eq 1 ] || { sed -n '4,7s/^# \{0,1\}//p' "$0" >&2; exit 2; }
root=$(cd "$(dirname "$0")/../.." && pwd -P)
mkdir -p "$1/scratch/rtl_elab" && cd "$1/scratch/rtl_elab" || exit 3
for tool in verilator iverilog yosys; do
    command -v "$tool" >/dev/null || { echo "rtl_elab: $tool is missing" >&2; exit 3; }
done

verilator=$(. "$root/scripts/lib.sh" && gsp_verilator)
minus_one="32'sb$(printf '1%.0s' {1..32})"
checked=0
failed=0
# try EXPECTED FOLDER TOP NAME=VALUE...: EXPECTED is "legal" or the name of the error.
try() {
    local expected=$1 folder=$2 top=$3 tool rc pair
    shift 3
    local v=() i=() y=""
    for pair; do
        v+=("-G$pair")
        i+=("-P$top.$pair")
        y+="-chparam ${pair%%=*} ${pair#*=} "
    done
    local rtl=$root/rtl
    for tool in verilator iverilog yosys; do
        case $tool in
        verilator)
            "$verilator" --lint-only -Wall "${v[@]}" -y "$rtl/common" -y "$rtl/$folder" +incdir+"$rtl/common" \
                --top-module "$top" "$rtl/$folder/$top.v" >log 2>&1 ;;
        iverilog)
            iverilog -g2005 -Wall -t null "${i[@]}" -y "$rtl/common" -y "$rtl/$folder" -I"$rtl/common" \
                -s "$top" "$rtl/$folder/$top.v" >log 2>&1 ;;
        yosys)
            # Its command line knows no negative number, but a signed constant of 32 ones.
            yosys -q -p "read_verilog -I$rtl/common $rtl/common/*.v; \
                $([ "$folder" = common ] || echo "read_verilog -I$rtl/common $rtl/$folder/*.v;") \
                hierarchy -check -top $top ${y// -1 / $minus_one }; proc; check -assert" >log 2>&1 ;;
        esac
        rc=$?
        checked=$((checked + 1))
        if [ "$expected" = legal ]; then
            [ $rc -eq 0 ] && [ ! -s log ] && continue
        else
            # The name in the message is the point: a failure for another reason does not count.
            [ $rc -ne 0 ] && [ $rc -lt 126 ] && grep -q "gsp_error_$expected" log && continue
        fi
        failed=$((failed + 1))
        echo "rtl_elab: $tool, $top $*: exit $rc, expected $expected"
        head -3 log
    done
}

W_RANGE=DATA_WIDTH_must_be_2_to_32
F_RANGE=FRACTION_must_be_0_to_DATA_WIDTH_minus_1
for top in gsp_lif_step gsp_lif; do
    try legal lif $top
    for pair in "2 0" "2 1" "16 0" "16 15" "32 0" "32 31"; do
        try legal lif $top DATA_WIDTH="${pair% *}" FRACTION="${pair#* }"
    done
    try $W_RANGE lif $top DATA_WIDTH=1 FRACTION=0
    try $W_RANGE lif $top DATA_WIDTH=33
    try $F_RANGE lif $top DATA_WIDTH=16 FRACTION=16
    try $F_RANGE lif $top DATA_WIDTH=2 FRACTION=2
    try $F_RANGE lif $top FRACTION=-1
    try MULTIPLIER_must_be_0_to_2 lif $top MULTIPLIER=3
done
for top in gsp_dpi_step gsp_dpi gsp_dpi_serial; do
    try legal dpi $top L_FRACTION=12 I_FRACTION=14 SEGMENT_BITS=2 STATE_WIDTH=24 E_SYN=0 E_AHP=0
    try legal dpi $top L_FRACTION=27 I_FRACTION=30 SEGMENT_BITS=8 STATE_WIDTH=40 E_SYN=12 E_AHP=12
    try legal dpi $top L_FRACTION=12 I_FRACTION=30 SEGMENT_BITS=8 STATE_WIDTH=40 E_SYN=0 E_AHP=12
    try L_FRACTION_must_be_12_to_27 dpi $top L_FRACTION=28 I_FRACTION=30
    try I_FRACTION_must_be_14_to_30 dpi $top I_FRACTION=31
    try I_FRACTION_must_be_above_L_FRACTION dpi $top I_FRACTION=19
    try SEGMENT_BITS_must_be_2_to_8 dpi $top SEGMENT_BITS=9
    try STATE_WIDTH_must_be_24_to_40 dpi $top STATE_WIDTH=41
    try E_SYN_must_be_0_to_12 dpi $top E_SYN=13
    try E_AHP_must_be_0_to_12 dpi $top E_AHP=13
done
try N_must_be_0_to_WIDTH_minus_1 common gsp_shr_floor WIDTH=8 N=8
try WIDTH_must_be_1_to_X_WIDTH common gsp_sat X_WIDTH=8 WIDTH=9
try FORM_must_be_0_to_2 common gsp_mul FORM=3
try legal board gsp_board_core STREAM=1 POOL_BITS=1
try STREAM_must_be_0_or_1 board gsp_board_core STREAM=2
try FULL_SPEED_must_be_0_or_1 board gsp_board_core FULL_SPEED=2
try POOL_BITS_must_be_1_to_6 board gsp_board_core POOL_BITS=7
try N_OBS_must_be_1_to_64 board gsp_board_core N_OBS=65
try N_STATE_must_be_0_to_64 board gsp_board_core N_STATE=65

if [ $failed -ne 0 ] || [ $checked -lt 195 ]; then
    echo "FAIL rtl_elab: $failed of $checked elaborations"
    exit 1
fi
echo "PASS rtl_elab: $checked elaborations, legal ones silent, illegal ones refused by name"
