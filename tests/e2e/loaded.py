"""A process that has loaded the command line and waits: each command is a fork of it, so loading is paid for once."""

import gc
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from pkgutil import walk_packages
from select import select
from tempfile import TemporaryFile
from typing import IO

from services import cli

MESSAGE_BYTES_MAX = 190_000
"""What the system takes in one piece."""


class Loaded:
    """The far end: it runs one command at a time and ends with us.

    Args:
        root: where the sources are.
        environment: of the far end itself; each command brings its own.
    """

    def __init__(self, root: Path, environment: Mapping[str, str]) -> None:
        self._near, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with far:
            serves = f"from tests.e2e.loaded import serve; serve({far.fileno()})"
            self._process = subprocess.Popen(
                [sys.executable, "-c", serves],
                cwd=root,
                env=environment,
                stdin=subprocess.DEVNULL,
                pass_fds=(far.fileno(),),
            )

    def run(
        self, arguments: Sequence[str], *, cwd: Path, env: Mapping[str, str], stdin: str, timeout_s: float
    ) -> tuple[int, str, str]:
        """The exit code of a command and what it printed on its two streams.

        Raises:
            subprocess.TimeoutExpired: it was ended, for it did not end by itself.
        """
        with TemporaryFile() as given, TemporaryFile() as out, TemporaryFile() as err:
            given.write(stdin.encode())
            given.seek(0)
            asked = json.dumps([list(arguments), str(cwd), dict(env)]).encode()
            socket.send_fds(self._near, [asked], [given.fileno(), out.fileno(), err.fileno()])
            process = int(self._near.recv(32))
            ended, _, _ = select([self._near], [], [], timeout_s)
            if not ended:
                os.kill(process, signal.SIGKILL)
            code = int(self._near.recv(32))
            if not ended:
                raise subprocess.TimeoutExpired([*arguments], timeout_s, _told(out), _told(err))
            return code, _told(out), _told(err)


def _told(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode().replace("\r\n", "\n")


def serve(descriptor: int) -> None:
    """Be the far end of `Loaded`."""
    for module in walk_packages(cli.__path__, "services.cli."):
        if ".bench" not in module.name:
            import_module(module.name)
    gc.freeze()  # What is never looked at again is never copied.
    far = socket.socket(fileno=descriptor)
    while True:
        asked, streams, _, _ = socket.recv_fds(far, MESSAGE_BYTES_MAX, 3)
        if not asked:
            return
        command = get_context("fork").Process(target=_one, args=(far, streams, *json.loads(asked)))
        command.start()
        for stream in streams:
            os.close(stream)
        far.send(str(command.pid).encode())
        command.join()
        far.send(str(command.exitcode).encode())


def _one(
    far: socket.socket, streams: Sequence[int], arguments: list[str], cwd: str, environment: dict[str, str]
) -> None:
    """What the fork does: stand where the command is typed, and run it."""
    far.close()
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - It ends with the process.
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(cwd)
    sys.argv[1:] = arguments
    try:
        cli.main()
    finally:
        gc.collect()  # Whatever complains when it is dropped does so now.
