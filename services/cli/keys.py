"""Single keys and lines from a terminal, awaited, so that the services of this process go on meanwhile."""

import asyncio
import os
import sys
import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager

READ_BYTES = 4_096
LOCAL_FLAGS = 3
"""The place of the local modes among what `tcgetattr` gives."""


@contextmanager
def single_keys() -> Iterator[None]:
    """Keys come at once and are not echoed; Ctrl-C still interrupts, and what was typed ahead is kept."""
    with _as_it_was():
        tty.setcbreak(sys.stdin.fileno(), termios.TCSADRAIN)
        yield


@contextmanager
def whole_lines() -> Iterator[None]:
    """Inside `single_keys`: the terminal as other programs expect it."""
    with _as_it_was():
        mode = termios.tcgetattr(sys.stdin.fileno())
        mode[LOCAL_FLAGS] |= termios.ICANON | termios.ECHO
        termios.tcsetattr(sys.stdin.fileno(), termios.TCSADRAIN, mode)
        yield


async def key() -> str:
    """The next key; empty where the terminal was closed."""
    return (await _read(1)).decode(errors="replace")


async def line(question: str) -> str:
    """A line of text; empty where the person gave none, or the input ended."""
    with whole_lines():
        sys.stdout.write(question)
        sys.stdout.flush()
        given = await _read(READ_BYTES)
        if not given.endswith(b"\n"):
            sys.stdout.write("\n")
        return given.decode(errors="replace").strip()


async def hidden(question: str) -> str:
    """A line that is not shown while it is typed; the question is no part of what is printed."""
    with _as_it_was():
        mode = termios.tcgetattr(sys.stdin.fileno())
        mode[LOCAL_FLAGS] = (mode[LOCAL_FLAGS] | termios.ICANON) & ~termios.ECHO
        termios.tcsetattr(sys.stdin.fileno(), termios.TCSAFLUSH, mode)
        sys.stderr.write(question)
        sys.stderr.flush()
        try:
            given = await _read(READ_BYTES)
        finally:
            sys.stderr.write("\n")
        return given.decode(errors="surrogateescape").rstrip("\r\n")


async def _read(most: int) -> bytes:
    descriptor = sys.stdin.fileno()
    loop = asyncio.get_running_loop()
    ready: asyncio.Future[None] = loop.create_future()
    loop.add_reader(descriptor, lambda: None if ready.done() else ready.set_result(None))
    try:
        await ready
    finally:
        loop.remove_reader(descriptor)
    return os.read(descriptor, most)


@contextmanager
def _as_it_was() -> Iterator[None]:
    before = termios.tcgetattr(sys.stdin.fileno())
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin.fileno(), termios.TCSADRAIN, before)
