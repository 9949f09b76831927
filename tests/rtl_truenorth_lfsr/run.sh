#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/rtl_truenorth_lfsr/run.sh [BUILD_DIR [CLOCKS]]
#
# Compares gsp_truenorth_lfsr.v with its C twin, and a neuron that it feeds with the
# C model, at every clock (default 1000000); then sees that each bug planted in the
# LFSR is caught. BUILD_DIR is what every test here gets; this one builds in a
# temporary directory.
# Exit codes: 0 equal and every bug caught, 1 a mismatch or a bug missed, 2 usage,
# 3 the environment.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"

case ${1:-} in
-h | --help) gsp_usage "${BASH_SOURCE[0]}" && exit 0 ;;
esac
clocks=${2:-1000000}
[[ $clocks =~ ^[1-9][0-9]*$ ]] || gsp_die 2 "'$clocks' is not a number of clocks"
gsp_need verilator g++ gcc make
gsp_tmpdir
cd "$GSP_ROOT"

gcc -std=c11 -O2 -Ic_model/include -c c_model/src/truenorth.c -o "$GSP_TMP/truenorth.o" ||
    gsp_die 3 "gcc failed on truenorth.c"
build() {
    verilator --cc --exe -O3 -DGSP_TEST_BUGS -Irtl/common -y rtl/truenorth --top-module top \
        -CFLAGS "-std=c++17 -O2 -I$PWD/c_model/include" --Mdir "$GSP_TMP/obj" -o bench \
        tests/rtl_truenorth_lfsr/top.v "$PWD/tests/rtl_truenorth_lfsr/main.cpp" "$GSP_TMP/truenorth.o" &&
        make -s -j "$GSP_JOBS" -C "$GSP_TMP/obj" -f Vtop.mk
}
if ! build >"$GSP_TMP/log" 2>&1; then
    tail -n 30 "$GSP_TMP/log" >&2
    gsp_die 3 "the bench does not build"
fi

# bench ARGUMENT...: its exit code; whatever is neither equal nor a mismatch is the environment's.
bench() {
    local code=0
    "$GSP_TMP/obj/bench" "$@" >"$GSP_TMP/out" 2>&1 || code=$?
    [ $code -le 1 ] || { cat "$GSP_TMP/out" >&2; gsp_die 3 "the bench ended with code $code"; }
    return $code
}

bench "$clocks" || { cat "$GSP_TMP/out"; exit 1; }
line=$(cat "$GSP_TMP/out")
caught=0
for bug in 101 102 103 104; do
    if bench "$clocks" "+gsp_bug=$bug"; then
        echo "MISSED: bug $bug of gsp_truenorth_lfsr"
        exit 1
    fi
    caught=$((caught + 1))
done
echo "PASS truenorth_lfsr verilator $line, $caught/4 bugs caught"
