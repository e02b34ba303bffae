#!/usr/bin/env bash
# Checks the format, builds, runs the tests and measures what they cover. Works from any directory. docs/testing.md says more.
#
#   ./test.sh                   the fast lane: every test, minutes at most
#   ./test.sh --slow            long suites run longer: LARDER_SLOW=1
#   ./test.sh --filter NAME     only tests whose full name contains NAME; without the format check and the coverage threshold
#   ./test.sh --no-coverage     without coverage
#
# The last line is always "N passed, N failed, N skipped". The exit code is not 0 when a test failed, when none ran, when the
# format is wrong, or when the core is covered too little.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

min_lines=95    # percent of the lines of the core
min_branches=90 # percent of its branches
hang=5m         # a test that takes longer than this is stuck

filter=""
coverage=1
while [ $# -gt 0 ]; do
    case "$1" in
        --slow) export LARDER_SLOW=1 hang=60m ;;
        --filter) filter="${2:?--filter needs a name}" && shift ;;
        --no-coverage) coverage=0 ;;
        -h | --help) sed -n '2,10s/^# \{0,1\}//p' "$0" && exit 0 ;;
        *) echo "test.sh: unknown option $1; see ./test.sh --help" >&2 && exit 2 ;;
    esac
    shift
done

results="$PWD/artifacts/tests"
rm -rf "$results"
mkdir -p "$results"
export LARDER_FIGURES="$results/figures.txt"
touch "$LARDER_FIGURES"
failed=0

complain() {
    echo "test.sh: $1" >&2
    failed=1
}

./build.sh

if [ -z "$filter" ]; then
    dotnet format Larder.slnx --verify-no-changes --no-restore || complain "the format is not that of .editorconfig; 'dotnet format' puts it right."
fi

arguments=(--configuration Release --no-build --nologo --logger trx --results-directory "$results"
    --blame-hang --blame-hang-dump-type none --blame-hang-timeout "$hang")
[ -z "$filter" ] || arguments+=(--filter "$filter")
measured=(--settings tests/coverage.runsettings --collect "XPlat Code Coverage")
for project in tests/*.Tests/*.csproj; do # one after another: they would measure each other
    extra=()
    [ $coverage = 1 ] && [ "$project" = tests/Larder.Tests/Larder.Tests.csproj ] && extra=("${measured[@]}")
    dotnet test "$project" "${arguments[@]}" ${extra[@]+"${extra[@]}"} || complain "the test run of $project failed."
done

# The value of an attribute of the first element of this name in an XML file.
attribute() { # file element attribute
    { grep -o "<$2 [^>]*" "$1" || true; } | head -n 1 | sed -n "s/.* $3=\"\([^\"]*\)\".*/\1/p"
}

if [ -s "$LARDER_FIGURES" ]; then
    printf '\nFigures\n'
    grep '^figure: ' "$LARDER_FIGURES" | sed 's/^figure: /  /' | sort
fi

# Every part of the core that is covered less than the rest, the worst first, to show where to look.
least_covered() {
    awk -F'"' '/<class /{ for (i = 1; i < NF; i++) if ($i ~ / filename=$/) file = $(i + 1) }
        /<line /{ for (i = 1; i < NF; i++) { if ($i ~ / number=$/) line = $(i + 1); if ($i ~ / hits=$/) hits = $(i + 1) }
                  key = file ":" line; if (!(key in most) || hits > most[key]) most[key] = hits }
        END { for (key in most) { split(key, part, ":"); all[part[1]]++; if (most[key] > 0) hit[part[1]]++ }
              for (f in all) if (hit[f] < all[f]) printf "  %5.1f %%  %4d of %4d lines not covered  %s\n", 100 * hit[f] / all[f], all[f] - hit[f], all[f], f }' "$1" |
        sort -n | head -n 12
}

if [ $coverage = 1 ]; then
    report="$(find "$results" -name coverage.cobertura.xml | head -n 1)"
    if [ -z "$report" ]; then
        complain "there is no coverage report."
    else
        lines="$(attribute "$report" coverage line-rate)"
        branches="$(attribute "$report" coverage branch-rate)"
        awk -v l="$lines" -v b="$branches" 'BEGIN { printf "\ncoverage of the core: %.1f %% of lines, %.1f %% of branches\n", 100 * l, 100 * b }'
        if [ -z "$filter" ] && awk -v l="$lines" -v b="$branches" -v ml=$min_lines -v mb=$min_branches 'BEGIN { exit !(100 * l < ml || 100 * b < mb) }'; then
            least_covered "$report"
            complain "the core must be covered by at least $min_lines % of lines and $min_branches % of branches."
        fi
    fi
fi

# The sum of a counter over the result files of all test projects.
count() {
    local sum=0 file value
    while IFS= read -r file; do
        value="$(attribute "$file" Counters "$1")"
        sum=$((sum + ${value:-0}))
    done < <(find "$results" -name '*.trx')
    echo "$sum"
}

executed="$(count executed)"
failures="$(count failed)"
[ $executed -gt 0 ] || complain "no test ran."
[ $failures -eq 0 ] || failed=1

echo
echo "$(count passed) passed, $failures failed, $(($(count total) - executed)) skipped"
exit $failed
