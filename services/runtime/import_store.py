"""Files that somebody brought and no run has taken yet: whole, as they came, each with what is known of it.

They hold a prospect's data outside the log, so each key ends by itself, and together they may weigh so much and no more.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from services.runtime import keys
from services.runtime.redis_client import Client, ask, named_failures

PIECE_BYTES = 1_000_000


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """One file that waits. `mapping` is what its owner says of its columns, our field to the column's name;
    `as_of` is when it was made."""

    import_id: str
    name: str
    bytes: int
    mapping: dict[str, str]
    by: str
    at: datetime
    expires_at: datetime
    as_of: datetime | None = None


_decoder = msgspec.json.Decoder(Held)


class ImportStore:
    """The waiting files of one namespace; another one never sees them.

    Args:
        kept_s: how long a file waits.
    """

    def __init__(self, client: Client, namespace: str, *, kept_s: int) -> None:
        self._client = client
        self._namespace = namespace
        self.kept_s = kept_s

    def ends(self, at: datetime) -> datetime:
        """When a file that comes now is dropped."""
        return at + timedelta(seconds=self.kept_s)

    async def put(self, held: Held, content: bytes) -> None:
        """Keep a file; it is found only when all of it is stored."""
        record, pieces, index = self._names(held.import_id)
        async with named_failures():
            for number, piece in enumerate(_pieces(content)):
                # Each write brings its own end along: a process that dies here must not leave personal data for ever.
                await self._write(pieces, "HSET", pieces, number, piece)
            await self._write(index, "ZADD", index, str(held.expires_at.timestamp()), _weighed(held))
            await ask(self._client, "SET", record, msgspec.json.encode(held), "EX", self.kept_s)

    async def _write(self, name: str, *command: str | int | bytes) -> None:
        pipeline = self._client.pipeline(transaction=True)
        pipeline.execute_command(*command)
        pipeline.expire(name, self.kept_s)
        await pipeline.execute()

    async def find(self, import_id: str) -> Held | None:
        """What is known of a file; None where it is not, or no longer, here."""
        record, _, _ = self._names(import_id)
        async with named_failures():
            found: bytes | None = await ask(self._client, "GET", record)
        return _decoder.decode(found) if found else None

    async def content(self, held: Held) -> bytes | None:
        """The file as it came; None where it ended meanwhile."""
        _, name, _ = self._names(held.import_id)
        content = bytearray()
        async with named_failures():
            for number in range(-(-held.bytes // PIECE_BYTES)):
                piece: bytes | None = await ask(self._client, "HGET", name, number)
                if piece is None:
                    return None
                content += piece
        return bytes(content)

    async def change(self, held: Held) -> bool:
        """Keep something else of a file that is here, until its end; False where it is no longer."""
        record, _, _ = self._names(held.import_id)
        async with named_failures():
            return bool(await ask(self._client, "SET", record, msgspec.json.encode(held), "XX", "KEEPTTL"))

    async def drop(self, held: Held) -> None:
        """Let a file go before its end. Repeating it does nothing."""
        record, pieces, index = self._names(held.import_id)
        async with named_failures():
            await ask(self._client, "UNLINK", record, pieces)
            await ask(self._client, "ZREM", index, _weighed(held))

    async def weight(self, now: datetime) -> int:
        """How many bytes wait now."""
        index, ended = keys.imports(self._namespace), str(now.timestamp())
        async with named_failures():
            await ask(self._client, "ZREMRANGEBYSCORE", index, "-inf", ended)
            waiting: list[bytes] = await ask(self._client, "ZRANGE", index, 0, -1)
        return sum(int(one.partition(b":")[0]) for one in waiting)

    def _names(self, import_id: str) -> tuple[str, str, str]:
        return (
            keys.import_record(self._namespace, import_id),
            keys.import_content(self._namespace, import_id),
            keys.imports(self._namespace),
        )


def _weighed(held: Held) -> str:
    return f"{held.bytes}:{held.import_id}"


def _pieces(content: bytes) -> Iterator[bytes]:
    return (content[start : start + PIECE_BYTES] for start in range(0, len(content), PIECE_BYTES))
