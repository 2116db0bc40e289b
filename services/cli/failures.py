"""What a failure looks like: one line with the remedy, one exit code by class, never a traceback."""

import os
import sys

import msgspec

from contracts.errors import (
    BadInput,
    Conflict,
    DecisionRefused,
    Forbidden,
    Misdirected,
    NotFound,
    ProviderRefused,
    ProviderUnavailable,
    StoreUnavailable,
    SwarmError,
    Unauthenticated,
)

DONE, FOUND, USAGE, REFUSED, CONFLICT, AWAY = range(6)
UNEXPECTED = 70
INTERRUPTED = 130
TERMINATED = 143

CODES: tuple[tuple[type[SwarmError], int], ...] = (
    (BadInput, USAGE),
    (NotFound, USAGE),
    (Misdirected, USAGE),
    (Conflict, CONFLICT),
    (DecisionRefused, REFUSED),
    (Forbidden, REFUSED),
    (Unauthenticated, REFUSED),
    (ProviderRefused, REFUSED),
    (StoreUnavailable, AWAY),
    (ProviderUnavailable, AWAY),
)


class Usage(BadInput):
    """The command line itself cannot be read."""

    slug = "usage"


class Unexpected(SwarmError):
    """Something that nobody thought of."""

    slug = "unexpected"


def exit_code(error: SwarmError) -> int:
    """By class: 2 bad input, 3 refused, 4 conflict, 5 store away, 70 a fault of the program, else 1."""
    if isinstance(error, Unexpected):
        return UNEXPECTED
    return next((code for kind, code in CODES if isinstance(error, kind)), FOUND)


def named(error: Exception) -> SwarmError:
    """Our name for whatever was raised."""
    if isinstance(error, SwarmError):
        return error
    return Unexpected(
        f"The program failed with {type(error).__name__}; nothing that was acknowledged is lost.",
        "Run it again with SWARM_DEBUG=1 and report what it prints to whoever keeps this swarm.",
    )


def tell(error: SwarmError, *, json: bool) -> int:
    """Print a failure: one line on stderr, and for a program one document on stdout; returns the exit code."""
    from services.cli.words import line

    if json:
        told = {"slug": error.slug, "detail": error.detail, "remedy": error.remedy, "values": error.values}
        sys.stdout.write(msgspec.json.encode({"error": told}).decode() + "\n")
    sys.stderr.write(f"error: {line(error.sentence())}\n")
    return exit_code(error)


def debugging() -> bool:
    """Whether tracebacks are wanted."""
    return os.environ.get("SWARM_DEBUG", "") not in {"", "0"}
