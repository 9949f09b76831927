#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/rtl_loihi_weight/run.sh BUILD_DIR
#
# gsp_loihi_weight against gsp_loihi_weight_decode() for every legal mantissa of every synapse
# format, in Verilator and in Icarus, and its two planted bugs, which both must catch.
# Exit: 0 equal, 1 not, 2 usage, 3 a tool is missing or crashed.
set -u
[ $# -eq 1 ] || { sed -n '4,8s/^# \{0,1\}//p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd -P)
root=$(cd "$here/../.." && pwd -P)
: "${CC:=cc}"
mkdir -p "$1/scratch/rtl_loihi_weight" && cd "$1/scratch/rtl_loihi_weight" || exit 3
build=$PWD
for tool in "$CC" c++ make verilator iverilog vvp; do
    command -v "$tool" >/dev/null || { echo "rtl_loihi_weight: $tool is missing" >&2; exit 3; }
done
environment() { echo "rtl_loihi_weight: $1; see $build/$2" >&2; exit 3; }

# Only what the decoder needs: the field table of the model stands on model.c and its registry.
"$CC" -std=c11 -O2 -Wall -Wextra -ffunction-sections -fdata-sections -Wl,--gc-sections -I"$root/c_model/include" \
    -o vectors "$here/vectors.c" "$root/c_model/src/loihi.c" >cc.log 2>&1 || environment "the C compiler failed" cc.log
./vectors >vectors.hex || environment "vectors failed" vectors.hex
count=$(wc -l <vectors.hex)
# 16 exponents, 3 sign modes, and 1 + 2 + 4 + 8 + 16 + 32 + 64 + 256 mantissas each.
[ "$count" -eq $((16 * 3 * 383)) ] || { echo "rtl_loihi_weight: $count vectors" >&2; exit 1; }

sources=("$here/bench.v" "$root/rtl/loihi/gsp_loihi_weight.v")
verilator --binary -Wno-fatal -Wno-lint -DGSP_TEST_BUGS -I"$root/rtl/common" -GCOUNT="$count" --top-module bench \
    -Mdir verilated "${sources[@]}" >verilator.log 2>&1 || environment "verilator failed" verilator.log
iverilog -g2005 -DGSP_TEST_BUGS -I"$root/rtl/common" -Pbench.COUNT="$count" -s bench -o icarus.vvp \
    "${sources[@]}" >iverilog.log 2>&1 || environment "iverilog failed" iverilog.log

status=0
for sim in verilator icarus; do
    for bug in 0 17 18; do
        case $sim in
        verilator) ./verilated/Vbench "+gsp_bug=$bug" ;;
        icarus) vvp -n icarus.vvp "+gsp_bug=$bug" ;;
        esac >"$sim.$bug.out" 2>&1 || environment "$sim failed" "$sim.$bug.out"
        result=$(grep '^end ' "$sim.$bug.out")
        bad=${result#"end compared=$count bad="}
        case $bug:$bad in
        0:0) echo "$sim: $result" ;;
        0:*) cat "$sim.$bug.out" >&2; status=1 ;;
        *:[1-9]*) echo "$sim: bug $bug caught, $bad of $count differ" ;;
        *) echo "rtl_loihi_weight: $sim missed bug $bug" >&2; status=1 ;;
        esac
    done
done
[ $status -eq 0 ] && echo "PASS rtl_loihi_weight: $count weights equal C, twice; two planted bugs caught twice" ||
    echo "FAIL rtl_loihi_weight"
exit $status
