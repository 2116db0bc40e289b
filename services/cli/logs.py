"""Where log lines go: to stderr, warnings and above; as JSON where nobody looks at them live."""

import logging
import os
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from services.cli.failures import debugging


def configure() -> None:
    """Set structlog up for this process."""
    level = logging.getLevelNamesMapping().get(os.environ.get("SWARM_LOG_LEVEL", "WARNING").upper(), logging.WARNING)
    terminal = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info if debugging() else _name_error,
            structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        # Looked up with each line: a stream that is replaced may be closed.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _name_error(_: Any, __: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The type of what was raised instead of its traceback, which may hold values of people."""
    raised = entry.pop("exc_info", None)
    error = sys.exc_info()[1] if raised is True else raised[1] if isinstance(raised, tuple) else raised
    if isinstance(error, BaseException):
        entry["error"] = type(error).__name__
    return entry
