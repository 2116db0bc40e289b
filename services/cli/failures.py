"""What a failure looks like: one line with the remedy, one exit code by class, never a traceback."""

import os
import sys
import traceback

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
PACKAGES = frozenset({"contracts", "services", "gateway"})

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
        f"The program failed with {_kind(error)}{_place(error)}; nothing that was acknowledged is lost.",
        "Report this line to whoever keeps this swarm; SWARM_DEBUG=1 shows more, if it comes again.",
    )


def _kind(error: Exception) -> str:
    """The type of a failure; where the store answered with it, the word that it begins with, and never what follows."""
    word = str(error).partition(" ")[0]
    refused = type(error).__module__.startswith("redis.") and word.isalpha() and word.isupper()
    return f"{type(error).__name__} ({word})" if refused else type(error).__name__


def _place(error: Exception) -> str:
    """Which line of ours it came from: what happens once in a hundred times is not there to be looked at again."""
    came = [(frame.f_globals.get("__name__", ""), line) for frame, line in traceback.walk_tb(error.__traceback__)]
    ours = [f" in {name}, line {line}" for name, line in came if name.partition(".")[0] in PACKAGES]
    return ours[-1] if ours else ""


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
