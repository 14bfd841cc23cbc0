"""Logs: one line an event, with no person's words, name or address in them.

What our own code says is said with structlog and known to be safe. What a library says may repeat what somebody sent
(an address, a path, a faulty value), and so may a fault's own words: of a library's event only its template and
numbers are kept, of a fault only its kind and the places in the code. Nothing here may write a fault's message.
"""

import logging
import sys
from collections.abc import MutableMapping
from pathlib import Path
from traceback import walk_tb
from types import TracebackType
from typing import Any, TextIO, cast

import structlog

Event = MutableMapping[str, Any]
_PLACES = 12  # the innermost places of a fault; further out is only the server
_LEFT_OUT = "…"


class LibraryHandler(logging.Handler):
    """Turns what libraries log into events of ours, without anything that they were given."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one event.

        Args:
            record: what a library said.
        """
        try:
            _write(record)
        except Exception:  # noqa: BLE001 - a log that cannot be written must never stop a reply
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the standard library's own name
        """Say nothing more: the usual way would print the record itself.

        Args:
            record: what could not be written.
        """


class _StandardError:
    """Standard error as it is when something is written: it may be another by then, or the old one closed."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


def set_up_logs(form: str = "lines", to: TextIO | None = None) -> None:
    """Send structured events, ours and the libraries', to one place.

    Args:
        form: `json` or `lines`.
        to: where; standard error when left out, so that commands' own output stays clean.
    """
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"])
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _fault_without_words,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(file=to or cast("TextIO", _StandardError())),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers = [h for h in root.handlers if not _writes_to_terminal(h)]
    if not any(isinstance(handler, LibraryHandler) for handler in root.handlers):
        root.addHandler(LibraryHandler(logging.WARNING))


def faults_of(fault: BaseException | None) -> list[str]:
    """Return the kinds of a fault and of what caused it, outermost first; never their messages.

    Args:
        fault: the fault.
    """
    kinds: list[str] = []
    while fault is not None and len(kinds) < _PLACES:
        kinds.append(type(fault).__name__)
        fault = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
    return kinds


def places_of(trace: TracebackType | None) -> list[str]:
    """Return where in the code a fault passed, innermost last; never a line's text or a value.

    Args:
        trace: the fault's own trace.
    """
    places = [f"{_short(frame.f_code.co_filename)}:{line} {frame.f_code.co_qualname}" for frame, line in walk_tb(trace)]
    return places[-_PLACES:]


def _write(record: logging.LogRecord) -> None:
    event: dict[str, Any] = {"library": record.name, "place": f"{_short(record.pathname)}:{record.lineno}"}
    if record.exc_info and record.exc_info[1] is not None:
        event["fault"] = faults_of(record.exc_info[1])
        event["places"] = places_of(record.exc_info[2])
    structlog.get_logger().log(max(record.levelno, logging.WARNING), _said(record), **event)


def _said(record: logging.LogRecord) -> str:
    """Return a library's template with its numbers. A text put together before is left out: it may be anyone's."""
    if not record.args or not isinstance(record.args, tuple) or not isinstance(record.msg, str):
        return f"{record.funcName} said something"
    kept = tuple(each if isinstance(each, (int, float)) else _LEFT_OUT for each in record.args)
    try:
        return record.msg % kept
    except (TypeError, ValueError):
        return record.msg


def _fault_without_words(_logger: object, _method: str, event: Event) -> Event:
    """Keep of a fault given to one of our own events what may be kept."""
    given = event.pop("exc_info", None)
    fault = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(fault, BaseException):
        event["fault"], event["places"] = faults_of(fault), places_of(fault.__traceback__)
    return event


def _writes_to_terminal(handler: logging.Handler) -> bool:
    return type(handler) is logging.StreamHandler and handler.stream in {sys.stderr, sys.stdout}


def _short(file: str) -> str:
    return "/".join(Path(file).parts[-2:])
