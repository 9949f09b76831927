#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/scripts/area.sh
#
# Proves that scripts/area.sh can fail: one small module within its budget, then one
# figure or input after another that it must refuse.
# Exit codes: 0 pass, 1 a fault was missed, 3 a tool is missing.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"
gsp_need yosys nextpnr-ice40 python3
gsp_tmpdir
project=$GSP_TMP/project
mkdir -p "$project"/{scripts,fpga,rtl/{common,toy}}
cd "$project"
cp "$GSP_ROOT"/scripts/{lib.sh,area.sh,area.py} scripts/

# 16 LUT4 and a carry chain.
cat >rtl/toy/gsp_toy.v <<'END'
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
module gsp_toy (
    input  wire        clk,
    input  wire [15:0] a,
    input  wire        b,
    output reg  [15:0] x
);
    always @(posedge clk) x <= x + (b ? 16'd0 : a);
endmodule
`default_nettype wire
END
yosys_version=$(yosys -V | grep -oE '[0-9]+\.[0-9]+(\.[0-9]+)?' | head -n 1)
nextpnr_version=$(nextpnr-ice40 --version 2>&1 | grep -oE '[0-9]+\.[0-9]+(\.[0-9]+)?' | head -n 1)

# entry TEXT [YOSYS_VERSION [NEXTPNR_VERSION]]: the budgets, with TEXT in their one entry.
entry() {
    printf '{"tools": {"yosys": "%s", "nextpnr-ice40": "%s"}, "entries": [{"model": "toy", "form": "neuron", "top": "gsp_toy"%s}]}\n' \
        "${2:-$yosys_version}" "${3:-$nextpnr_version}" "${1:+, $1}" >fpga/budgets.json
}

missed=0 checks=0
# expect CODE PATTERN ARGUMENT...: what area.sh must exit with, and print.
expect() {
    local want=$1 pattern=$2 code=0
    shift 2
    checks=$((checks + 1))
    "${run[@]}" scripts/area.sh "$@" >"$GSP_TMP/out" 2>&1 </dev/null || code=$?
    if [ $code -ne "$want" ] || ! grep -qE -- "$pattern" "$GSP_TMP/out"; then
        echo "area.sh $*: exit code $code, expected $want, and '$pattern' in:"
        cat "$GSP_TMP/out"
        missed=$((missed + 1))
    fi
}
run=(env)

entry ''
expect 0 '^PASS area: 1 of 1 entries within budget'
expect 0 '^toy .* hx8k  .* [0-9]+\.[0-9]' --fmax
expect 0 '^Xilinx 7' --all-targets
command -v nextpnr-ecp5 >/dev/null || expect 0 '^SKIP ecp5-25k: nextpnr-ecp5' --fmax
lut=$("${run[@]}" scripts/area.sh --json toy | python3 -c 'import json, sys; print(json.load(sys.stdin)["entries"][0]["area"]["ice40"]["lut"])')
[ "$lut" -gt 15 ] || gsp_die 1 "$lut LUT4 for a 16-bit adder"

entry "\"budget\": {\"lut\": $lut}, \"measured\": {\"lut\": $lut}"
expect 0 '^PASS'
entry "\"budget\": {\"lut\": $((lut - 1))}"
expect 1 "OVER: lut $lut > $((lut - 1))"
entry "\"measured\": {\"lut\": $((lut * 97 / 100))}"
expect 1 "OVER: lut $lut > .* \\+ 2 %"
entry '"budget": {"ff": 15}'
expect 1 'OVER: ff 16 > 15'
entry '"measured": {"fmax": {"hx8k": 1}}'
expect 0 '^PASS' --fmax --recorded
entry '"measured": {"fmax": {"hx8k": 1, "up5k": 9999}}'
expect 1 'OVER: up5k .* MHz < 9999 - 5 %' --fmax
expect 0 '^PASS' # without --fmax the clock is nobody's business

# A recorded netlist is not placed again, any other one is.
entry '"measured": {"fmax": {"hx8k": 1}}'
expect 0 '^1 clocks: 1 placed' --changed
digest=$("${run[@]}" scripts/area.sh --json --fmax toy | python3 -c 'import json, sys; print(json.load(sys.stdin)["entries"][0]["netlist"]["ice40"])')
[[ $digest =~ ^[0-9a-f]{16}$ ]] || gsp_die 1 "no digest of the netlist: '$digest'"
entry "\"measured\": {\"fmax\": {\"hx8k\": 9999}, \"netlist\": {\"ice40\": \"$digest\"}}"
expect 0 '^1 clocks: 0 placed' --changed
expect 1 'OVER: hx8k .* MHz < 9999 - 5 %' --fmax
sed -i 's/x + /x - /' rtl/toy/gsp_toy.v
expect 1 'OVER: hx8k .* MHz < 9999 - 5 %' --changed
expect 1 "^netlist of toy .*; the recorded clock is that of $digest" --changed
sed -i 's/x - /x + /' rtl/toy/gsp_toy.v

# Figures of other versions are no verdict, and no pass.
entry '"budget": {"lut": 1}' 0.1
expect 0 '^NOT JUDGED: .* yosys 0\.1,'
expect 0 '^REPORT area'
entry '"measured": {"fmax": {"hx8k": 9999}}' '' 0.1
expect 0 '^NOT JUDGED: .* nextpnr-ice40 0\.1,' --fmax

entry '"budgte": {"lut": 1}'
expect 2 'budgte'
entry '"measured": {"fmax": {"hx9k": 1}}'
expect 2 'hx9k'
entry '"tied": {"c": 0}'
expect 2 'no input c'
entry ''
expect 2 'no entry for tyo' tyo
expect 2 'no entry' --recorded
expect 2 'unrecognized arguments: --fmxa' --fmxa
expect 2 'absent.json' --budgets absent.json
echo '{' >fpga/budgets.json
expect 2 'budgets.json'

# Tools that are missing or break.
entry ''
mkdir "$GSP_TMP/bin"
for tool in env bash dirname nproc python3 yosys; do ln -s "$(command -v $tool)" "$GSP_TMP/bin/"; done
run=(env "PATH=$GSP_TMP/bin")
expect 3 'missing: nextpnr-ice40\. Run scripts/setup\.sh --timing' --fmax
# shellcheck disable=SC2016 # the stub expands it
printf '#!/bin/sh\necho "nextpnr-ice40 (Version %s)"\n[ "$1" = --version ]\n' "$nextpnr_version" >"$GSP_TMP/bin/nextpnr-ice40"
chmod +x "$GSP_TMP/bin/nextpnr-ice40"
run=(env "PATH=$GSP_TMP/bin:$PATH")
expect 3 'area: .*nextpnr-ice40' --fmax
run=(env)
sed -i 's/endmodule/endmodul/' rtl/toy/gsp_toy.v
expect 3 'area: .*yosys'

[ $missed -eq 0 ] || gsp_die 1 "$missed of $checks checks of area.sh missed"
echo "area: $checks checks of area.sh as expected"
