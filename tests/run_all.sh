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
echo "Breaking things, the quick part (make faults does it all) ..."
$bin/pytest -n 2 tests/faults --quiet -k "\
  (test_row_f6 and sqlite and fifty) or (test_d2_silence_within and connection-silent) or test_d2_a_file_that_another \
  or (test_row_f5_d1 and refuse) or test_row_s10_bandit_finds_nothing or test_row_s10_no_secret or planted_secret"
echo "Walking through the site in Chromium ..."
# Apart from the others: measuring coverage would slow the browser's patience, and adds no line that they leave out.
exec $bin/pytest -n 2 tests/e2e --quiet
