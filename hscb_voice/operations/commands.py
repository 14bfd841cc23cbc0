"""Commands for whoever runs an installation: answer Prometheus."""

import signal
import sys
import threading
from types import FrameType

import click
from prometheus_client import generate_latest, start_http_server

from hscb_voice.foundation.logs import set_up_logs
from hscb_voice.foundation.platform import PlatformDoor
from hscb_voice.operations.metrics import registry_of

_LOOPBACK = "127.0.0.1"


@click.command("metrics")
@click.option("--once", is_flag=True, help="Print them, then stop.")
@click.pass_obj
def metrics_command(door: PlatformDoor, *, once: bool) -> None:
    """Answer Prometheus on VOICE_METRICS_PORT of 127.0.0.1: requests, work, letters and concerns as totals."""
    platform = door.open()
    registry = registry_of(platform)
    if once:
        click.echo(generate_latest(registry).decode(), nl=False)
        return
    port = platform.settings.metrics_port
    if not port:
        message = "VOICE_METRICS_PORT is not set, so nothing is measured. Set it to a free port, such as 9108."
        raise click.ClickException(message)
    set_up_logs(platform.settings.logs, sys.stdout)
    stop = threading.Event()

    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    server, _thread = start_http_server(port, _LOOPBACK, registry)
    stop.wait()
    server.shutdown()
