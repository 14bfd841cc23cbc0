"""Logs: one line an event, on standard error, with no person's words, name or address in them."""

import logging
import sys

import structlog


def set_up_logs() -> None:
    """Send structured events to standard error, so that commands' own output stays clean."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
