#!/usr/bin/env bash
# The whole suite, cheapest first, so that a slip shows in seconds.
set -euo pipefail
bin=.venv/bin
# Many tests start the program anew: let Python keep what it has compiled, wherever it is told not to.
unset PYTHONDONTWRITEBYTECODE
echo "Checking style, imports and types ..."
$bin/ruff check .
$bin/ruff format --check --quiet .
$bin/lint-imports
$bin/mypy
echo "Running the tests on SQLite and PostgreSQL ..."
# Without measuring coverage, which takes as long again: `make coverage` does that, and has a bar of its own.
$bin/pytest -n 2 --dist worksteal tests/unit tests/web tests/migrations --quiet
echo "Breaking things, the quick part (make faults does it all) ..."
$bin/pytest -n 2 tests/faults --quiet -k "\
  (test_row_f6 and sqlite and fifty) or (test_d2_silence_within and connection-silent) or test_d2_a_file_that_another \
  or (test_row_f5_d1 and refuse) or test_row_s10_bandit_finds_nothing or test_row_s10_no_secret or planted_secret"
echo "Walking through the site in Chromium ..."
exec $bin/pytest -n 2 tests/e2e --quiet
