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
mkdir -p "$project"/{scripts,fpga,tb,rtl/{common,toy}}
cd "$project"
cp "$GSP_ROOT"/scripts/{lib.sh,area.sh,area.py,netlist.sh,netlist.py} scripts/
cp -r "$GSP_ROOT/tb/gate" tb/

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
# Nobody's: scripts/netlist.sh wants a file there.
printf '// SPDX-License-Identifier: Apache-2.0\nmodule gsp_none;\nendmodule\n' >rtl/common/gsp_none.v
yosys_version=$(yosys -V | grep -oE '[0-9]+\.[0-9]+(\.[0-9]+)?' | head -n 1)
nextpnr_version=$(nextpnr-ice40 --version 2>&1 | grep -oE '[0-9]+\.[0-9]+(\.[0-9]+)?' | head -n 1)

# Tools whose version can be changed and that can be broken, with the cell libraries beside them. What they did once is
# not done again: of the same files and words the same comes out.
export TOOLS=$GSP_TMP/tools YOSYS NEXTPNR
YOSYS=$(command -v yosys) NEXTPNR=$(command -v nextpnr-ice40)
mkdir -p "$TOOLS"/{bin,share/yosys,done}
real=$(dirname "$(dirname "$(realpath "$YOSYS")")")/share/yosys
cp -r "$real"/*.v "$real"/*.lib "$real/ice40" "$TOOLS/share/yosys/"
cp "$(command -v yosys-abc)" "$TOOLS/bin/"
yosys -V >"$TOOLS/version"
cat >"$TOOLS/bin/yosys" <<'END'
#!/bin/bash
if [ "$1" = -V ]; then exec cat "$TOOLS/version"; fi
if [ -e "$TOOLS/broken" ]; then echo "no synthesis here"; exit 1; fi
result=${2##*write_json }
if [ "$1" != -p ] || [ "$result" = "$2" ]; then exec "$YOSYS" "$@"; fi
mapfile -t sources < <(grep -oE '[^ ]+\.v\b' <<<"$2")
done=$TOOLS/done/$({ echo "${2//"${result%/*}"/}"; cat "${sources[@]}"; } | sha256sum | cut -c1-16)
if [ ! -f "$done" ]; then
    "$YOSYS" "$@" || exit
    cp "$result" "$done"
fi
cp "$done" "$result"
END
cat >"$TOOLS/bin/nextpnr-ice40" <<'END'
#!/bin/bash
for file; do [[ $file != *.json ]] || break; done
if [[ $file != *.json ]]; then exec "$NEXTPNR" "$@"; fi
done=$TOOLS/done/$({ echo "${@/"$file"/}"; cat "$file"; } | sha256sum | cut -c1-16)
if [ ! -f "$done" ]; then
    "$NEXTPNR" "$@" >"$done.new" 2>&1 || { code=$?; cat "$done.new"; exit $code; }
    mv "$done.new" "$done"
fi
cat "$done"
END
chmod +x "$TOOLS"/bin/*

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
    last="${script##*/} $*"
    "${run[@]}" "$script" "$@" >"$GSP_TMP/out" 2>&1 </dev/null || code=$?
    if [ $code -ne "$want" ]; then
        echo "$last: exit code $code, expected $want:"
        cat "$GSP_TMP/out"
        missed=$((missed + 1))
    else
        also "$pattern"
    fi
}
# also PATTERN: what the last run must have printed too.
also() {
    checks=$((checks + 1))
    if ! grep -qE -- "$1" "$GSP_TMP/out"; then
        echo "$last: no '$1' in:"
        cat "$GSP_TMP/out"
        missed=$((missed + 1))
    fi
}
run=(env "PATH=$TOOLS/bin:$PATH") script=scripts/area.sh

entry ''
expect 0 '^PASS area: 1 of 1 entries within budget'
expect 0 '^toy .* hx8k  .* [0-9]+\.[0-9]' --fmax
command -v nextpnr-ecp5 >/dev/null || also '^SKIP ecp5-25k: nextpnr-ecp5'
expect 0 '^Xilinx 7' --all-targets
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
digest=$("${run[@]}" scripts/area.sh --json toy | python3 -c 'import json, sys; print(json.load(sys.stdin)["entries"][0]["netlist"]["ice40"])')
[[ $digest =~ ^[0-9a-f]{16}$ ]] || gsp_die 1 "no digest of the netlist: '$digest'"
entry "\"measured\": {\"fmax\": {\"hx8k\": 9999}, \"netlist\": {\"ice40\": \"$digest\"}}"
expect 0 '^1 clocks: 0 placed' --changed
expect 1 'OVER: hx8k .* MHz < 9999 - 5 %' --fmax --recorded
sed -i 's/x + /x - /' rtl/toy/gsp_toy.v
expect 1 'OVER: hx8k .* MHz < 9999 - 5 %' --changed
also "^netlist of toy .*; the recorded clock is that of $digest"
sed -i 's/x - /x + /' rtl/toy/gsp_toy.v

# What is recorded for the same inputs is not synthesised again with --changed; a change of any of these is.
taken='^1 entries: 0 synthesised, 1 as recorded$' made='^1 entries: 1 synthesised, 0 as recorded'
entry "\"budget\": {\"lut\": $lut}"
expect 0 "$made; 1 are not as recorded: scripts/area\\.sh --record" --changed # there is no record
expect 0 '^1 entries recorded' --record
expect 0 "$taken" --changed
also '^toy .*\(recorded\)$'
expect 0 "$made\$" --changed --synthesise toy
entry "\"budget\": {\"lut\": $((lut - 1))}"
expect 1 "OVER: lut $lut > $((lut - 1))" --changed # what is recorded is judged
also "$taken"
entry '"budget": {"lut": 99}, "measured": {"fmax": {"hx8k": 1}, "netlist": {"ice40": "0123456789abcdef"}}'
expect 0 '^1 clocks: 1 placed' --changed # a clock of another netlist
also "$made"
entry "\"measured\": {\"fmax\": {\"hx8k\": 1}, \"netlist\": {\"ice40\": \"$digest\"}}"
expect 0 '^1 clocks: 0 placed' --changed
also "$taken"
# changed: with such inputs the entry is synthesised. That it is tried is enough, and takes no time.
changed() {
    : >"$TOOLS/broken"
    expect 3 'yosys: no synthesis here' --changed
    rm "$TOOLS/broken"
}
# edit FILE TEXT: FILE with TEXT behind it is another input.
edit() {
    cp "$1" "$GSP_TMP/saved"
    echo "$2" >>"$1"
    changed
    cp "$GSP_TMP/saved" "$1"
}
entry ''
: >"$TOOLS/broken"
expect 0 "$taken" --changed # Yosys is not called
rm "$TOOLS/broken"
edit rtl/toy/gsp_toy.v '// a comment'
edit scripts/area.py '# a comment'
edit "$TOOLS/share/yosys/ice40/cells_map.v" '// a comment'
edit "$TOOLS/bin/yosys-abc" ''
edit "$TOOLS/bin/yosys" '# a comment'
edit "$TOOLS/version" ''
echo '`define UNUSED' >rtl/common/unused.vh
changed
rm rtl/common/unused.vh
echo 00 >rtl/toy/table.hex
changed
rm rtl/toy/table.hex
entry '"tied": {"b": 0}'
changed
entry '"open": ["x"]'
changed
entry '"parameters": {"NONE": 1}'
changed
entry '"dsp": true'
changed
sed -i 's/x + /x - /' rtl/toy/gsp_toy.v
entry ''
expect 0 "$made; 1 are not as recorded" --changed # what differs from a record of other inputs is no fault
sed -i 's/x - /x + /' rtl/toy/gsp_toy.v
expect 0 "$taken" --changed
mv "$TOOLS/share" "$TOOLS/elsewhere" # libraries that are not found decide nothing
expect 0 "$made" --changed
expect 2 'cell libraries were not found' --record
mv "$TOOLS/elsewhere" "$TOOLS/share"
# A record that is wrong is noticed where the entry is synthesised, by the netlist of the gate level too.
cp fpga/recorded.json "$GSP_TMP/saved"
sed -i "s/\"lut\": $lut/\"lut\": $((lut - 1))/" fpga/recorded.json
expect 0 "$taken" --changed
expect 1 "OVER: lut $lut, recorded $((lut - 1))"
expect 1 "OVER: lut $lut, recorded $((lut - 1))" --changed --synthesise toy
script=scripts/netlist.sh
expect 1 "not what fpga/recorded.json has for these inputs: lut $lut, recorded $((lut - 1))" toy --out "$GSP_TMP/netlist.v"
cp "$GSP_TMP/saved" fpga/recorded.json
expect 0 '; as recorded$' toy --out "$GSP_TMP/netlist.v"
expect 0 'SB_LUT4$' toy --dsp --out "$GSP_TMP/netlist.v"
sed -i "s/\"ice40\": \"$digest\"/\"ice40\": \"0123456789abcdef\"/" fpga/recorded.json
expect 1 "netlist $digest, recorded 0123456789abcdef" toy --out "$GSP_TMP/netlist.v"
script=scripts/area.sh
expect 1 "OVER: netlist $digest, recorded 0123456789abcdef" --changed --synthesise toy
expect 0 '^1 entries recorded' --record
expect 0 "$taken" --changed
sed -i 's/"lut"/"lutt"/' fpga/recorded.json
expect 2 "recorded\\.json: .*row 'toy neuron gsp_toy lut -'" --changed
echo '{' >fpga/recorded.json
expect 2 'recorded\.json' --changed
rm fpga/recorded.json
expect 2 'no entry for tyo' --changed --synthesise tyo
expect 2 'for --changed' --synthesise toy
expect 2 'leaves that out' --changed --record

# Figures of other versions are no verdict, and no pass.
entry '"budget": {"lut": 1}' 0.1
expect 0 '^NOT JUDGED: .* yosys 0\.1,'
also '^REPORT area'
entry '"measured": {"fmax": {"hx8k": 9999}}' '' 0.1
expect 0 '^NOT JUDGED: .* nextpnr-ice40 0\.1,' --fmax --recorded

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
