#!/usr/bin/env bash
# The whole suite, cheapest first, so that a slip shows in seconds.
set -euo pipefail
bin=.venv/bin
echo "Checking style, imports and types ..."
$bin/ruff check .
$bin/ruff format --check --quiet .
$bin/lint-imports
$bin/mypy
echo "Running the tests on SQLite and PostgreSQL ..."
$bin/pytest -n 2 tests/unit tests/web tests/migrations --cov --cov-report=term --cov-fail-under=95 --quiet
echo "Walking through the site in Chromium ..."
# Apart from the others: measuring coverage would slow the browser's patience, and adds no line that they leave out.
exec $bin/pytest -n 2 tests/e2e --quiet
