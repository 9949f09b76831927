#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/scripts/test.sh
#
# Proves that scripts/test.sh tells a pass from a failure: in a small project with
# stub tests, each way to fail must reach the counts, the last line and the exit code.
# Exit codes: 0 pass, 1 a failure was missed, 3 a tool is missing.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"
gsp_need cmake ctest ninja gcc python3
gsp_tmpdir
# The caller's checkout and build directory are not this test's.
unset "${!GIT_@}" GSP_BUILD
project=$GSP_TMP/project
mkdir -p "$project/scripts" "$project/.ci"
cd "$project"
cp "$GSP_ROOT"/scripts/{lib,test}.sh scripts/
cp "$GSP_ROOT/.ci/run" .ci/
cp "$GSP_ROOT/CMakePresets.json" .
# Stand-ins for the steps that have tests of their own.
# shellcheck disable=SC2016 # the variables are for the stand-ins
{
    printf '#!/bin/sh\nexit "${STUB_SETUP:-0}"\n' >scripts/setup.sh
    printf '#!/bin/sh\nexit "${STUB_LINT:-0}"\n' >scripts/lint.sh
}
chmod +x scripts/*.sh

cat >CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.20)
project(toy C)
if(GSP_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all)
  add_link_options(-fsanitize=address,undefined)
endif()
enable_testing()
add_executable(toy toy.c)
include(tests.cmake)
END
cat >toy.c <<'END'
#include <stdlib.h>
/* toy CODE: exits with CODE; "overflow" adds 1 to INT_MAX, "abort" crashes. */
int main(int argc, char **argv) {
    volatile int greatest = 0x7fffffff;
    if (argc > 1 && argv[1][0] == 'o')
        return greatest + 1 > 0;
    if (argc > 1 && argv[1][0] == 'a')
        abort();
    return argc > 1 ? atoi(argv[1]) : 0;
}
END
good='add_test(NAME one COMMAND toy 0)
add_test(NAME two COMMAND toy 0)
add_test(NAME three COMMAND toy 0)
set_tests_properties(one PROPERTIES LABELS unit)
set_tests_properties(two PROPERTIES LABELS cli)
set_tests_properties(three PROPERTIES LABELS slow)
'

passed=0 failed=0
# expect WHAT CODE LAST_LINE CMAKE [ARGUMENT...]: test.sh on a project whose tests are CMAKE.
expect() {
    local what=$1 wanted=$2 last=$3 code=0
    printf '%s\n' "$4" >tests.cmake
    shift 4
    scripts/test.sh "$@" >"$GSP_TMP/out" 2>&1 </dev/null || code=$?
    if [ $code -eq "$wanted" ] && { [ -z "$last" ] || [ "$(tail -n 1 "$GSP_TMP/out")" = "$last" ]; }; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $what: wanted exit $wanted and '$last', got exit $code"
        sed 's/^/    /' "$GSP_TMP/out"
    fi
}

# Three in release, two of them again in asan, and lint.
expect 'all pass' 0 '6 passed, 0 failed' "$good"
expect 'quick' 0 '2 passed, 0 failed' "$good" -q
expect 'a test fails' 1 '6 passed, 1 failed' "$good add_test(NAME bad COMMAND toy 1)"
expect 'a test crashes' 1 '6 passed, 1 failed' "$good add_test(NAME bad COMMAND toy abort)"
expect 'a test hangs' 1 '6 passed, 1 failed' "$good add_test(NAME bad COMMAND sleep 60)
    set_tests_properties(bad PROPERTIES TIMEOUT 1)"
expect 'a test has no program' 1 '6 passed, 1 failed' "$good add_test(NAME bad COMMAND gsp_no_such_program)"
expect 'a test exits with 3' 1 '6 passed, 1 failed' "$good add_test(NAME bad COMMAND toy 3)"
expect 'a test skips' 0 '6 passed, 0 failed, 1 skipped' "$good add_test(NAME bad COMMAND toy 77)
    set_tests_properties(bad PROPERTIES SKIP_RETURN_CODE 77)"
expect 'a test is disabled' 0 '6 passed, 0 failed, 1 skipped' "$good add_test(NAME bad COMMAND toy 0)
    set_tests_properties(bad PROPERTIES DISABLED ON)"
expect 'only the sanitizers see it' 1 '6 passed, 1 failed, 1 skipped' "$good add_test(NAME bad COMMAND toy overflow)
    set_tests_properties(bad PROPERTIES LABELS unit)
    if(NOT GSP_SANITIZE)
      set_tests_properties(bad PROPERTIES DISABLED ON)
    endif()"
expect 'there is no test' 1 '1 passed, 2 failed' ''
expect 'every test skips' 1 '1 passed, 2 failed, 2 skipped' "add_test(NAME bad COMMAND toy 77)
    set_tests_properties(bad PROPERTIES SKIP_RETURN_CODE 77 LABELS unit)"
expect 'sanitizers have no test' 1 '2 passed, 1 failed' 'add_test(NAME one COMMAND toy 0)'
expect 'it does not configure' 1 '1 passed, 2 failed' 'no_such_command()'
expect 'it does not build' 1 '1 passed, 2 failed' 'add_executable(more no_such_file.c)'
STUB_LINT=1 expect 'lint fails' 1 '5 passed, 1 failed' "$good"
STUB_LINT=3 expect 'lint misses a tool' 3 '5 passed, 1 failed' "$good"
STUB_LINT=3 expect 'lint misses a tool, a test fails' 1 '5 passed, 2 failed' "$good add_test(NAME bad COMMAND toy 1)"
STUB_SETUP=3 expect 'a tool is missing' 3 '' "$good"
expect 'wrong usage' 2 '' "$good" --no-such-option
expect 'before CI' 0 '6 passed, 0 failed' "$good"
if (cd / && "$project/.ci/run") >"$GSP_TMP/out" 2>&1 && [ "$(tail -n 1 "$GSP_TMP/out")" = '6 passed, 0 failed' ]; then
    passed=$((passed + 1))
else
    failed=$((failed + 1))
    echo "FAILED: .ci/run"
    cat "$GSP_TMP/out"
fi

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
