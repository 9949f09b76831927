#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/scripts/gate.sh
#
# Proves that scripts/gate.sh can fail, on one small netlist: the datapath of the lif array. GSP names the gsp command.
# Exit codes: 0 pass, 1 a fault was missed, 3 a tool is missing.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"
gsp_need yosys verilator python3
[ -x "${GSP:-}" ] || gsp_die 3 "GSP is not set to the gsp command"
: "${GSP_WORK:=$(dirname "$GSP")/../work}"
# The runs are short: benches that are built soon.
export GSP GSP_WORK GSP_BENCH_OPTIMIZE=-Og
gsp_tmpdir

missed=0 checks=0
# expect CODE PATTERN ARGUMENT...: what gate.sh must exit with, and print.
expect() {
    local want=$1 pattern=$2 code=0
    shift 2
    checks=$((checks + 1))
    "$GSP_ROOT/scripts/gate.sh" --report "$GSP_TMP/report" "$@" >"$GSP_TMP/out" 2>&1 </dev/null || code=$?
    if [ $code -ne "$want" ] || ! grep -qE -- "$pattern" "$GSP_TMP/out"; then
        echo "gate.sh $*: exit code $code, expected $want, and '$pattern' in:"
        cat "$GSP_TMP/out"
        missed=$((missed + 1))
    fi
}
datapath=(--first --form pipeline --target dsp)

# Mutants: most are caught in time; in one step few are, and each other one is named.
expect 0 '^mutants: [34] of 4 caught, [01] survived$' "${datapath[@]}" --steps 20000 --bugs 0 --mutants 4 --caught 3 lif
expect 1 '^survived 1 steps: lif pipeline dsp, LUT mutant [1-4] of 4$' "${datapath[@]}" --steps 1 --bugs 0 --mutants 4 --caught 4 lif
checks=$((checks + 1))
grep -qE '^mutants: . of 4 caught, [1-4] survived; fewer than 4 of lif caught$' "$GSP_TMP/out" || missed=$((missed + 1))
# A bug of the Verilog around the netlist is not in the netlist.
expect 1 '^lif .* bug array_no_interlock .* MISSED ' "${datapath[@]}" --steps 1000 --bug array_no_interlock lif
# An input is tied that matters; another one does not exist.
expect 1 '^lif .* 1 tied .* MISMATCH ' --form pipeline --set MULTIPLIER=2 --tie gain_k=0 --steps 1000 --bugs 0 lif
expect 3 'has no input nothing' --form pipeline --tie nothing=0 --steps 1 --bugs 0 lif
expect 2 "has no form 'serial'" --form serial truenorth

# The netlist of one multiplier is not taken for that of another one.
checks=$((checks + 1))
code=0
"$GSP_ROOT/scripts/netlist.sh" lif pipeline --dsp --set MULTIPLIER=2 --out "$GSP_TMP/netlist.v" >/dev/null
cells=()
for cell in "$GSP_ROOT"/tb/gate/*.v; do cells+=(--rtl "$cell"); done
"$GSP" cosim lif --form array --parameter MULTIPLIER=1 --top gsp_lif_array --rtl "$GSP_TMP/netlist.v" "${cells[@]}" \
    --work "$GSP_TMP/work" --steps 1 >"$GSP_TMP/out" 2>&1 || code=$?
if [ $code -ne 3 ] || ! grep -q gsp_error_the_netlist_was_made_with_other_parameters "$GSP_TMP/out"; then
    echo "a netlist made with other parameters: exit code $code, expected 3:"
    cat "$GSP_TMP/out"
    missed=$((missed + 1))
fi

[ $missed -eq 0 ] || { echo "FAIL gate: $missed of $checks checks"; exit 1; }
echo "PASS gate: $checks checks"
