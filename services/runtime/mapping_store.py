"""What people said of the columns of a kind of file, under a name, to be said again.

It is a convenience and no history: which column each field of a run was taken from stands in the run's own fact. So it
lies beside the log, without facts of its own.
"""

from datetime import datetime

import msgspec

from contracts.errors import DecisionRefused
from services.runtime import keys
from services.runtime.redis_client import Client, ask, named_failures

MAPPINGS_MAX = 200


class KeptMapping(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody said of the columns of a file: our field and the column that it is taken from.

    Args:
        header: the names of the columns of that file, as they stood there.
    """

    name: str
    header: tuple[str, ...]
    mapping: dict[str, str]
    by: str
    at: datetime


_decoder = msgspec.json.Decoder(KeptMapping)


class MappingStore:
    """The kept mappings of one namespace; another one never sees them."""

    def __init__(self, client: Client, namespace: str) -> None:
        self._client = client
        self._name = keys.mappings(namespace)

    async def keep(self, kept: KeptMapping) -> None:
        """Keep it, in place of what has its name.

        Raises:
            DecisionRefused: there are as many as there may be.
        """
        async with named_failures():
            there = await ask(self._client, "HEXISTS", self._name, kept.name)
            if not there and int(await ask(self._client, "HLEN", self._name)) >= MAPPINGS_MAX:
                raise DecisionRefused(
                    f"{MAPPINGS_MAX} mappings are kept, which is the most.", "Drop one that is no longer used."
                )
            await ask(self._client, "HSET", self._name, kept.name, msgspec.json.encode(kept))

    async def all(self) -> list[KeptMapping]:
        """Every one, by name."""
        async with named_failures():
            found: list[bytes] = await ask(self._client, "HVALS", self._name)
        return sorted((_decoder.decode(one) for one in found), key=lambda one: one.name)

    async def find(self, name: str) -> KeptMapping | None:
        """The one of this name; None where there is none."""
        async with named_failures():
            found: bytes | None = await ask(self._client, "HGET", self._name, name)
        return _decoder.decode(found) if found else None

    async def drop(self, name: str) -> bool:
        """Let one go; False where there is none."""
        async with named_failures():
            return bool(await ask(self._client, "HDEL", self._name, name))
