"""Comparisons page by page: a whole one is worth some seconds of a processor, so those asked for last are kept."""

import asyncio
import hashlib
import re
from dataclasses import dataclass, field

import msgspec

from contracts.codec import to_json
from contracts.errors import BadInput
from services.commands.icp import IdealCustomers
from services.commands.icp_compare import Compared, Move

KEPT = 2
NAME_CHARS = 24
_CURSOR = re.compile(rf"([0-9a-f]{{{NAME_CHARS}}})\.(\d{{1,9}})")


class Moves(msgspec.Struct, frozen=True, kw_only=True):
    """A comparison without its moves, a page of these, and the cursor of those after them; empty at the end."""

    compared: Compared
    items: tuple[Move, ...]
    next: str


@dataclass(frozen=True)
class Comparisons:
    """Compares one at a time, and keeps the last few for whoever turns the page."""

    ideals: IdealCustomers
    _one: asyncio.Lock = field(init=False, default_factory=asyncio.Lock)
    _kept: dict[str, tuple[str, Compared]] = field(init=False, default_factory=dict)

    async def page(self, text: str, cursor: str, limit: int) -> Moves:
        """Some moves of a comparison; all pages of it say the same, whatever is recorded meanwhile.

        Raises:
            BadInput: something is wrong with the text; or the cursor is none of it, or its comparison is gone.
        """
        if not cursor:
            async with self._one:
                whole = await self.ideals.compare(text)
            name = hashlib.sha256(f"{text}\n{to_json(whole)}".encode()).hexdigest()[:NAME_CHARS]
            self._keep(name, text, whole)
            return _page(name, whole, 0, limit)
        found = _CURSOR.fullmatch(cursor)
        kept = self._kept.get(found[1]) if found else None
        if found is None or kept is None or kept[0] != text:
            raise BadInput(
                "This is no cursor of this comparison, or it is no longer kept.",
                "Ask again from the beginning, without a cursor.",
                field="cursor",
            )
        return _page(found[1], kept[1], int(found[2]), limit)

    def _keep(self, name: str, text: str, whole: Compared) -> None:
        self._kept.pop(name, None)
        self._kept[name] = text, whole
        while len(self._kept) > KEPT:
            del self._kept[next(iter(self._kept))]


def _page(name: str, whole: Compared, start: int, limit: int) -> Moves:
    end = start + limit
    return Moves(
        compared=msgspec.structs.replace(whole, moves=()),
        items=whole.moves[start:end],
        next=f"{name}.{end}" if end < len(whole.moves) else "",
    )
