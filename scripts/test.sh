#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# scripts/test.sh [-q]
#
# Runs every test of the project: sets up the machine, builds the presets `release`
# and `asan`, runs all tests of the first and the unit and command-line tests of the
# second (under the address and undefined-behaviour sanitizers, with every
# fixed-point operation checked), then the static checks.
#
#   -q   quick: `release` only, without the tests labelled slow, without lint
#
# GSP_JOBS   parallel jobs; default: the number of processors
# GSP_BUILD  where to build; default: build
#
# The last line is "N passed, N failed" (", N skipped" when there are any). A preset
# that does not build and the static checks count as one test each.
# Exit codes: 0 pass, 1 a test failed, 2 wrong usage, 3 the environment.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

quick=0
for arg; do
    case $arg in
    -q | --quick) quick=1 ;;
    -h | --help) gsp_usage "${BASH_SOURCE[0]}" && exit 0 ;;
    *) gsp_die 2 "unknown argument '$arg'; see scripts/test.sh --help" ;;
    esac
done
: "${GSP_BUILD:=$GSP_ROOT/build}"
mkdir -p "$GSP_BUILD" || gsp_die 3 "cannot make $GSP_BUILD"
GSP_BUILD=$(cd "$GSP_BUILD" && pwd -P)
cd "$GSP_ROOT"

if [ $quick = 1 ]; then scripts/setup.sh; else scripts/setup.sh --timing; fi # the slow test `area` places and routes
gsp_tmpdir

passed=0 failed=0 skipped=0 environment=0 summary=()

# count NAME PASSED FAILED SKIPPED SINCE: adds to the totals and to the summary.
count() {
    passed=$((passed + $2)) failed=$((failed + $3)) skipped=$((skipped + $4))
    summary+=("$(printf '%-10s %4d passed %4d failed %4d skipped  %5d s' "$1" "$2" "$3" "$4" $((SECONDS - $5)))")
}

# junit_counts FILE: "PASSED FAILED SKIPPED" of a ctest report, then a line for each test
# that did not pass. A state other than those known here counts as a failure.
junit_counts() {
    python3 - "$1" <<'PYTHON'
import sys, xml.etree.ElementTree as tree
counts, lines = {"passed": 0, "FAILED": 0, "skipped": 0}, []
for case in tree.parse(sys.argv[1]).getroot().iter("testcase"):
    skip = case.find("skipped")
    # ctest also writes <skipped> for a test whose program it cannot find: that is no skip.
    if case.get("status") == "disabled" or skip is not None and skip.get("message", "").startswith("SKIP_"):
        verdict = "skipped"
    elif case.get("status") == "run" and skip is None and case.find("failure") is None:
        verdict = "passed"
    else:
        verdict = "FAILED"
    counts[verdict] += 1
    if verdict != "passed":
        lines.append(f"  {verdict}: {case.get('name')}")
print(*counts.values(), *lines, sep="\n")
PYTHON
}

# test_preset NAME CTEST_ARGUMENT...: configure, build, test.
test_preset() {
    local preset=$1 build=$GSP_BUILD/$1 since=$SECONDS code=0 counts
    shift
    echo "== $preset: build"
    # CMake names the configuration's faults; Ninja prints only what went wrong.
    if ! cmake --preset "$preset" -B "$build" >"$GSP_TMP/log" 2>&1 ||
        ! cmake --build "$build" -j "$GSP_JOBS" >"$GSP_TMP/log" 2>&1; then
        tail -n 60 "$GSP_TMP/log"
        echo "== $preset: does not build"
        count "$preset" 0 1 0 "$since"
        return
    fi
    echo "== $preset: test"
    rm -f "$GSP_TMP/junit.xml"
    # One more than processors: some tests wait for a line or a pipe.
    ctest --test-dir "$build" -j "$((GSP_JOBS + 1))" --output-on-failure --no-tests=error \
        --output-junit "$GSP_TMP/junit.xml" "$@" </dev/null || code=$?
    if [ ! -s "$GSP_TMP/junit.xml" ] || ! junit_counts "$GSP_TMP/junit.xml" >"$GSP_TMP/counts"; then
        echo "== $preset: ctest left no report (exit code $code)"
        count "$preset" 0 1 0 "$since"
        return
    fi
    mapfile -t counts <"$GSP_TMP/counts"
    # A run without a test, or a failure that the report does not show, is a failure.
    if [ $((counts[0] + counts[1])) -eq 0 ]; then
        echo "== $preset: no test was run"
        counts[1]=1
    elif [ $code -ne 0 ] && [ "${counts[1]}" -eq 0 ]; then
        echo "== $preset: ctest failed with exit code $code"
        counts[1]=1
    fi
    count "$preset" "${counts[0]}" "${counts[1]}" "${counts[2]}" "$since"
    summary+=("${counts[@]:3}")
}

if [ $quick = 1 ]; then
    test_preset release --label-exclude '^slow$'
    summary+=("quick: slow tests, sanitizers (asan) and lint were left out")
else
    test_preset release
    test_preset asan --label-regex '^(unit|cli)$'
    echo "== lint"
    since=$SECONDS code=0
    scripts/lint.sh || code=$?
    case $code in
    0) count lint 1 0 0 "$since" ;;
    3)
        environment=1
        count lint 0 1 0 "$since"
        summary+=("  lint could not run: a tool is missing")
        ;;
    *) count lint 0 1 0 "$since" ;;
    esac
fi

echo
printf '%s\n' "${summary[@]}"
echo "time: $(gsp_elapsed), $(gsp_count job "$GSP_JOBS")"
echo "$passed passed, $failed failed$([ $skipped = 0 ] || echo ", $skipped skipped")"
if [ $failed -gt $environment ]; then exit 1; fi
if [ $environment -gt 0 ]; then exit 3; fi
