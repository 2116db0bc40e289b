"""What the person typed, and what it speaks of: a file that is read, or a source that invents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from contracts.errors import BadInput
from services.cli.given import samples
from services.commands.sources import RunWish, Source, from_file, inventing
from services.reading.file import read_file
from services.reading.sheet import FILE_BYTES_MAX
from services.runtime.mapping_store import KeptMapping


@dataclass(frozen=True)
class Wish:
    """What the person typed; `kept` is the mapping of before that they named."""

    mode: str
    source: str
    input: Path | None
    mapping: Sequence[str]
    limit: int | None
    segment: str
    draft: str
    synthetic: bool
    seed: int
    campaign: str = ""
    kept: KeptMapping | None = None
    as_of: str = ""

    def for_run(self) -> RunWish:
        """How they want the source worked through."""
        drafts = tuple(part.strip() for part in self.draft.split(",") if part.strip())
        return RunWish(
            mode=self.mode,
            limit=self.limit,
            segment=self.segment,
            draft=drafts,
            seed=self.seed,
            campaign=self.campaign,
        )

    def made_at(self, path: Path, now: datetime) -> datetime:
        """When the file was made: as they say, else when it was last written; never later than now.

        Raises:
            BadInput: what they say is no time.
        """
        if not self.as_of:
            return min(datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(microsecond=0), now)
        try:
            said = now if self.as_of == "now" else datetime.fromisoformat(self.as_of)
        except ValueError as error:
            raise BadInput(
                f"--as-of {self.as_of} is no time.", "Write it as 2026-03-02, or now.", field="as_of"
            ) from error
        return min(said if said.tzinfo else said.replace(tzinfo=UTC), now)

    def columns(self) -> dict[str, str]:
        """By field the column that it is to be taken from; what is said now goes before what was kept.

        Raises:
            BadInput: one is not written as field=Column.
        """
        return (self.kept.mapping if self.kept else {}) | self.said()

    def said(self) -> dict[str, str]:
        """What is said now.

        Raises:
            BadInput: one is not written as field=Column.
        """
        mapping: dict[str, str] = {}
        for pair in self.mapping:
            field, sign, column = pair.partition("=")
            if not sign or not field.strip() or not column.strip():
                raise BadInput(
                    f"--map {pair} is not field=Column.", 'Write it as --map email="Work Mail".', field="map"
                )
            mapping[field.strip()] = column.strip()
        return mapping


def read_source(wish: Wish, now: datetime) -> tuple[Source, bytes]:
    """Read the file, or name the source that invents.

    Returns:
        The source, and the file as it came, empty for an invented one.

    Raises:
        BadInput: both or neither are given, or the file cannot be read or used; the message says how to mend it.
    """
    if wish.input is not None and wish.source:
        raise BadInput("--input and --source are both given.", "Name one of them.", field="source")
    if wish.input is None:
        if wish.mapping or wish.kept or wish.as_of:
            option = "--map" if wish.mapping else "--map-name" if wish.kept else "--as-of"
            raise BadInput(f"{option} speaks of a file, and no file is given.", "Add --input FILE.", field="map")
        return inventing(wish.source or "default"), b""
    content = _content(wish.input)
    # A dry run shows also a file of which no row can be a lead: that is when it is looked at most.
    sheet = read_file(wish.input.name, content, mapping=wish.columns(), unmapped=wish.mode == "dry_run")
    as_of = wish.made_at(wish.input, now)
    return from_file(sheet, marked=wish.synthetic, samples=samples(), as_of=as_of), content


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
