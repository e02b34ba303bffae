#!/usr/bin/env bash
# Restores what the lock files name and builds everything; warnings are errors. Works from any directory.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

if ! command -v dotnet >/dev/null; then
    echo "build.sh: the .NET 10 SDK is needed, but there is no 'dotnet' on the path." >&2
    exit 3
fi

dotnet restore Larder.slnx --locked-mode --verbosity quiet
dotnet build Larder.slnx --configuration Release --no-restore --verbosity quiet --nologo
