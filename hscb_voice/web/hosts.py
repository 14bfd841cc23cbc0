"""Refuses requests for a host that this site does not have.

A page builds addresses, and a browser keeps cookies, by the host that was asked. Whoever gets a request through with a
host of their own could have links and caches point there. The two health doors answer any host: those who watch the
machines ask them by number, and they say nothing that could be misused.
"""

from functools import lru_cache
from urllib.parse import urlsplit

from flask import Flask, abort, request

from hscb_voice.foundation.settings import Settings

_OPEN = {"/healthz", "/readyz"}


def install_known_hosts(app: Flask, settings: Settings) -> None:
    """Let an application answer for its own hosts only; every other gets 400.

    Args:
        app: the application, with nothing before it yet.
        settings: the site's own address, and other names that it may be asked by.
    """
    known = settings.allowed_hosts

    def check() -> None:
        if request.path not in _OPEN and host_name(request.host) not in known:
            abort(400)

    app.before_request(check)


@lru_cache(maxsize=100)  # asked by every request, and nearly always the same
def host_name(host: str) -> str:
    """Return the name in a Host header.

    Args:
        host: such as `voice.example.gov.uk:8443` or `[::1]:8000`.

    Returns:
        The name without its port, in small letters and without a closing dot; empty when it is none.
    """
    try:
        parts = urlsplit(f"//{host}")
        _port = parts.port  # raises when there is one that is none
    except ValueError:
        return ""
    if parts.path or parts.query or parts.fragment or parts.username is not None:
        return ""
    return (parts.hostname or "").removesuffix(".")
