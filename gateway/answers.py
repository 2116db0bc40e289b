"""What answers have in common: the position they stand for, pages, and who may see what belongs to a person."""

import re
from collections.abc import Mapping
from typing import TypeVar

import msgspec

from contracts.access import Person
from contracts.codec import Opening, hidden, outward
from contracts.envelope import ERASED, Personal, reveal
from contracts.errors import BadInput, StoreUnavailable
from gateway.personal import note
from services.projections.views import View
from services.runtime.view_store import ViewStore

POSITION = "X-Swarm-Position"
"""The header with the position that an answer reflects, or that a command created: `0:841.1:77`."""

TOTAL = "X-Swarm-Total"
"""The header with how many rows a list has, filters aside that no order keeps."""

AFTER_WITHIN_S = 5.0

_POSITION = re.compile(r"\d{1,4}:\d{1,16}(\.\d{1,4}:\d{1,16})*")

R = TypeVar("R", bound=msgspec.Struct)


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Some rows as JSON objects, the cursor of those after them (empty at the end), and where the view stands."""

    items: list[dict[str, object]]
    next: str
    position: str


def position_text(positions: Mapping[int, int]) -> str:
    """By partition, up to where: `0:841.1:77`."""
    return ".".join(f"{partition}:{seq}" for partition, seq in sorted(positions.items())) or "0:0"


def read_position(text: str, field: str = "after") -> dict[int, int]:
    """The components of a position.

    Args:
        field: the parameter that it came in.

    Raises:
        BadInput: it is none.
    """
    if not _POSITION.fullmatch(text):
        raise BadInput(f"`{field}` is no position.", f"Send the {POSITION} of an answer.", field=field)
    return {int(partition): int(seq) for partition, seq in (part.split(":") for part in text.split("."))}


async def reached(views: ViewStore, view: View[R], after: str | None) -> str:
    """Wait until a view has every named component, so that people read their own writes; returns where it stands.

    Raises:
        StoreUnavailable: it does not get there in time.
    """
    for partition, seq in (read_position(after) if after else {}).items():
        if not await views.wait_for(view, partition, seq, timeout_s=AFTER_WITHIN_S):
            raise StoreUnavailable(
                f"The view {view.title} is behind {after}.", "Ask again; see that the projector runs."
            )
    return position_text(await views.position(view))


def shown(value: msgspec.Struct, person: Person) -> dict[str, object]:
    """A row as this person may see it; what it opens for them is noted."""
    if not person.may("read_personal"):
        return redacted(value, personal=False)
    opened: list[str] = []

    def opening(one: Personal) -> str:
        opened.append(reveal(one))
        return opened[-1]

    plain = _plain(value, opening)
    if set(opened) - {"", ERASED}:
        note(about_of(value))
    return plain


def about_of(value: msgspec.Struct) -> str:
    """Whose data a row or fact holds: the id of the lead, else its own."""
    named = (str(getattr(value, name, "")) for name in ("lead_id", "id", "account_id"))
    return next((one for one in named if one), "")


def redacted(value: msgspec.Struct, *, personal: bool) -> dict[str, object]:
    """A row or fact for who may or may not see what belongs to a prospect; without its salt for all."""
    return _plain(value, reveal if personal else hidden)


def _plain(value: msgspec.Struct, opened: Opening) -> dict[str, object]:
    plain = outward(value, opened)
    for part in (plain, *plain.values()):
        content = part.get("content") if isinstance(part, dict) else None
        if isinstance(content, dict):
            # Whoever has the salt can guess the rest of an erased message from its hash.
            del content["salt"]
            # The same text once more, and no `Personal`.
            content["html"] = content["html"] and opened(Personal.plain(content["html"]))
    return plain
