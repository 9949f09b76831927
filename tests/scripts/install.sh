#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/scripts/install.sh BUILD_DIR
#
# Installs a build, moves the installation, and uses it: through find_package, through
# pkg-config, and with the installed gsp in lockstep with both simulators.
# Exit codes: 0 pass, 1 it does not work, 2 wrong usage, 3 a tool is missing.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"
[ -f "${1-}/CMakeCache.txt" ] || gsp_die 2 "usage: tests/scripts/install.sh BUILD_DIR"
gsp_need cmake ninja gcc pkg-config verilator iverilog vvp
gsp_tmpdir
unset GSP_HOME GSP_WORK

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
    "$GSP_TMP/prefix/bin/gsp" cosim lif --sim "$1" --steps 5000 >out && cat out && grep -q "^PASS lif $1 5000 steps" out
}
try 'find_package' with_cmake
try 'pkg-config' with_pkg_config
try 'gsp cosim, verilator' cosim verilator
try 'gsp cosim, icarus' cosim icarus

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
