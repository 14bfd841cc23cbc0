"""Commands for whoever runs an installation: look it over, and answer Prometheus."""

import json
import os
import signal
import sys
import threading
from types import FrameType

import click
from prometheus_client import generate_latest, start_http_server

from hscb_voice.foundation.logs import set_up_logs
from hscb_voice.foundation.platform import PlatformDoor
from hscb_voice.operations.checking import look_over
from hscb_voice.operations.findings import is_well, lines_of
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


@click.command("check")
@click.option("--send-to", default="", help="Send a letter to this address, to try the mail.")
@click.option("--inside", is_flag=True, help="Ask neither the mail server nor the site's public address.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings for a program.")
@click.pass_obj
def check_command(door: PlatformDoor, *, send_to: str, inside: bool, as_json: bool) -> int:
    """Look this installation over, and say in plain words what to mend.

    Run it as the user of the services, with their settings. It changes nothing and opens no answer.
    Exit code 1 when something must be mended.
    """
    findings = look_over(door, os.environ, send_to=send_to, inside=inside)
    if as_json:
        told = {"well": is_well(findings), "findings": [vars(finding) for finding in findings]}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(lines_of(findings)))
    return 0 if is_well(findings) else 1
