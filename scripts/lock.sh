#!/bin/sh
# Writes the lock files: exact versions with hashes, for every platform, and no registry addresses.
set -e
lock() {
    .venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header "$@"
}
lock $1 pyproject.toml -o requirements/run.txt
lock $1 pyproject.toml --group dev -c requirements/run.txt -o requirements/dev.txt
echo uv | lock - -c requirements/dev.txt --no-annotate -o requirements/bootstrap.txt
printf 'khal\nvdirsyncer\n' | lock $1 - -o requirements/clients.txt --no-annotate
