"""The command `demo`: the whole site with demonstration data, ready to look at, on this machine only."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import click

from hscb_voice.demonstration.loading import load
from hscb_voice.demonstration.people import PASSWORD, add_people, people
from hscb_voice.foundation.platform import Platform, PlatformDoor
from hscb_voice.running import gunicorn_command

_DEFAULT_FOLDER = Path("var/demonstration")
_PATIENCE_SECONDS = 180


@click.command("demo")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port on 127.0.0.1.")
@click.pass_obj
def demo_command(door: PlatformDoor, port: int) -> int:
    """Run the site with demonstration data: the Board's printed answers of 2015-16, and invented ones.

    A folder that exists is gone on with. Stop it with Ctrl+C.
    """
    if door.data_folder is None and not os.environ.get("VOICE_DATA"):
        door.data_folder = _DEFAULT_FOLDER
    os.environ["VOICE_DEMONSTRATION"] = "yes"
    os.environ["VOICE_PUBLIC_ADDRESS"] = f"http://127.0.0.1:{port}"
    letters = Path(door.data_folder or os.environ["VOICE_DATA"]).resolve() / "letters"
    os.environ.setdefault("VOICE_MAIL_URL", letters.as_uri())
    # Being asked to end is the same as Ctrl+C: worker and web servers must end with us.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    platform = door.prepare()
    # People first: a concern that is found while answers are read calls somebody.
    add_people(platform)
    load(platform, click.echo)
    platform.database.dispose()
    return _run(platform, port)


def _run(platform: Platform, port: int) -> int:
    """Start the worker and the web servers, and stay until one of them ends or somebody stops us."""
    environment = {**os.environ, "VOICE_DATA": str(platform.settings.data_folder)}
    commands = ([sys.executable, "-m", "hscb_voice", "worker"], gunicorn_command(f"127.0.0.1:{port}", 2))
    processes = [subprocess.Popen(command, env=environment) for command in commands]  # noqa: S603 - our own interpreter and arguments
    try:
        if not _answers(port, processes[1]):
            raise click.ClickException(why_it_did_not_start(port, has_ended=processes[1].poll() is not None))
        _greet(port, platform.settings.mail_url)
        while all(process.poll() is None for process in processes):
            time.sleep(0.5)
    except KeyboardInterrupt:
        click.echo("\nStopped.")
        return 0
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait()
    message = "A part of the site has stopped by itself; the lines above say why."
    raise click.ClickException(message)


def why_it_did_not_start(port: int, *, has_ended: bool) -> str:
    """Say why there is no site, and what to do: the port is somebody else's, or the machine is merely slow."""
    if has_ended:
        return f"The site did not start on port {port}. Is the port in use? Try another: PORT=8001 make run."
    return (
        f"The site has not answered within {_PATIENCE_SECONDS} seconds. Is the machine busy? Wait a little; try again."
    )


def _answers(port: int, web: subprocess.Popen[bytes]) -> bool:
    end = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < end and web.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as reply:
                return reply.status == 200 and web.poll() is None  # noqa: PLR2004 - HTTP's own number for “all is well”
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    return False


def _greet(port: int, letters: str) -> None:
    address = f"http://127.0.0.1:{port}"
    lines = [
        "",
        f"HSCB Voice is running: {address}",
        f"  Children, parents and professionals start at  {address}/",
        f"  Staff sign in at                              {address}/staff/",
        "",
        f"Demonstration accounts (all with the password {PASSWORD}):",
        *(f"  {person.role_name:<26} {person.email}" for person in people()),
        "",
        f"Letters to them go to {letters}",
        "Ctrl+C stops it. The data are for demonstration: printed answers of 2015-16, and invented ones.",
    ]
    click.echo("\n".join(lines))
