"""Files that people bring over HTTP: what is in them, what would come of it, and the run that takes one."""

import asyncio
import dataclasses
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from contracts.commands import Receipt, RequestRun
from contracts.envelope import Actor
from contracts.errors import BadInput, DecisionRefused, NotFound, TooLarge
from contracts.lead import Origin, RunTerms
from services.commands.mappings import Mappings, fitting
from services.commands.preview import (
    as_document,
    as_rows,
    came_before,
    counted,
    first_of,
    known_leads,
    refused_of,
    unaddressed,
)
from services.commands.runs import Runs
from services.commands.sources import RunWish, from_file, inventing, request_of
from services.reading.aliases import FIELDS
from services.reading.as_it_came import WHY, returned, why
from services.reading.chunks import Chunk
from services.reading.columns import missing
from services.reading.decide import FILE_BASIS, Item
from services.reading.file import read_file
from services.reading.rows import Matched, Refused, candidates, cleaned, matched
from services.reading.sheet import Doubt, Sheet
from services.runs.decide import FILE
from services.runtime.clock import Clock
from services.runtime.file_store import FileStore
from services.runtime.import_store import Held, ImportStore
from services.runtime.log import EventLog
from services.runtime.mapping_store import KeptMapping

NAME_CHARS_MAX = 200
REFUSALS_SHOWN = 200
SEED_HEX = 7
READ_AT_ONCE = 2
"""Files that one process reads at a time: a large one takes some hundred megabytes while it is read."""


class Near(msgspec.Struct, frozen=True, kw_only=True):
    """A column that nobody recognised, the field that it is probably meant for, and why."""

    column: str
    field: str
    because: str


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """A file that waits, and what would come of its rows if they were taken now.

    Args:
        rows: its data rows.
        columns: each in order, with what is taken from it.
        fields: every field that a column can be mapped to.
        mapping: what a person said about columns; a field with an empty column is taken from none.
        missing: fields of which some more are needed before any row can be a lead.
        near: columns from which nothing is taken yet, whose names or values resemble a field.
        kept: mappings that somebody kept for a header with these columns.
        doubts: columns whose values do not look like the field that is taken from them, each with what mends it.
        sample: the first rows that can be leads; none for who may not see what belongs to a person.
        refused: the first refused rows; `counts` has how many there are.
        older: the rows that have an older value of something than is known, which would not be taken.
        came_before: the run that brought this very file before; empty for none.
        unaddressed: the rows that can be leads and have no e-mail address.
        sample_file: it is the shipped sample, which counts as marked synthetic.
    """

    import_id: str
    name: str
    bytes: int
    rows: int
    encoding: str
    delimiter: str
    format: str
    preset: str
    columns: list[Matched]
    fields: tuple[str, ...]
    mapping: dict[str, str]
    missing: tuple[str, ...]
    near: list[Near]
    kept: list[KeptMapping]
    doubts: tuple[Doubt, ...]
    unaddressed: int
    older: int
    came_before: str
    sample: list[dict[str, object]]
    refused: list[Refused]
    counts: dict[str, int]
    sample_file: bool
    by: str
    expires_at: datetime


@dataclass(frozen=True)
class Imports:
    """Keeps files until a run takes them. They belong to the namespace: whoever may start runs may use any of them.

    Args:
        samples: SHA-256 in hex of files that are known to hold invented people.
        draw: an id that nobody can guess, as hexadecimal digits.
        draw_run: the id of a run that is asked for now.
    """

    log: EventLog
    store: ImportStore
    files: FileStore
    mappings: Mappings
    runs: Runs
    identity_key: bytes
    clock: Clock
    samples: Collection[str]
    bytes_max: int
    waiting_bytes_max: int
    draw: Callable[[], str]
    draw_run: Callable[[datetime], str]
    _reading: asyncio.Semaphore = field(init=False, default_factory=lambda: asyncio.Semaphore(READ_AT_ONCE))

    async def take(
        self, name: str, content: bytes, mapping: Mapping[str, str], actor: Actor, as_of: datetime | None = None
    ) -> Preview:
        """Read a file and keep it for a while; nothing is kept of one that cannot be read.

        Args:
            as_of: when the file was made; now where nobody says.

        Raises:
            BadInput: nothing in it can be used, or the mapping names what is not there.
            TooLarge: it has more bytes than one may have.
            DecisionRefused: too many wait already.
        """
        if len(content) > self.bytes_max:
            raise TooLarge(
                f"The file has {len(content):,} bytes; {self.bytes_max:,} is the most.",
                "Split it into several files.",
                field="file",
                limit=self.bytes_max,
            )
        now = self.clock()
        held = Held(
            import_id=self.draw(),
            name=file_name(name),
            bytes=len(content),
            mapping=dict(mapping),
            by=str(actor),
            at=now,
            as_of=min(as_of or now, now),
            expires_at=self.store.ends(now),
        )
        async with self._reading:
            read = await self._read(held, content)
            waiting = await self.store.weight(now)
            if waiting + len(content) > self.waiting_bytes_max:
                raise DecisionRefused(
                    f"The files that wait for a run have {waiting:,} bytes; {self.waiting_bytes_max:,} is the most.",
                    "Let one go with `DELETE /api/imports/{id}`; each goes by itself after a while.",
                    limit=self.waiting_bytes_max,
                )
            await self.store.put(held, content)
            return await self._preview(held, *read)

    async def look(self, import_id: str, limit: int | None = None) -> Preview:
        """The same, anew: what is known may have changed meanwhile.

        Args:
            limit: the last row that would be taken; all where none is named.

        Raises:
            NotFound: there is no such file, or it has ended.
        """
        async with self._reading:
            held, content = await self._found(import_id)
            return await self._preview(held, *await self._read(held, content), limit)

    async def change(self, import_id: str, mapping: Mapping[str, str]) -> Preview:
        """Take the columns as the mapping says, in place of what was said before.

        Raises:
            NotFound: there is no such file, or it has ended.
            BadInput: the mapping names a field or column that is not there; the one before stays.
        """
        async with self._reading:
            before, content = await self._found(import_id)
            held = msgspec.structs.replace(before, mapping=dict(mapping))
            read = await self._read(held, content)
            if not await self.store.change(held):
                raise _gone()
            return await self._preview(held, *read)

    async def drop(self, import_id: str) -> None:
        """Let a file go. A run that took it keeps its rows.

        Raises:
            NotFound: there is no such file, or it has ended.
        """
        held = await self.store.find(import_id)
        if held is None:
            raise _gone()
        await self.store.drop(held)

    async def refused(self, import_id: str, *, with_cells: bool) -> list[list[str]]:
        """A header, and every refused row with what mends it; with its cells as they came, or without.

        Raises:
            NotFound: there is no such file, or it has ended.
        """
        async with self._reading:
            held, content = await self._found(import_id)
            sheet, items = await self._read(held, content)
        refused = refused_of(items, None)
        if not with_cells:
            return [list(WHY), *(why(one) for one in refused)]
        return await asyncio.to_thread(lambda: list(returned(sheet, content, refused)))

    async def run(
        self,
        import_id: str,
        wish: RunWish,
        *,
        synthetic: bool,
        confirm: str,
        actor: Actor,
        command_id: str,
        body: bytes,
    ) -> Receipt:
        """Ask for a run over a file; the receipt is about the run.

        Args:
            synthetic: whoever asks says that it holds invented people.
            confirm: the name of the namespace, for a run over real people.
            body: what a repeat under the same id has to equal.

        Raises:
            NotFound: there is no such file, or it has ended.
            BadInput, DecisionRefused: see `request_of`; or a production run is not confirmed.
            KeyReused: the id came before with another body.
        """
        if (first := await self.runs.answered(actor, command_id, body)) is not None:
            return first
        now = self.clock()
        async with self._reading:
            held, content = await self._found(import_id)

            def prepared() -> tuple[RequestRun, list[bytes]]:
                sheet = read_file(held.name, content, mapping=held.mapping, spelt=spelt)
                source = from_file(sheet, marked=synthetic, samples=self.samples, as_of=held.as_of)
                return request_of(wish, source, self.draw_run(now), actor, now)

            command, pieces = await asyncio.to_thread(prepared)
        if command.terms.mode == "production":
            check_confirmed(confirm, self.log.namespace)
        return await self.runs.start(command, pieces, self.files, actor, command_id, body=body)

    async def invent(
        self, wish: RunWish, source: str, seed: int | None, actor: Actor, command_id: str, *, body: bytes
    ) -> Receipt:
        """Ask for a run over invented people; the receipt is about the run.

        Args:
            seed: the same one invents the same people; None for people of its own.
            body: what a repeat under the same id has to equal.

        Raises:
            BadInput, DecisionRefused: see `request_of`.
            KeyReused: the id came before with another body.
        """
        now = self.clock()
        run_id = self.draw_run(now)
        drawn = int(self.draw()[:SEED_HEX], 16) if seed is None else seed
        seeded = dataclasses.replace(wish, seed=drawn)
        command, pieces = request_of(seeded, inventing(source), run_id, actor, now)
        return await self.runs.start(command, pieces, self.files, actor, command_id, body=body)

    async def _found(self, import_id: str) -> tuple[Held, bytes]:
        held = await self.store.find(import_id)
        content = await self.store.content(held) if held else None
        if held is None or content is None:
            raise _gone()
        return held, content

    async def _read(self, held: Held, content: bytes) -> tuple[Sheet, list[Item]]:
        """The file and its rows, in a thread: the loop goes on with other people's requests meanwhile."""

        def read() -> tuple[Sheet, list[Item]]:
            sheet = read_file(held.name, content, mapping=held.mapping, unmapped=True, spelt=spelt)
            whole = Chunk(first_row=1, header=sheet.header, mapping=sheet.mapping, rows=sheet.rows)
            return sheet, list(candidates(whole, self.identity_key))

        return await asyncio.to_thread(read)

    async def _preview(self, held: Held, sheet: Sheet, items: list[Item], limit: int | None = None) -> Preview:
        terms = RunTerms(run_id=held.import_id, mode="dry_run")
        origin = Origin(source=FILE, kind="import", row=0, file_sha256=sheet.sha256, basis=FILE_BASIS, as_of=held.as_of)
        known = await known_leads(self.log, items, terms.run_id, limit)
        counts = await asyncio.to_thread(counted, items, known, terms, origin, limit)
        return Preview(
            import_id=held.import_id,
            name=held.name,
            bytes=held.bytes,
            rows=len(sheet.rows),
            encoding=sheet.encoding,
            delimiter=sheet.delimiter,
            format=sheet.format,
            preset=sheet.preset,
            columns=matched(sheet.header, sheet.mapping, held.mapping),
            fields=FIELDS,
            mapping=held.mapping,
            missing=missing(sheet.mapping),
            near=[
                Near(column=one.column, field=one.field, because=one.because) for one in sheet.unmatched if one.field
            ],
            kept=fitting(await self.mappings.store.all(), sheet.header),
            doubts=sheet.doubts,
            unaddressed=unaddressed(items, limit),
            sample=[as_document(one) for one in first_of(items)],
            refused=refused_of(items, limit)[:REFUSALS_SHOWN],
            counts=as_rows(counts),
            older=counts.older,
            came_before=came_before(known, sheet.sha256),
            sample_file=sheet.sha256 in self.samples,
            by=held.by,
            expires_at=held.expires_at,
        )


def spelt(field: str, column: str) -> str:
    """A mapping as it is sent."""
    return msgspec.json.encode({"mapping": {field: column}}).decode()


def file_name(given: str) -> str:
    """A name that can be shown and recorded: no folders, no control characters, not too long."""
    return cleaned(given.replace("\\", "/").rpartition("/")[2])[:NAME_CHARS_MAX] or "file"


def check_confirmed(confirm: str, namespace: str) -> None:
    """Ask once more whether these are the right people.

    Raises:
        BadInput: nobody said so.
    """
    if confirm != namespace:
        raise BadInput(
            "A production run over real people has to be confirmed.",
            f'Send "confirm": "{namespace}", the name of this namespace.',
            field="confirm",
        )


def _gone() -> NotFound:
    return NotFound("There is no such import.", "It may have ended; bring the file again.")
