#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds one bench: the simulator's image of gsp_bench and the device under it.
#
# usage: build_bench.sh verilator|icarus BENCH_DIR LIB_DIR RUNTIME_DIR wave=0|1 bugs=0|1 FLAGS... -- RTL_ARGUMENTS...
#
#   BENCH_DIR    holds bench.v (generated) and takes the result: bench or bench.vvp
#   LIB_DIR      holds libgsp_lockstep.a, libgoldenspike.a, gsp.vpi
#   RUNTIME_DIR  keeps the compiled Verilator runtime and its precompiled headers, shared by every bench
#
# A bench is built once per model, form and configuration, never per seed.
# GSP_BENCH_OPTIMIZE=-Og builds the device of a short run in half the time; it runs slower. `gsp cosim` keeps benches
# of different GSP_BENCH_OPTIMIZE apart.
# Called by `gsp cosim`; exit 3 when a tool is missing or fails.
set -euo pipefail

sim=$1 bench=$2 lib=$3 runtime=$4 wave=${5#wave=} bugs=${6#bugs=}
shift 6
flags=()
while [ "$1" != -- ]; do flags+=("$1"); shift; done
shift
here=$(cd "$(dirname "$0")" && pwd)

need() { command -v "$1" >/dev/null || { echo "$1 is not installed; run scripts/setup.sh" >&2; exit 3; }; }
defines=()
[ "$bugs" = 0 ] || defines+=(-DGSP_TEST_BUGS)

build_runtime() {
    local root=$1 out=$2 work sources source
    work=$(mktemp -d "$out.XXXXXX")
    sources=(verilated verilated_threads)
    [ "$wave" = 0 ] || sources+=(verilated_vcd_c)
    local jobs=() job
    for source in "${sources[@]}"; do
        [ -f "$root/include/$source.cpp" ] || continue
        "${CXX:-c++}" -O3 -std=c++17 -w "${flags[@]}" -I"$root/include" -I"$root/include/vltstd" \
            -c "$root/include/$source.cpp" -o "$work/$source.o" &
        jobs+=($!)
    done
    # One by one: a bare wait forgets their exit codes, and half a library would be kept for every later bench.
    for job in "${jobs[@]}"; do wait "$job"; done
    ar rcs "$work/libverilated.a" "$work"/*.o
    mkdir -p "$out"
    mv "$work/libverilated.a" "$out/libverilated.a"
    rm -rf "$work"
}

# precompile ROOT HEADER OPTIMIZATION: reading the headers takes longer than the rest of a bench. What is precompiled
# for other options g++ ignores, so each level of optimization has its own.
precompile() {
    mkdir -p "$(dirname "$2")"
    printf '#include <%s>\n' memory string verilated.h >"$2"
    "${CXX:-c++}" "$3" -std=c++17 -w "${flags[@]}" -I"$1/include" -I"$1/include/vltstd" -x c++-header "$2" -o "$2.new"
    mv "$2.new" "$2.gch"
}

case $sim in
verilator)
    need verilator
    need "${CXX:-c++}"
    # The program behind the Perl script, where it finds its files by itself: it starts in a tenth of the time.
    program=verilator linker=()
    if command -v verilator_bin >/dev/null && [ -f "$(verilator_bin --getenv VERILATOR_ROOT)/include/verilated.h" ]; then
        program=verilator_bin
    fi
    root=$($program --getenv VERILATOR_ROOT)
    version=$($program --version | awk '{print $2; exit}')
    # A third of the time of the other one.
    ! command -v ld.gold >/dev/null || linker=(-fuse-ld=gold)
    compiler=$("${CXX:-c++}" --version | cksum | cut -d ' ' -f 1)
    rt="$runtime/verilator-$version-$compiler-wave$wave$(printf '%s' "${flags[*]-}" | tr -c 'a-z0-9' _)"
    # A netlist of a thousand cells takes g++ minutes at -O3, and needs the options of tb/gate/verilator.vc.
    optimize=-O3 netlist=()
    case " $* " in *"/tb/gate/SB_LUT4.v "*) optimize=-O1 netlist=(-f "$here/gate/verilator.vc") ;; esac
    optimize=${GSP_BENCH_OPTIMIZE:-$optimize}
    headers=$rt/headers$optimize/bench.h
    mkdir -p "$runtime"
    exec 9>"$rt.lock"
    flock 9
    [ -f "$rt/libverilated.a" ] || build_runtime "$root" "$rt"
    [ -f "$headers.gch" ] || precompile "$root" "$headers" "$optimize"
    flock -u 9
    trace=()
    [ "$wave" = 0 ] || trace=(--trace)
    "$program" --cc --prefix Vgsp_bench --top-module gsp_bench -Mdir "$bench/obj" -Wno-fatal -Wno-lint -Wno-style \
        -O3 --x-assign fast --x-initial fast "${trace[@]}" "${netlist[@]}" "${defines[@]}" "$bench/bench.v" "$@" >&2
    # One translation unit: the generated files are small and share their headers. What runs once is not optimized,
    # and comes last; of a netlist it is half of the code, and a second unit.
    once=$bench/obj/all.cpp
    [ ${#netlist[@]} -eq 0 ] || once=$bench/obj/once.cpp
    echo "#include \"$here/verilator/main.cpp\"" >"$bench/obj/all.cpp"
    for source in "$bench"/obj/Vgsp_bench*.cpp; do
        [[ $source == *Slow.cpp ]] || echo "#include \"$source\"" >>"$bench/obj/all.cpp"
    done
    # By a pragma: an option of its own would take headers of its own.
    echo '#pragma GCC optimize("O0")' >>"$once"
    for source in "$bench"/obj/Vgsp_bench*Slow.cpp; do echo "#include \"$source\"" >>"$once"; done
    [ "$wave" = 0 ] || defines+=(-DGSP_WAVE)
    # compile UNIT
    compile() {
        "${CXX:-c++}" "$optimize" -std=c++17 -w "${flags[@]}" "${defines[@]}" -I"$bench/obj" -I"$root/include" \
            -I"$root/include/vltstd" -I"$here/core" -I"$here/../c_model/include" -I"$here/../include" \
            -include "$headers" -c "$bench/obj/$1.cpp" -o "$bench/obj/$1.o"
    }
    compile all &
    all=$!
    [ ! -f "$bench/obj/once.cpp" ] || compile once
    wait "$all"
    "${CXX:-c++}" "${flags[@]}" "${linker[@]}" -o "$bench/bench.new" "$bench"/obj/*.o \
        "$rt/libverilated.a" "$lib/libgsp_lockstep.a" "$lib/libgoldenspike.a" -pthread -lm -latomic
    mv "$bench/bench.new" "$bench/bench"
    rm -rf "$bench/obj"
    ;;
icarus)
    need iverilog
    need vvp
    [ -f "$lib/gsp.vpi" ] || { echo "gsp.vpi was not built: vpi_user.h of Icarus was missing; run scripts/setup.sh and build again" >&2; exit 3; }
    iverilog -g2005 -o "$bench/bench.new" -s gsp_top "${defines[@]}" "$bench/bench.v" "$here/icarus/top.v" "$@"
    mv "$bench/bench.new" "$bench/bench.vvp"
    ;;
*)
    echo "unknown simulator '$sim'" >&2
    exit 2
    ;;
esac
