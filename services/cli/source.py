"""What a run is to work through: a file that is read, or a source that invents; and the command that asks for it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from contracts.commands import RequestRun
from contracts.envelope import Actor
from contracts.errors import BadInput
from contracts.lead import Mode, RunTerms
from contracts.run import NONE, FileRef
from services.cli.given import SAMPLE_LEADS
from services.reading.chunks import chunks
from services.reading.file import read_file
from services.reading.sheet import FILE_BYTES_MAX, Sheet
from services.runs.decide import FILE, MODES, SYNTHETIC_LIMIT_DEFAULT, decide


@dataclass(frozen=True)
class Wish:
    """What the person typed."""

    mode: str
    source: str
    input: Path | None
    mapping: Sequence[str]
    limit: int | None
    segment: str
    draft: str
    synthetic: bool
    seed: int


@dataclass(frozen=True)
class Source:
    """What there is to work through. `content` is the file as it came, empty for an invented source.

    Args:
        synthetic: invented, marked by `--synthetic`, or the shipped sample, which is known by its content.
        sample: it is the shipped sample.
    """

    name: str
    synthetic: bool
    sample: bool = False
    sheet: Sheet | None = None
    content: bytes = b""


def read_source(wish: Wish) -> Source:
    """Read the file, or name the source that invents.

    Raises:
        BadInput: both or neither are given, or the file cannot be read or used; the message says how to mend it.
    """
    if wish.input is not None and wish.source:
        raise BadInput("--input and --source are both given.", "Name one of them.", field="source")
    if wish.input is None:
        if wish.mapping:
            raise BadInput("--map speaks of a file's columns, and no file is given.", "Add --input FILE.", field="map")
        return Source(wish.source or "default", synthetic=True)
    content = _content(wish.input)
    sheet = read_file(wish.input.name, content, mapping=_mapping(wish.mapping))
    sample = sheet.sha256 == hashlib.sha256(SAMPLE_LEADS.read_bytes()).hexdigest()
    return Source(FILE, synthetic=wish.synthetic or sample, sample=sample, sheet=sheet, content=content)


def request_of(wish: Wish, source: Source, run_id: str, actor: Actor, now: datetime) -> tuple[RequestRun, list[bytes]]:
    """The command, and the chunks to store before it is given.

    Raises:
        BadInput, DecisionRefused: it would be refused whatever the log holds.
    """
    if wish.mode not in MODES:
        raise BadInput(f"There is no mode {wish.mode!r}.", f"Use one of {', '.join(MODES)}.", field="mode")
    mode: Mode = msgspec.convert(wish.mode, Mode)
    pieces = chunks(source.sheet) if source.sheet else []
    drafts = tuple(part.strip() for part in wish.draft.split(",") if part.strip())
    limit = wish.limit
    if limit is None and source.sheet is None:
        limit = SYNTHETIC_LIMIT_DEFAULT
    command = RequestRun(
        run_id=run_id,
        terms=RunTerms(run_id=run_id, mode=mode, draft=drafts, segment=wish.segment),
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
    )


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > FILE_BYTES_MAX:
            raise BadInput(f"{path} is larger than {FILE_BYTES_MAX:,} bytes.", "Split it into several files.")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise BadInput(f"There is no file {path}.", "Check the path after --input.", field="input") from error
    except IsADirectoryError as error:
        raise BadInput(f"{path} is a folder.", "Name a file in it.", field="input") from error
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.", "Check its rights.", field="input") from error


def _mapping(pairs: Sequence[str]) -> dict[str, str]:
    mapping: dict[str, str] = {}
    for pair in pairs:
        field, sign, column = pair.partition("=")
        if not sign or not field.strip() or not column.strip():
            raise BadInput(f"--map {pair} is not field=Column.", 'Write it as --map email="Work Mail".', field="map")
        mapping[field.strip()] = column.strip()
    return mapping
