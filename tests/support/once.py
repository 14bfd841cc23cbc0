"""What takes long to make and is the same for every test: made once a run, whichever of its processes asks first.

It is for folders that nobody changes: who wants to change something takes a copy.
"""

import fcntl
import shutil
from collections.abc import Callable
from pathlib import Path

_OF_A_PROCESS = "popen-"  # xdist's own name for the folder of one of its processes


def once_a_run(inside: Path, name: str, make: Callable[[Path], None]) -> Path:
    """Return a folder that has been made once in this run; whoever asks while another process makes it, waits.

    Args:
        inside: any folder that pytest has made for this run by `mktemp`.
        name: what is made, as a file's name.
        make: fills an empty folder.

    Returns:
        The folder, to be read and copied only.
    """
    run = inside.parent
    if run.name.startswith(_OF_A_PROCESS):
        run = run.parent
    made, making = run / f"once-{name}", run / f"once-{name}-begun"
    with (run / f"once-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.is_dir():
            shutil.rmtree(making, ignore_errors=True)  # of a process that was ended half-way
            making.mkdir()
            make(making)
            making.rename(made)
    return made
