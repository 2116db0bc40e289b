"""A made file on its way into a swarm: stored by content, its run requested, and what has to become of it."""

from collections.abc import Iterator
from itertools import pairwise

from contracts.commands import RequestRun
from contracts.envelope import Actor
from contracts.lead import RunTerms
from contracts.run import FileRef
from services.cli.bootstrap import Swarm
from services.reading.chunks import chunks
from services.reading.file import read_file
from services.runtime.execute import command_id
from tests.samples.make_leads import MadeFile, make_with_key

WAVES_MAX = 6
PERSON = Actor(kind="person", id="sam@local")


def waves(rows: int, more: int, seed: int, dirty_share: float) -> Iterator[MadeFile]:
    """One file in pieces: so many rows, and then so many more as often as asked; nobody is in it twice unless dirty."""
    made = make_with_key(rows + WAVES_MAX * more, seed, dirty_share)
    header, *lines = made.content.splitlines(keepends=True)
    ends = [0, *range(rows, len(lines) + 1, more)]
    for begin, end in pairwise(ends):
        yield MadeFile(header + b"".join(lines[begin:end]), made.key[begin:end])


async def request(swarm: Swarm, made: MadeFile, run_id: str) -> None:
    """Store the file and ask for a run over all of it, as test data: its drafts wait for a person."""
    sheet = read_file("made.csv", made.content)
    stored = chunks(sheet)
    await swarm.files.put(sheet.sha256, run_id, stored)
    command = RequestRun(
        run_id=run_id,
        terms=RunTerms(run_id=run_id, mode="staging"),
        source="file",
        file=FileRef(
            sha256=sheet.sha256,
            name=sheet.name,
            rows=len(sheet.rows),
            chunks=len(stored),
            mapping=sheet.mapping,
            dialect=sheet.encoding,
            synthetic=True,
        ),
    )
    await swarm.runs().command(command, PERSON, command_id(PERSON, f"run:{run_id}"))
