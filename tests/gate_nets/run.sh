#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/gate_nets/run.sh BUILD_DIR [SEED [NETS [CELLS]]]
#
# Random netlists of the cells of tb/gate under Verilator, with the options that benches of netlists are built
# with (tb/gate/verilator.vc), against their values worked out by generate.py. Without these options Verilator
# 5.006 must be seen to be wrong: that is what they are for.
# Exit: 0 equal, 1 not, 2 usage, 3 a tool is missing or crashed.
set -u
[[ $# -ge 1 && $# -le 4 ]] || { sed -n '4,9s/^# \{0,1\}//p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd -P)
root=$(cd "$here/../.." && pwd -P)
seed=${2-1} nets=${3-60} cells=${4-8}
rm -rf "$1/scratch/gate_nets"
mkdir -p "$1/scratch/gate_nets" && cd "$1/scratch/gate_nets" || exit 3
environment() { echo "gate_nets: $1" >&2; exit 3; }
for tool in verilator "${CXX:-c++}" python3; do
    command -v "$tool" >/dev/null || environment "$tool is missing"
done
verilated=$(verilator --getenv VERILATOR_ROOT)/include
python3 "$here/generate.py" "$seed" "$nets" "$cells" . || environment "generate.py failed"

# One unit: the simulator needs the threads' part to link.
printf '#include "%s"\n' "$verilated"/verilated.cpp "$verilated"/verilated_threads.cpp >runtime.cpp
"${CXX:-c++}" -O0 -std=c++17 -w -I"$verilated" -I"$verilated/vltstd" -c runtime.cpp -o verilated.o >log 2>&1 || environment "c++ failed; see $PWD/log"

# wrong OPTIONS...: prints how many nets have an output that is not as expected
wrong() {
    rm -rf obj
    verilator --cc --prefix Vnet --top-module net -Mdir obj -Wno-fatal -Wno-lint -Wno-style -O3 --x-assign fast \
        --x-initial fast "$@" net.v "$root"/tb/gate/SB_{LUT4,CARRY,DFF}.v >log 2>&1 || environment "verilator failed; see $PWD/log"
    for source in obj/Vnet*.cpp; do echo "#include \"$source\""; done >all.cpp
    "${CXX:-c++}" -O1 -std=c++17 -w -Iobj -I. -I"$verilated" -I"$verilated/vltstd" all.cpp "$here/main.cpp" verilated.o -o sim -pthread -latomic >log 2>&1 || environment "c++ failed; see $PWD/log"
    ./sim >got.txt || environment "the simulator failed"
    python3 - "$nets" <<'PYTHON' || environment "the simulator's output is incomplete"
import sys
got, expected = open("got.txt").read().split(), open("expected.txt").read().split()
assert [len(line) for line in got] == [6 * int(sys.argv[1])] * 256 == [len(line) for line in expected]
print(len({i // 6 for a, b in zip(got, expected) for i in range(len(a)) if a[i] != b[i]}))
PYTHON
}

with=$(wrong -f "$root/tb/gate/verilator.vc") || exit $?
without=$(wrong -fno-dfg) || exit $?
version=$(verilator --version | awk '{print $2; exit}')
echo "Verilator $version, seed $seed, $nets nets of $cells cells, 256 cycles: wrong $with; without the options of verilator.vc $without"
if [ "$with" -ne 0 ] || { [ "$version" = 5.006 ] && [ "$without" -eq 0 ]; }; then
    echo "FAIL gate_nets"
    exit 1
fi
echo "PASS gate_nets: $nets nets, $((256 * 6 * nets)) values equal"
