"""What a run is to work through, and the command that asks for it: one way for the console and the gateway.

Nothing here reads a file or a clock; whoever asks brings what was read, and the time.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import msgspec

from contracts.commands import RequestRun
from contracts.envelope import Actor
from contracts.errors import BadInput
from contracts.lead import Mode, RunTerms
from contracts.run import NONE, FileRef
from services.reading.chunks import chunks
from services.reading.sheet import Sheet
from services.runs.decide import FILE, MODES, SYNTHETIC_LIMIT_DEFAULT, decide


@dataclass(frozen=True)
class Source:
    """What there is to work through.

    Args:
        synthetic: invented, marked by whoever brings it, or the shipped sample, which is known by its content.
        sample: it is the shipped sample.
        sheet: the file that was read; None for a source that invents.
        as_of: when the file was made.
    """

    name: str
    synthetic: bool
    sample: bool = False
    sheet: Sheet | None = None
    as_of: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class RunWish:
    """How somebody wants a source worked through, as they said it; `limit` None where they named no number."""

    mode: str
    limit: int | None = None
    segment: str = ""
    draft: tuple[str, ...] = ()
    seed: int = 0
    campaign: str = ""


def inventing(name: str) -> Source:
    """A source that invents people; `request_of` refuses a name that nobody knows."""
    return Source(name, synthetic=True)


def from_file(sheet: Sheet, *, marked: bool, samples: Collection[str], as_of: datetime | None = None) -> Source:
    """A file as a source.

    Args:
        marked: whoever brings it says that it holds invented people.
        samples: SHA-256 in hex of the files that are known to.
        as_of: when it was made, as far as somebody knows: an older value never takes the place of a newer one.
    """
    sample = sheet.sha256 in samples
    return Source(FILE, synthetic=marked or sample, sample=sample, sheet=sheet, as_of=as_of)


def request_of(
    wish: RunWish, source: Source, run_id: str, actor: Actor, now: datetime
) -> tuple[RequestRun, list[bytes]]:
    """The command, and the chunks to store before it is given.

    Raises:
        BadInput, DecisionRefused: it would be refused whatever the log holds.
    """
    if wish.mode not in MODES:
        raise BadInput(f"There is no mode {wish.mode!r}.", f"Use one of {', '.join(MODES)}.", field="mode")
    mode: Mode = msgspec.convert(wish.mode, Mode)
    pieces = chunks(source.sheet) if source.sheet else []
    limit = wish.limit
    if limit is None and source.sheet is None:
        limit = SYNTHETIC_LIMIT_DEFAULT
    command = RequestRun(
        run_id=run_id,
        terms=RunTerms(run_id=run_id, mode=mode, draft=wish.draft, segment=wish.segment, campaign=wish.campaign),
        source=source.name,
        file=_file_ref(source, len(pieces)),
        limit=limit,
        seed=wish.seed,
    )
    decide(NONE, _as_if_real(command), actor=actor, now=now)
    return command, pieces


def _as_if_real(command: RequestRun) -> RequestRun:
    """A dry run is judged as the run that it tries out: invented leads as a sandbox run, a file as a production run."""
    if command.terms.mode != "dry_run":
        return command
    mode: Mode = "production" if command.file else "sandbox"
    replace = msgspec.structs.replace
    file = replace(command.file, synthetic=False) if command.file else None
    return replace(command, terms=replace(command.terms, mode=mode), file=file)


def _file_ref(source: Source, pieces: int) -> FileRef | None:
    sheet = source.sheet
    if sheet is None:
        return None
    return FileRef(
        sha256=sheet.sha256,
        name=sheet.name,
        rows=len(sheet.rows),
        chunks=pieces,
        mapping=sheet.mapping,
        dialect=sheet.dialect,
        synthetic=source.synthetic,
        as_of=source.as_of,
    )
