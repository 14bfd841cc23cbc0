"""The real nginx with the example of `deploy/`, on loopback ports of its own, before a site of ours."""

import contextlib
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support.engines import free_port

_DEPLOY = Path(__file__).parents[2] / "deploy" / "nginx"
_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
NAME = "localhost"  # in the place of voice.example.gov.uk


@dataclass(frozen=True)
class Nginx:
    """Where it listens."""

    https: int
    http: int
    error_log: Path


def program(name: str) -> str | None:
    """Return where a program of the system lies; None when it is not installed."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")


def example_for(folder: Path, https: int, http: int, site: int) -> Path:
    """Write the example as it stands, with other ports, names and folders.

    Args:
        folder: for the whole configuration, the certificate and the log.
        https: the port in the place of 443.
        http: the port in the place of 80.
        site: the port of the program.

    Returns:
        A configuration that nginx can start with.
    """
    key, chain, proxy = folder / "privkey.pem", folder / "fullchain.pem", folder / "proxy.conf"
    openssl = program("openssl")
    assert openssl
    subprocess.run(  # noqa: S603 - a certificate of our own, for a day
        [
            *(openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", f"/CN={NAME}"),
            *("-addext", f"subjectAltName=DNS:{NAME}", "-keyout", str(key), "-out", str(chain)),
        ],
        check=True,
        capture_output=True,
    )
    proxy.write_text((_DEPLOY / "hscb-voice-proxy.conf").read_text(encoding="utf-8"))
    text = (_DEPLOY / "hscb-voice.conf").read_text(encoding="utf-8")
    for known, own in (
        ("/etc/nginx/hscb-voice-proxy.conf", str(proxy)),
        ("/etc/hscb-voice/tls/fullchain.pem", str(chain)),
        ("/etc/hscb-voice/tls/privkey.pem", str(key)),
        ("/var/log/nginx/hscb-voice.log", str(folder / "error.log")),
        ("listen [::]:443", f"listen [::1]:{https}"),
        ("listen [::]:80;", f"listen [::1]:{http};"),
        ("listen 443", f"listen 127.0.0.1:{https}"),
        ("listen 80;", f"listen 127.0.0.1:{http};"),
        ("voice.example.gov.uk", NAME),
        ("127.0.0.1:8000", f"127.0.0.1:{site}"),
    ):
        assert known in text, known
        text = text.replace(known, own)
    places = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in _TEMPORARY)
    whole = folder / "nginx.conf"
    whole.write_text(f"daemon off;\npid {folder}/pid;\nevents {{}}\nhttp {{\n{places}{text}\n}}\n")
    return whole


@contextlib.contextmanager
def nginx_before(folder: Path, site: int) -> Iterator[Nginx]:
    """Run nginx before a site.

    Args:
        folder: an empty one.
        site: the site's port.

    Yields:
        Where to ask.
    """
    https, http = free_port(), free_port()
    whole = example_for(folder, https, http, site)
    command = [str(program("nginx")), "-p", str(folder), "-c", str(whole), "-e", str(folder / "start.log")]
    with (folder / "said.log").open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said)  # noqa: S603 - a program of this machine
    try:
        _wait_for(https, process, folder / "said.log")
        for kind in _TEMPORARY:  # whatever it would write into a file of its own fails from now on
            shutil.rmtree(folder / kind)
        yield Nginx(https, http, folder / "error.log")
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int, process: subprocess.Popen[bytes], said: Path) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise AssertionError(said.read_text())
