#!/usr/bin/env bash
# Measures Larder against its peers and against itself. docs/measuring.md says how, and what the figures mean.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"

usage() {
    cat <<'TEXT'
usage: ./bench.sh [all] [options]      everything, against all peers
       ./bench.sh gates [options]      what the gates need; exit code 1 when one is short
       ./bench.sh hitrate [options]    what the cache keeps: replays traces of accesses, beside LRU and the optimum
       ./bench.sh own [filter]         Larder's own code under BenchmarkDotNet, e.g. ./bench.sh own '*Scan*'
       ./bench.sh setup                installs the peers that are no packages of .NET, on Debian; says how where it cannot

options:
  --quick        a rough pass, under five minutes
  --only LIST    some kinds of work, separated by commas: get, missing, set, insert, increment, mixed, scan, wait, first,
                 index, lock, bytes, groups, sessions, expiry, cache, pauses; on a disk: flushed, logged, reopen, disk,
                 snapshot, seeds
  --path DIR     where the stores on disk keep their files meanwhile; default: artifacts/ here, or else the place for
                 temporary files, whichever is on a disk
  --smoke        seconds, at tiny sizes: shows that everything runs; its figures mean nothing
  --help         this text

options of hitrate:
  --traces DIR   a folder with traces and their manifest.json; default: the small ones in bench/traces
  --threads N    replays from N threads as well, and says how much that loses
  --only LIST    traces whose names contain one of these, separated by commas
  --alone        without MemoryCache and other rivals, which take most of the time
  --quick        the same, and without the second replay that reads every insert back
  --jobs N       capacities replayed side by side
  --out FILE     writes the tables there as well

all, gates and hitrate take a peer that is no package everywhere by the path of its assembly:
  --bitfaster FILE   BitFaster.Caching.dll: ConcurrentLru, ConcurrentLfu and their like

all and gates print tables of ratios and write them to bench/results/. Let nothing else run meanwhile.
exit codes: 0 done, 1 a gate is short (gates and hitrate only), 2 not understood, 3 does not build, 4 the files are not on a disk,
            5 LRU or the optimum are not what is known of a trace: the replay is wrong
TEXT
}

# Peers that are missing are left out of a run, which says so; nothing here needs all of them.
setup() {
    local command="apt-get install --yes --no-install-recommends libsqlite3-0 liblmdb0 librocksdb7.8 redis-server"
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        $command
    else
        echo "as root, on Debian 12: $command"
    fi
}

build() {
    local log
    log="$(mktemp)"
    if ! dotnet build "$root/bench/$1" -c Release -v q --nologo "${@:2}" >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        exit 3
    fi
    rm -f "$log"
}

commit() {
    local name
    name="$(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo unknown)"
    if [ -n "$(git -C "$root" status --porcelain -- src bench 2>/dev/null)" ]; then
        name="$name with changes"
    fi
    echo "$name"
}

# The runtime's defaults, whatever the caller's shell says.
unset "${!DOTNET_Tiered@}" "${!DOTNET_TC@}" "${!DOTNET_gc@}" "${!DOTNET_GC@}" DOTNET_ReadyToRun DOTNET_OSR_HitLimit 2>/dev/null || true

results="$root/bench/results"
properties=()
arguments=()
command="./bench.sh"   # as it is written into the results: without where this machine keeps an assembly
while [ $# -gt 0 ]; do
    case "$1" in
    -h | --help)
        usage
        exit 0
        ;;
    --smoke)
        results="$root/artifacts/bench"
        arguments+=("$1")
        command+=" $1"
        ;;
    --bitfaster)
        if [ ! -f "${2:-}" ]; then
            echo "--bitfaster needs the path of BitFaster.Caching.dll, not '${2:-}'" >&2
            exit 2
        fi
        properties+=("-p:BitFasterAssembly=$(realpath "$2")")
        command+=" --bitfaster $(basename "$2")"
        shift
        ;;
    *)
        arguments+=("$1")
        command+=" $1"
        ;;
    esac
    shift
done
set -- "${arguments[@]}"

if [ "${1:-}" = setup ]; then
    setup
    exit 0
fi

if [ "${1:-}" = own ]; then
    shift
    build Larder.Benchmarks
    exec dotnet "$root/bench/Larder.Benchmarks/bin/Release/net10.0/Larder.Benchmarks.dll" \
        --filter "${1:-*}" --artifacts "$root/artifacts/benchmarks"
fi

# The list of what the program needs is not written anew when only a given peer has come or gone.
rm -f "$root/bench/Larder.Comparisons/bin/Release/net10.0/Larder.Comparisons.deps.json"
build Larder.Comparisons "${properties[@]}"
comparisons=(dotnet "$root/bench/Larder.Comparisons/bin/Release/net10.0/Larder.Comparisons.dll")
if [ "${1:-}" = hitrate ]; then
    exec "${comparisons[@]}" hitrate --traces "$root/bench/traces" "${@:2}"
fi

exec "${comparisons[@]}" --commit "$(commit)" --command "$command" --results "$results" "$@"
