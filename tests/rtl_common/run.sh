#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/rtl_common/run.sh BUILD_DIR
#
# The cells of rtl/common against the operations of fix.h: all operands at small widths in
# Verilator and in Icarus, wide products by corners and random operands, and a planted error
# that both must catch. Exit: 0 equal, 1 not, 2 usage, 3 a tool is missing or crashed.
# shellcheck disable=SC2015 # the last link of "a && b || stop" is meant for both
set -u
[ $# -eq 1 ] || { sed -n '4,9s/^# \{0,1\}//p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd -P)
root=$(cd "$here/../.." && pwd -P)
: "${CC:=cc}"
mkdir -p "$1/scratch/rtl_common" && cd "$1/scratch/rtl_common" || exit 3
build=$PWD
for tool in "$CC" c++ verilator iverilog vvp; do
    command -v "$tool" >/dev/null || { echo "rtl_common: $tool is missing" >&2; exit 3; }
done
environment() { echo "rtl_common: $1; see $build/$2" >&2; exit 3; }

"$CC" -std=c11 -O2 -Wall -Wextra -I"$root/c_model/include" -DCELLS_MAIN -o cells "$here/cells.c" 2>cc.log &&
    "$CC" -std=c11 -O2 -I"$root/c_model/include" -I"$here" -Dprint_cell='__attribute__((unused)) print_cell' -c -o cells.o "$here/cells.c" 2>>cc.log ||
    environment "the C compiler failed" cc.log
count=$(./cells count) && ./cells verilog >cells.v && ./cells vectors >vectors.hex && ./cells checks >checks.vh || environment "cells failed" cells.v
[ "$count" -ge 300 ] && [ "$(wc -l <vectors.hex)" -eq $((4096 * count)) ] || { echo "rtl_common: table too short" >&2; exit 1; }

# verilated DIR COMMON [few] / simulated NAME COMMON [few]: prints the end record, 0 equal, 1 not. `few` is for what
# fails soon: fewer random operands in Verilator, fewer operands in Icarus.
runtime=$(verilator --getenv VERILATOR_ROOT)/include
options=(-std=c++17 -w "-I$runtime" "-I$runtime/vltstd" "-I$root/c_model/include" "-I$here")
verilated() {
    local source
    {
        # Two models: in one, each of the random wide operands would be followed by all the cells.
        verilator --cc -O3 -Wno-fatal -Wno-lint -Mdir "$1" --top-module cells -y "$2" "$build/cells.v" &&
            verilator --cc -O3 -Wno-fatal -Wno-lint -Mdir "$1" --top-module wide -y "$2" "$here/wide.v" &&
            # In one piece, which reads the headers once; what runs once is not optimized, and comes last.
            for source in "$here/main.cpp" $(find "$build/$1" -name 'V*.cpp' ! -name '*Slow.cpp') pragma $(find "$build/$1" -name 'V*Slow.cpp'); do
                if [ "$source" = pragma ]; then echo '#pragma GCC optimize("O0")'; else echo "#include \"$source\""; fi
            done >"$1/all.cpp" &&
            c++ -O1 "${options[@]}" -I"$1" -c -o "$1/all.o" "$1/all.cpp" &&
            c++ -o "$1/cells" "$1/all.o" cells.o verilated.o verilated_threads.o -pthread -latomic
    } >"$1.log" 2>&1 ||
        environment "verilator failed" "$1.log"
    "$1/cells" ${3:+"$3"} >"$1.out"
    local rc=$?
    cat "$1.out"
    [ "$rc" -eq 0 ] && tail -1 "$1.out" | grep -q '^end compared=[1-9][0-9]* bad=0 short=0$'
}
simulated() {
    iverilog -g2005 -DCELLS_SLOTS_ONLY -I. -o "$1.vvp" -P"bench.COUNT=$count" ${3:+-Pbench.RUN=512} -s bench -y "$2" "$here/bench.v" cells.v >"$1.log" 2>&1 ||
        environment "iverilog failed" "$1.log"
    vvp -n "$1.vvp" >"$1.out" 2>&1 || environment "vvp failed" "$1.out"
    cat "$1.out"
    [ "$(tail -1 "$1.out")" = "end compared=$((4096 * count)) bad=0" ]
}

for part in verilated verilated_threads; do # of both
    c++ -O0 "${options[@]}" -c -o $part.o "$runtime/$part.cpp" >runtime.log 2>&1 || environment "the C++ compiler failed" runtime.log
done

status=0
echo "verilator:"
verilated verilated "$root/rtl/common" || status=1
echo "icarus:"
simulated icarus "$root/rtl/common" || status=1

# A bench that cannot fail proves nothing: floor where zero is asked for.
rm -rf planted && cp -r "$root/rtl/common" planted &&
    sed -i 's/moved = x + bias/moved = x/' planted/gsp_shr_zero.v &&
    ! cmp -s planted/gsp_shr_zero.v "$root/rtl/common/gsp_shr_zero.v" || environment "planting failed" planted
for bench in verilated simulated; do
    if $bench "planted_$bench" planted few >/dev/null; then
        echo "rtl_common: $bench missed the planted error" >&2
        status=1
    elif ! tail -1 "planted_$bench.out" | grep -q '^end compared=[1-9][0-9]* bad=[1-9]'; then
        echo "rtl_common: $bench did not end; see $build/planted_$bench.out" >&2
        status=1
    fi
done
[ $status -eq 0 ] && echo "PASS rtl_common: $count instances equal fix.h, planted error caught twice" ||
    echo "FAIL rtl_common"
exit $status
