"""Where a request comes from, as a keyed hash: for counting tries at what can be guessed, and for nothing else."""

import ipaddress

from flask import request

from hscb_voice.web.current import platform


def place_of_request() -> str:
    """Return a keyed hash of where this request comes from, for counting tries; the address itself is kept nowhere.

    Returns:
        64 hexadecimal digits. Addresses of one IPv6 network of 64 bits count as one, because one person has them all.
    """
    told = request.remote_addr or ""
    try:
        address = ipaddress.ip_address(told)
    except ValueError:
        return platform().keys.fingerprint("place of tries", told).hex()
    if address.version == 6:  # noqa: PLR2004 - the version of the internet protocol
        told = str(ipaddress.ip_network((address, 64), strict=False))
    return platform().keys.fingerprint("place of tries", told).hex()
