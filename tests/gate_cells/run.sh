#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/gate_cells/run.sh BUILD_DIR
#
# The cells of tb/gate against Yosys' own iCE40 cells (cells_sim.v), under Icarus; a planted fault in
# each kind of cell must be caught, and a cell that is not modelled must be named.
# Exit: 0 equal, 1 not, 2 usage, 3 a tool is missing or crashed.
set -u
[ $# -eq 1 ] || { sed -n '4,8s/^# \{0,1\}//p' "$0" >&2; exit 2; }
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
python3 "$here/generate.py" >pairs.vh || environment "generate.py failed"
pairs=$(sed -n 's/^localparam COUNT = \([0-9]*\);/\1/p' pairs.vh)
[ "$pairs" -ge 220 ] || { echo "gate_cells: only $pairs pairs" >&2; exit 1; }

# compare NAME CELLS: 0 equal, 1 not
compare() {
    iverilog -g2005 -DNO_ICE40_DEFAULT_ASSIGNMENTS -I. -s bench -o "$1.vvp" "$here/bench.v" reference.v "$2"/SB_*.v >"$1.log" 2>&1 ||
        environment "iverilog failed; see $PWD/$1.log"
    vvp -n "$1.vvp" >"$1.out" 2>&1 || environment "vvp failed; see $PWD/$1.out"
    tail -1 "$1.out" | grep -q "^end pairs=$pairs compared=[0-9]* bad=[0-9]*$" || environment "the bench did not end; see $PWD/$1.out"
    tail -1 "$1.out" | grep -q "compared=$((20480 * pairs)) bad=0$"
}

status=0
if compare cells "$root/tb/gate"; then tail -1 cells.out; else cat cells.out; status=1; fi

# One fault in each kind of cell, all at once: each must be named.
rm -rf planted && cp -r "$root/tb/gate" planted
sed -i 's/16.h0f0f) << 4/16'"'"'h0f0f) << 3/' planted/SB_LUT4.v
sed -i 's/(I0 | I1) & CI/(I0 ^ I1) \& ~CI/' planted/SB_CARRY.v
sed -i 's/D & ~R/D/' planted/SB_DFFESR.v
sed -i "s/B_SIGNED != 0 \&\& b\[15\], b}/1'b0, b}/" planted/SB_MAC16.v
sed -i 's/^\( *\)word <= /\1if (RADDR[0]) word <= /' planted/SB_RAM40_4K.v
compare planted planted && { echo "gate_cells: the planted faults were missed" >&2; status=1; }
for cell in SB_LUT4 SB_CARRY SB_DFFESR SB_MAC16 SB_RAM40_4K; do
    cmp -s "planted/$cell.v" "$root/tb/gate/$cell.v" && environment "no fault planted in $cell"
    rm -rf one && cp -r "$root/tb/gate" one && cp "planted/$cell.v" one
    compare one one && { echo "gate_cells: the fault in $cell was missed" >&2; status=1; }
    grep -qE "^ *$cell," one.out || { echo "gate_cells: $cell was not named" >&2; status=1; }
done

[ $status -eq 0 ] && echo "PASS gate_cells: $pairs pairs equal, 5 planted faults caught" || echo "FAIL gate_cells"
exit $status
