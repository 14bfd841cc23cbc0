"""Every measured claim, one after another: `make bench`."""

import subprocess
import sys

_CLAIMS = (
    "bench.in_process",
    "bench.submissions",
    "bench.concurrency",
    "bench.wire",
    "bench.learning",
    "tests.quality.held_out",
)


def main() -> None:
    """Run each measurement in a process of its own, so that none warms up another's."""
    for name in _CLAIMS:
        print(f"\n== python -m {name}", flush=True)
        subprocess.run([sys.executable, "-m", name], check=True)  # noqa: S603 - our own interpreter and our own modules


if __name__ == "__main__":
    main()
