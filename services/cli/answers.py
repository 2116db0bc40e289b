"""A person's answer to a draft: what stands is filled in from what was shown, and the receipt is told."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol, get_args

import msgspec

from contracts.commands import PersonsAnswer
from contracts.email import Wish
from contracts.envelope import reveal
from contracts.errors import BadInput, NotFound
from gateway.lookup import Found
from services.cli.desk import Desk, at_work
from services.cli.given import Given
from services.cli.printing import document, marked, say
from services.cli.words import short, where


def wishes_of(named: Iterable[str]) -> tuple[Wish, ...]:
    """The wishes of these names; `softer-ask` means `softer_ask`.

    Raises:
        BadInput: one of them is none.
    """
    found = [one.strip().lower().replace("-", "_").replace(" ", "_") for one in named]
    for one in found:
        if one not in get_args(Wish):
            raise BadInput(f"There is no wish {one!r}.", f"Use one of {', '.join(get_args(Wish))}.", field="wish")
    return msgspec.convert(found, tuple[Wish, ...])


class Make(Protocol):
    """Makes the answer, given which text it is about."""

    def __call__(self, *, email_id: str, draft_version: int, content_hash: str) -> PersonsAnswer: ...


DONE = {
    "approve": "approved",
    "edit": "edited",
    "reject": "rejected",
    "request_changes": "sent back for changes",
    "revoke": "revoked",
}
BODY_BYTES_MAX = 200_000


async def give(given: Given, prefix: str, version: int | None, make: Make) -> int:
    """Find the draft, answer it, wait for the effect, and say what was recorded."""
    async with at_work(given) as here:
        found = await here.desk.find(prefix)
        email_id, seen, content_hash = await standing(here.desk, found, version)
        command = make(email_id=email_id, draft_version=seen, content_hash=content_hash)
        receipt = await here.answer(command)
        who = await _name(here.desk, found)
        due, namespace = await _send_due(here.desk, found.email_id), await here.desk.namespace()
    if given.json:
        from contracts.codec import outward

        told = {"answer": command.__struct_config__.tag, "lead_id": found.lead_id, "receipt": outward(receipt)}
        document(marked(namespace) | told)
        return 0
    done = DONE[str(command.__struct_config__.tag)]
    if receipt.status == "repeated":
        say(
            f"{short(found.email_id)} {who}was {done} before, at {receipt.at[:16].replace('T', ' ')} UTC; nothing changed. {where(namespace)}"
        )
    else:
        say(f"{short(found.email_id)} {who}is {done}.{due} {where(namespace)}")
    return 0


async def standing(desk: Desk, found: Found, version: int | None) -> tuple[str, int, str]:
    """E-mail id, version and content hash of the text that an answer is about: as on the card, else as it stands.

    Raises:
        NotFound: there is no draft for this lead.
    """
    if not found.email_id:
        raise NotFound("This lead has no draft.", f"`swarm show {short(found.lead_id)}` says why.")
    card = await desk.card(found.email_id)
    if card is not None:
        return found.email_id, version or card.draft_version, card.content_hash
    newest, content_hash = await desk.stands(found)
    # A draft that never had a text has no hash either; what it is refused for is its status.
    return found.email_id, version or newest, content_hash or "none"


def body_of(path: Path | None) -> str | None:
    """The text of `--body-file`, `-` being stdin; None where it is not given.

    Raises:
        BadInput: it cannot be read or is no UTF-8 text.
    """
    if path is None:
        return None
    try:
        raw = sys.stdin.buffer.read(BODY_BYTES_MAX + 1) if str(path) == "-" else path.read_bytes()
        if len(raw) > BODY_BYTES_MAX:
            raise BadInput(f"--body-file has more than {BODY_BYTES_MAX:,} bytes.", "Shorten it.", field="body")
        return raw.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(
            f"--body-file {path} cannot be read as UTF-8 text.", "Check path and encoding.", field="body"
        ) from error


async def _name(desk: Desk, found: Found) -> str:
    row = await desk.lead(found.lead_id)
    return f"({reveal(row.name)}, {row.company}) " if row and row.name else ""


async def _send_due(desk: Desk, email_id: str) -> str:
    """Until when an approval can be taken back, where it can."""
    card = await desk.card(email_id)
    if card is None or card.status != "approved" or card.send_due_at is None:
        return ""
    return f" It can be revoked until {card.send_due_at:%H:%M:%S} UTC."
