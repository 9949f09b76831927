#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/install/run.sh BUILD_DIR
#
# Installs a build, moves the installation, and uses it: through find_package, through
# pkg-config, and with the installed gsp: alone, and in lockstep with both simulators.
# Exit codes: 0 pass, 1 it does not work, 2 wrong usage, 3 a tool is missing.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"
[ -f "${1-}/CMakeCache.txt" ] || gsp_die 2 "usage: tests/install/run.sh BUILD_DIR"
gsp_need cmake ninja gcc pkg-config verilator iverilog vvp
gsp_tmpdir
unset GSP_HOME GSP_WORK
# What is tested is what gets installed, whatever program the caller names.
unset GSP

cmake --install "$1" --prefix "$GSP_TMP/first" >"$GSP_TMP/log" || gsp_die 1 "cmake --install failed: $(tail -n 5 "$GSP_TMP/log")"
mv "$GSP_TMP/first" "$GSP_TMP/prefix"
mkdir "$GSP_TMP/user"
cd "$GSP_TMP/user"

cat >user.c <<'END'
#include <goldenspike/lif.h>
/* v steps from 0 to 0.5 * 0.5 = 0.25 in Q8.8. */
int main(void) {
    gsp_lif_params params;
    gsp_default_config(&gsp_lif_model, &params);
    gsp_default_params(&gsp_lif_model, &params);
    gsp_lif_state state;
    gsp_lif_reset(&state, &params);
    const gsp_lif_in in = {0, 128, 128, 0};
    gsp_lif_out out;
    gsp_lif_step(&params, &in, &state, &out);
    return gsp_lif_check(&params) == 0 && state.v == 64 ? 0 : 1;
}
END
cat >CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.20)
project(user C)
find_package(goldenspike 0.1 REQUIRED)
if(NOT EXISTS ${goldenspike_RTL_DIR}/lif/gsp_lif.v)
  message(FATAL_ERROR "no Verilog in ${goldenspike_RTL_DIR}")
endif()
add_executable(user user.c)
target_link_libraries(user goldenspike::goldenspike)
END

passed=0 failed=0
try() { # try WHAT COMMAND...
    local what=$1
    shift
    if "$@" >"$GSP_TMP/log" 2>&1; then
        passed=$((passed + 1))
        echo "ok: $what"
    else
        failed=$((failed + 1))
        echo "FAILED: $what"
        sed 's/^/    /' "$GSP_TMP/log"
    fi
}

with_cmake() {
    cmake -S . -B build -G Ninja -DCMAKE_PREFIX_PATH="$GSP_TMP/prefix" && cmake --build build && build/user
}
with_pkg_config() {
    local flags
    flags=$(PKG_CONFIG_PATH=$GSP_TMP/prefix/lib/pkgconfig pkg-config --cflags --libs goldenspike) &&
        read -ra flags <<<"$flags" && gcc -std=c11 user.c "${flags[@]}" -o user && ./user
}
# The verdict is the PASS line with its count, not the exit code alone.
cosim() {
    "$GSP_TMP/prefix/bin/gsp" cosim lif --sim "$1" --steps 20000 >out && cat out && grep -q "^PASS lif $1 20000 steps" out
}
# Nothing may come from the sources or the build: they are named in no installed text, and gsp
# says where it looks when its own parts are gone.
check_file() {
    "$GSP_TMP/prefix/bin/gsp" run lif --steps 50 --out run.csv i_t=100 gain_k=256 &&
        "$GSP_TMP/prefix/bin/gsp" check lif --strict run.csv >out && cat out && grep -q '^PASS lif run.csv: 50 steps' out
}
without_share() {
    local code=0
    mv "$GSP_TMP/prefix/share" "$GSP_TMP/prefix/elsewhere"
    "$GSP_TMP/prefix/bin/gsp" cosim lif --steps 100 >out 2>&1 || code=$?
    mv "$GSP_TMP/prefix/elsewhere" "$GSP_TMP/prefix/share"
    cat out
    [ $code -eq 3 ] && grep -q 'cannot find the RTL' out
}
no_foreign_paths() {
    ! grep -rlI -e "$GSP_ROOT" -e "$GSP_TMP/first" "$GSP_TMP/prefix"
}
wrong_program() { # the test program must be able to fail
    sed 's/== 64/== 65/' user.c >wrong.c &&
        gcc -std=c11 wrong.c -I"$GSP_TMP/prefix/include" -L"$GSP_TMP/prefix/lib" -lgoldenspike -lm -o wrong && ! ./wrong
}
try 'find_package' with_cmake
try 'pkg-config' with_pkg_config
try 'the program can fail' wrong_program
try 'gsp run and gsp check' check_file
try 'gsp cosim without its parts' without_share
try 'no path of the sources' no_foreign_paths
try 'gsp cosim, verilator' cosim verilator
try 'gsp cosim, icarus' cosim icarus

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
