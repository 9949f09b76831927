#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/gate_cells/run.sh BUILD_DIR
#
# The cells of tb/gate against Yosys' own iCE40 cells (cells_sim.v), under Icarus: every content and input of a
# LUT, every three successive inputs of the small cells, random ones and corners for the DSP block and the memory
# in each setting of tb/gate/checked.py. A planted fault in each cell must be caught; scripts/netlist.py must
# refuse every other cell and setting.
# Exit: 0 equal, 1 not, 2 usage, 3 a tool is missing or crashed.
set -u
[ $# -eq 1 ] || { sed -n '4,10s/^# \{0,1\}//p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd -P)
root=$(cd "$here/../.." && pwd -P)
mkdir -p "$1/scratch/gate_cells" && cd "$1/scratch/gate_cells" || exit 3
environment() { echo "gate_cells: $1" >&2; exit 3; }
for tool in yosys iverilog vvp python3; do
    command -v "$tool" >/dev/null || environment "$tool is missing"
done
data=$(yosys-config --datdir 2>/dev/null) || data=$(dirname "$(readlink -f "$(command -v yosys)")")/../share/yosys
[ -f "$data/ice40/cells_sim.v" ] || environment "no $data/ice40/cells_sim.v"
sed -E 's/^module SB_/module ref_SB_/' "$data/ice40/cells_sim.v" >reference.v
python3 "$here/generate.py" "$root/tb/gate" >pairs.vh || environment "generate.py failed"

number() { sed -n "s/^localparam $1 = \([0-9]*\);/\1/p" pairs.vh; }
pairs=$(number COUNT) kinds=$(number KINDS) small=$(number SMALL) large=$(number LARGE)
[ "$pairs" -ge 160 ] || { echo "gate_cells: only $pairs pairs" >&2; exit 1; }

# compare NAME CELLS DRAWS: 0 equal, 1 not; DRAWS inputs for the large cells
compare() {
    iverilog -g2005 -DNO_ICE40_DEFAULT_ASSIGNMENTS -I. -s bench -o "$1.vvp" "$here/bench.v" reference.v "$2"/SB_*.v >"$1.log" 2>&1 ||
        environment "iverilog failed; see $PWD/$1.log"
    vvp -n "$1.vvp" "+draws=$3" >"$1.out" 2>&1 || environment "vvp failed; see $PWD/$1.out"
    tail -1 "$1.out" | grep -q "^end pairs=$pairs compared=[0-9]* bad=[0-9]*$" || environment "the bench did not end; see $PWD/$1.out"
    tail -1 "$1.out" | grep -q "compared=$((12288 * small + 3 * $3 * large)) bad=0$"
}

status=0
if compare cells "$root/tb/gate" 400; then tail -1 cells.out; else cat cells.out; status=1; fi

# luts CELL_FILE: 0 equal, 1 not. LUT_INIT becomes an input of both modules, so that one bench runs through all.
luts() {
    sed -E "s/^module SB_LUT4 #\($/module own_lut (/; s/parameter \[15:0\] LUT_INIT = .*/input wire [15:0] LUT_INIT,/; /^\) \($/d; s/localparam/wire/" \
        "$1" >lut_pair.v
    sed -n '/^module SB_LUT4 /,/^endmodule/p' "$data/ice40/cells_sim.v" |
        sed -E 's/^module SB_LUT4 \(/module ref_lut (input [15:0] LUT_INIT,/; /parameter \[15:0\] LUT_INIT/d' >>lut_pair.v
    iverilog -g2005 -DICE40_DEFAULT_ASSIGNMENT_0= -s bench -o luts.vvp "$here/luts.v" lut_pair.v >luts.log 2>&1 ||
        environment "iverilog failed; see $PWD/luts.log"
    vvp -n luts.vvp >luts.out 2>&1 || environment "vvp failed; see $PWD/luts.out"
    grep -q '^end compared=[0-9]* bad=[0-9]*$' luts.out || environment "the bench did not end; see $PWD/luts.out"
    grep -q ' compared=1048576 bad=0$' luts.out
}
if luts "$root/tb/gate/SB_LUT4.v"; then cat luts.out; else cat luts.out; status=1; fi

# One fault in each cell, all at once: each must be named.
rm -rf planted && cp -r "$root/tb/gate" planted
# plant CELL SED_SCRIPT
planted=()
plant() {
    sed -i "$2" "planted/$1.v"
    cmp -s "planted/$1.v" "$root/tb/gate/$1.v" && environment "no fault planted in $1"
    planted+=("$1")
}
plant SB_LUT4 "s/16'h0f0f) << 4/16'h0f0f) << 3/"
plant SB_CARRY 's/(I0 | I1) & CI/(I0 ^ I1) \& ~CI/'
plant SB_DFF 's/posedge C/negedge C/'
plant SB_DFFE 's/if (E)/if (~E)/'
plant SB_DFFSR 's/D & ~R/D/'
plant SB_DFFSS 's/D | S/D/'
plant SB_DFFR 's/ or posedge R//'
plant SB_DFFS 's/ or posedge S//'
plant SB_DFFESR 's/if (E) Q <= D & ~R/if (E | R) Q <= D \& ~R/'
plant SB_DFFESS 's/if (E) Q <= D | S/if (E | S) Q <= D | S/'
plant SB_DFFER 's/ or posedge R//'
plant SB_DFFES 's/ or posedge S//'
plant SB_MAC16 "s/B_SIGNED != 0 \&\& b\[15\], b}/1'b0, b}/"
plant SB_RAM40_4K 's/^\( *\)word <= /\1if (RADDR[0]) word <= /'
compare planted planted 50 && { echo "gate_cells: the planted faults were missed" >&2; status=1; }
for cell in "${planted[@]}"; do
    grep -qE "^ *$cell: [1-9]" planted.out || { echo "gate_cells: the fault in $cell was missed" >&2; status=1; }
done
[ "$kinds" = ${#planted[@]} ] || { echo "gate_cells: $kinds kinds of cell, ${#planted[@]} faults" >&2; status=1; }
luts planted/SB_LUT4.v && { echo "gate_cells: the fault in SB_LUT4 was missed by luts.v" >&2; status=1; }
# A fault in the settings not drawn often: the adder's carry, its held operand, and a narrow port of the memory.
for fault in "SB_MAC16 s/D_REG != 0 ? d_held : D;/D;/" \
    "SB_MAC16 s/total_low\[16\] ^ ADDSUBBOT;/total_low[16];/" \
    "SB_RAM40_4K s/STEP \/ 2 - 1\];/STEP - 1];/"; do
    cell=${fault%% *}
    rm -rf one && cp -r "$root/tb/gate" one && sed -i "${fault#* }" "one/$cell.v"
    cmp -s "one/$cell.v" "$root/tb/gate/$cell.v" && environment "no fault planted in $cell"
    compare one one 50 && { echo "gate_cells: the second fault in $cell was missed" >&2; status=1; }
    planted+=("$cell")
done

# refused TEXT CELL PARAMETERS [CONNECTIONS]: scripts/netlist.py must end with exit code 3 and name what it cannot take; - as TEXT: accepted
refused() {
    local code=0
    mkdir -p netlist
    echo '{"modules": {"t": {"ports": {"a": {"direction": "input", "bits": [2]}}}}}' >netlist/ports.json
    echo "{\"modules\": {\"t_gates\": {\"cells\": {\"x\": {\"type\": \"$2\", \"parameters\": {$3}, \"connections\": {${4-}}}}}}}" >netlist/gates.json
    echo '// nothing' >netlist/gates.v
    python3 -B "$root/scripts/netlist.py" finish netlist t "$root/tb/gate" 0 1 common lut >netlist/out 2>&1 || code=$?
    if [ "$1" = - ] && [ $code = 0 ]; then return; fi
    if [ $code = 3 ] && grep -q "^netlist: t: $1" netlist/out; then return; fi
    echo "gate_cells: netlist.py with $2 $3: exit code $code: $(cat netlist/out)" >&2
    status=1
}
adder='"TOPADDSUB_LOWERINPUT": "10", "BOTADDSUB_LOWERINPUT": "10", "TOPADDSUB_CARRYSELECT": "11", "TOPADDSUB_UPPERINPUT": "1", "BOTADDSUB_UPPERINPUT": "1", "TOPOUTPUT_SELECT": "0"'
refused - SB_MAC16 "$adder" '"C": ["0", 5], "D": [6]'
refused - SB_LUT4 '"LUT_INIT": "1010101010101010"'
refused - SB_MAC16 '"A_SIGNED": "1", "TOPOUTPUT_SELECT": "11", "BOTOUTPUT_SELECT": "11", "MODE_8x8": "0"'
refused 'SB_MAC16: a setting' SB_MAC16 '"A_SIGNED": "1", "TOPOUTPUT_SELECT": "11", "BOTOUTPUT_SELECT": "11", "MODE_8x8": "1"'
refused 'SB_MAC16: a setting' SB_MAC16 '"A_SIGNED": "1", "TOPOUTPUT_SELECT": "01", "BOTOUTPUT_SELECT": "11"'
refused 'SB_MAC16: a setting' SB_MAC16 '"A_SIGNED": "x", "TOPOUTPUT_SELECT": "11", "BOTOUTPUT_SELECT": "11"'
refused 'yosys lost what drives D ' SB_MAC16 "$adder" '"C": ["0", 5], "D": ["x"]'
refused 'SB_DFFN: there is no model' SB_DFFN ''
refused 'SB_RAM40_4KNR: there is no model' SB_RAM40_4KNR ''
refused 'SB_PLL40_CORE: there is no model' SB_PLL40_CORE ''
refused 'SB_LUT4: a setting' SB_LUT4 '"OTHER": "1"'

[ $status -eq 0 ] && echo "PASS gate_cells: $pairs pairs of $kinds cells equal, ${#planted[@]} planted faults caught, 8 cells and settings refused" || echo "FAIL gate_cells"
exit $status
