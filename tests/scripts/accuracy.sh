#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# scripts/accuracy.sh: that it passes, and that it fails when a bound is exceeded or a reference
# is missing.
#
# GSP   the gsp program
#
# Exit codes: 0 pass, 1 a case failed.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"
gsp_tmpdir
accuracy=$GSP_ROOT/scripts/accuracy.sh data=$GSP_ROOT/tests/data/dpi failed=0
expect() { # expect CODE PATTERN WHAT: of the last run
    if [ $code -ne "$1" ] || ! grep -qE "$2" "$GSP_TMP/out"; then
        failed=1
        echo "FAILED: $3: exit code $code, wanted $1 and '$2'"
        tail -n 40 "$GSP_TMP/out"
    fi
}
run() {
    code=0
    "$accuracy" "$@" >"$GSP_TMP/out" 2>&1 || code=$?
}

run --svg "$GSP_TMP"
cat "$GSP_TMP/out"
expect 0 '^accuracy: [0-9]+ bounds, 0 exceeded$' 'the bounds hold'
for name in dpi lif; do
    cmp -s "$GSP_TMP/${name}_accuracy.svg" "$GSP_ROOT/docs/img/${name}_accuracy.svg" ||
        { failed=1 && echo "FAILED: docs/img/${name}_accuracy.svg is not what scripts/accuracy.sh draws"; }
done

# A reference whose first spike comes 4 ms later, and one that lost a spike.
cp -r "$data" "$GSP_TMP/late"
sed 's/^0,0\.224377906951/0,0.228377906951/' "$data/step_spk_20pA.csv" >"$GSP_TMP/late/step_spk_20pA.csv"
sed '/^7,0\.5571/d' "$data/step_spk_100pA.csv" >"$GSP_TMP/late/step_spk_100pA.csv"
export GSP_DATA=$GSP_TMP/late
run
expect 1 '^EXCEEDED: dpi, 24 bits, 100 us: spikes is 0\.00388, the bound is 0\.003$' 'a late spike'
expect 1 '^EXCEEDED: dpi, 24 bits, 100 us: counts is 1, the bound is 0$' 'a spike too few'
rm "$GSP_TMP/late/step_spk_20pA.csv"
run
expect 2 'step_spk_20pA\.csv: No such file' 'a missing reference'
exit $failed
