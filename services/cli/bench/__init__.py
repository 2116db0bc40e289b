"""`swarm bench`: how fast the swarm is on this machine, beside what the same server can do at most."""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
from rich.console import Console

from services.cli.bench.figures import Place, Sizes
from services.cli.bench.printing import show
from services.cli.bench.report import Report, machine, report
from services.cli.bench.rounds import measure
from services.runtime.loop import runner
from services.runtime.server_process import ThrowAwayServer, probe

DONE = 0
MISSED = 1


def bench(json_out: bool) -> int:
    """Measure, and print what was found: figures and ratios for a person, or one JSON document.

    Returns:
        0 where every ratio that is asked for was met, else 1.

    Raises:
        StoreUnavailable: no server can be started, or the swarm did not do what is measured.
    """
    console = Console(stderr=True)
    with console.status("starting a server") as status:

        def told(number: int) -> None:
            status.update(f"round {number} of {sizes.rounds}")

        sizes = Sizes()
        found = measured(sizes, told if console.is_terminal and not json_out else lambda _: None)
    if json_out:
        sys.stdout.write(msgspec.json.encode(found, order="sorted").decode() + "\n")
    else:
        show(found, Console())
    return DONE if found.ratios and all(found.met.values()) else MISSED


def measured(sizes: Sizes, told: Callable[[int], None]) -> Report:
    """Everything, against one server of its own that is gone afterwards."""
    load_before, began = os.getloadavg()[0], time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="swarm-bench-") as folder:
        home = Path(folder)
        with ThrowAwayServer(home) as server, runner() as loop:
            said = probe(server.socket)
            gathered = loop.run(measure(Place(server.url, home / "home", sizes), told))
            kind = type(loop.get_loop()).__module__.partition(".")[0]
    name = f"{said.get('server_name', 'redis')} {said.get('valkey_version', said.get('redis_version', '?'))}"
    return report(gathered.figures(), machine(name, kind, load_before), sizes, time.perf_counter() - began)
