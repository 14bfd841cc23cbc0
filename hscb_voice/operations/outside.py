"""Looks at the site as somebody outside meets it: does its address lead here, by https, through the right proxies?

It asks the site's own public address, and hands a letter to the mail server only when told to whom.
"""

import http.client
import json
import smtplib
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from hscb_voice.foundation.letter_folder import LetterFolder
from hscb_voice.foundation.mail import Letter, LetterSender, MailError
from hscb_voice.foundation.settings import Settings
from hscb_voice.operations.findings import Finding, look, mend, well

_PATIENCE_SECONDS = 5
_LARGEST_REPLY = 100_000
_STRANGER = "unknown-host.invalid"
_OK = 200
_WANTED = ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options")


@dataclass(frozen=True)
class Reply:
    """What the site answered."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


def mail_findings(settings: Settings, sender: LetterSender, send_to: str = "") -> Iterator[Finding]:
    """Yield whether the mail server takes letters.

    Args:
        settings: name the mail server.
        sender: hands letters over.
        send_to: to whom a letter is sent to try it; nobody when left out.

    Yields:
        One finding.
    """
    about = "Mail"
    if send_to:
        text = f"This letter shows that {settings.public_address} can send letters. Nobody needs to do anything."
        try:
            sender.send(Letter(send_to, "HSCB Voice: a letter to try the mail", text))
        except MailError as trouble:
            yield mend(about, str(trouble), "Compare VOICE_MAIL_URL with what your mail team says.")
        else:
            yield well(about, f"The letter to {send_to} was taken. See whether it arrives.")
    elif settings.notify_key:
        remedy = "Try it: “hscb-voice check --send-to your@address”."
        yield look(about, "Letters go through GOV.UK Notify, which can only be tried with a letter.", remedy)
    elif isinstance(sender, LetterFolder):
        yield look(about, f"Letters are put into {sender.folder} and reach nobody.", "A demonstration needs no more.")
    elif sender.is_set_up:
        yield _greeted(settings.mail_url)
    else:
        remedy = "Set VOICE_MAIL_URL or VOICE_NOTIFY_KEY: without letters nobody is called about a concern."
        yield mend(about, "There is no way to send letters.", remedy)


def address_findings(settings: Settings) -> Iterator[Finding]:
    """Yield how the site's own address answers.

    Args:
        settings: name the address.

    Yields:
        Findings.
    """
    about = "Outside"
    try:
        ready = _ask(settings, "/readyz")
    except ssl.SSLError as fault:
        said = f"The certificate of {settings.public_address} is not accepted ({fault.reason or type(fault).__name__})."
        yield mend(about, said, "Renew the certificate, or send the whole chain.")
        return
    except (OSError, http.client.HTTPException) as fault:
        said = f"{settings.public_address} cannot be reached from here ({type(fault).__name__})."
        yield look(about, said, "Try it from another machine; some networks do not let a machine reach itself so.")
        return
    yield from _of_ready(settings, ready)
    yield from _of_headers(settings, ready)
    yield from _of_strangers(settings)
    if "staff" in settings.surfaces:
        yield from _of_cookie(settings)


def _of_ready(settings: Settings, ready: Reply) -> Iterator[Finding]:
    try:
        told = json.loads(ready.body)
        hops = int(told["forwarded"])
    except (ValueError, KeyError, TypeError):
        said = f"{settings.public_address}/readyz answered {ready.status}, but not as this program does."
        yield mend("Outside", said, "See where your web server sends requests.")
        return
    yield well("Outside", f"{settings.public_address} leads here.")
    trusted = settings.trusted_proxies
    if hops == trusted:
        yield well("Proxies", f"{hops} stand between, and so many are trusted.")
    else:
        said = f"Requests come through {hops} web servers of yours, but VOICE_TRUSTED_PROXIES is {trusted}."
        yield mend("Proxies", said, f"Set VOICE_TRUSTED_PROXIES={hops}, if each of these is yours.")


def _of_headers(settings: Settings, reply: Reply) -> Iterator[Finding]:
    wanted = (*_WANTED, "Strict-Transport-Security") if settings.secure else _WANTED
    missing = [name for name in wanted if not reply.headers.get_all(name)]
    twice = [name for name in wanted if len(reply.headers.get_all(name) or ()) > 1]
    if missing:
        said = f"On the way out these headers are lost: {', '.join(missing)}."
        yield mend("Headers", said, "Take what removes them out of your web server's settings.")
    elif twice:
        said = f"These headers come twice: {', '.join(twice)}."
        yield look("Headers", said, "Take them out of your web server's settings: the program sends them.")
    else:
        yield well("Headers", "They arrive as they were sent.")


def _of_strangers(settings: Settings) -> Iterator[Finding]:
    try:
        status = _ask(settings, "/", host=_STRANGER).status
    except (OSError, http.client.HTTPException):
        yield well("Other hosts", "A request for another host is cut off.")
        return
    if status == _OK:
        said = "A request for a host that is not yours is answered with a page."
        yield mend("Other hosts", said, "Have your web server pass the Host header on as it came.")
    else:
        yield well("Other hosts", f"A request for another host is refused ({status}).")


def _of_cookie(settings: Settings) -> Iterator[Finding]:
    cookies = _ask(settings, "/staff/sign-in").headers.get_all("Set-Cookie") or []
    wanted = ("__Host-", "Secure", "HttpOnly", "SameSite=Strict") if settings.secure else ("HttpOnly",)
    bad = [cookie for cookie in cookies if any(word not in cookie for word in wanted)]
    if bad:
        names = ", ".join(cookie.split("=")[0] for cookie in bad)
        yield mend("Cookies", f"They are not marked as they should be: {names}.", "See what your web server changes.")
    elif cookies:
        yield well("Cookies", "They are marked as they should be.")


def _greeted(url: str) -> Finding:
    """Connect to the mail server, greet it and leave; no letter is sent and nobody signs in."""
    parts = urlsplit(url)
    kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    usual = {"smtps": 465, "smtp+starttls": 587}.get(parts.scheme, 25)
    place = f"{parts.hostname}:{parts.port or usual}"
    try:
        with kind(parts.hostname or "", parts.port or usual, timeout=_PATIENCE_SECONDS) as server:
            server.ehlo()
            if parts.scheme == "smtp+starttls":
                server.starttls()
    except (OSError, smtplib.SMTPException) as fault:
        remedy = "See whether it runs, and whether this machine may reach it."
        return mend("Mail", f"The mail server at {place} does not answer ({type(fault).__name__}).", remedy)
    return well("Mail", f"The mail server at {place} answers. No letter was sent.")


def _ask(settings: Settings, path: str, host: str = "") -> Reply:
    parts = urlsplit(settings.public_address)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=_PATIENCE_SECONDS)
    try:
        connection.request("GET", path, headers={"Host": host or parts.netloc})
        answer = connection.getresponse()
        return Reply(answer.status, answer.msg, answer.read(_LARGEST_REPLY))
    except socket.gaierror as fault:
        raise ConnectionError from fault
    finally:
        connection.close()
