"""Mappings of columns that are kept under a name, and offered again for the same header."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from contracts.envelope import Actor
from contracts.errors import BadInput, NotFound
from services.reading.columns import Spelt, mapping_of, option, plain
from services.runtime.clock import Clock
from services.runtime.mapping_store import KeptMapping, MappingStore

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")


@dataclass(frozen=True)
class Mappings:
    """Keeps them. They belong to the namespace: whoever may start runs may use any."""

    store: MappingStore
    clock: Clock

    async def keep(
        self, name: str, header: Sequence[str], mapping: Mapping[str, str], actor: Actor, spelt: Spelt = option
    ) -> KeptMapping:
        """Keep what somebody says of the columns of a header, in place of what has this name.

        Raises:
            BadInput: no name that can be kept, nothing is said, or it names a field or column that is not there.
            DecisionRefused: too many are kept.
        """
        check_name(name)
        if not mapping:
            raise BadInput(
                "There is no mapping to keep: nothing is said of any column.",
                f"Say which column a field is taken from, such as {spelt('email', 'Column')}.",
                field="mapping",
            )
        mapping_of(header, mapping, spelt)
        kept = KeptMapping(name=name, header=tuple(header), mapping=dict(mapping), by=str(actor), at=self.clock())
        await self.store.keep(kept)
        return kept

    async def find(self, name: str) -> KeptMapping:
        """The one of this name.

        Raises:
            NotFound: there is none; the names that there are are said.
        """
        found = await self.store.find(name)
        if found is None:
            raise unknown(name, [one.name for one in await self.store.all()])
        return found

    async def drop(self, name: str) -> None:
        """Let one go. What was imported with it stays as it is.

        Raises:
            NotFound: there is none.
        """
        if not await self.store.drop(name):
            raise unknown(name, [one.name for one in await self.store.all()])


def check_name(name: str) -> None:
    """Refuse a name that cannot be typed and told apart everywhere.

    Raises:
        BadInput: it is none.
    """
    if not _NAME.fullmatch(name):
        raise BadInput(
            "This cannot be the name of a mapping.",
            "Use at most 40 small letters, digits, dots, dashes and underscores, such as crm-export.",
            field="name",
        )


def unknown(name: str, names: Sequence[str]) -> NotFound:
    """Nobody kept it; those that there are are named."""
    there = ", ".join(names[:20])
    return NotFound(f"No mapping {name[:40]!r} is kept.", f"There are: {there}." if names else "None is kept yet.")


def fitting(kept: Sequence[KeptMapping], header: Sequence[str]) -> list[KeptMapping]:
    """Those that were kept for a header with the same columns, in whatever order and spelling."""
    wanted = _columns(header)
    return [one for one in kept if _columns(one.header) == wanted]


def _columns(header: Sequence[str]) -> frozenset[str]:
    return frozenset(name for column in header if (name := plain(column)))
