#!/usr/bin/env bash
# The whole suite, cheapest first, so that a slip shows in seconds.
set -euo pipefail
bin=.venv/bin
echo "Checking style, imports and types ..."
$bin/ruff check .
$bin/ruff format --check --quiet .
$bin/lint-imports
$bin/mypy
echo "Running the tests on SQLite and PostgreSQL, and in Chromium ..."
exec $bin/pytest -n 2 --dist loadgroup -m "not faults" --cov --cov-report=term --cov-fail-under=95 "$@"
