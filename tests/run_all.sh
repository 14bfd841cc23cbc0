#!/usr/bin/env bash
# The whole suite, cheapest first, so that a slip shows in seconds. It says how long each part took.
set -euo pipefail
bin=.venv/bin
# Many tests start the program anew: let Python keep what it has compiled, wherever it is told not to.
unset PYTHONDONTWRITEBYTECODE
part() {
  echo "$1 ..."
  local begun=$SECONDS
  shift
  "$@"
  echo "That took $(((SECONDS - begun) / 60)) min $(((SECONDS - begun) % 60)) s."
}
style() {
  $bin/ruff check .
  $bin/ruff format --check --quiet .
  $bin/lint-imports
  $bin/mypy
}
part "Checking style, imports and types" style
# Without measuring coverage, which takes as long again: `make coverage` does that, and has a bar of its own.
part "Running the tests on SQLite and PostgreSQL" \
  $bin/pytest -n 2 --dist worksteal tests/unit tests/web tests/migrations --quiet
part "Breaking things, the quick part (make faults does it all)" \
  $bin/pytest -n 2 tests/faults --quiet -k "\
  (test_row_f6 and sqlite and fifty) or (test_d2_silence_within and connection-silent) or test_d2_a_file_that_another \
  or (test_row_f5_d1 and refuse) or test_row_s10_bandit_finds_nothing or test_row_s10_no_secret or planted_secret"
part "Walking through the site in Chromium" $bin/pytest -n 2 --dist worksteal tests/e2e --quiet
echo "All of it took $((SECONDS / 60)) min $((SECONDS % 60)) s."
