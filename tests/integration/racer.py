"""One of two people, in a process of their own: answers one draft after another, each when both are released."""

import asyncio
import sys

import msgspec

from contracts.commands import ApproveDraft, EditDraft, PersonsAnswer, Receipt, RejectDraft
from contracts.envelope import Actor
from contracts.errors import AlreadyDecided, StaleVersion, SwarmError
from services.cli.bootstrap import Swarm, open_swarm
from services.runtime.execute import command_id
from services.runtime.settings import Settings

WAIT_S = 60
EDITED = "Hello Ada,\n\nyour engines wait for cards. May I call on Tuesday?\n"


class Draft(msgspec.Struct, frozen=True):
    """What a person sees of a draft."""

    email_id: str
    content_hash: str


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What one answer came to: the receipt, or the slug and values of the refusal."""

    email_id: str
    receipt: Receipt | None = None
    refusal: str = ""
    values: dict[str, str | int | float | None] = {}


class Race(msgspec.Struct, frozen=True, kw_only=True):
    """One side of a race: who answers what to which drafts, and the list from which the starts are taken."""

    settings: dict[str, str]
    who: str
    answer: str
    drafts: list[Draft]
    starts: str


def command(answer: str, draft: Draft) -> PersonsAnswer:
    """The answer that this side gives."""
    seen = {"email_id": draft.email_id, "content_hash": draft.content_hash}
    match answer:
        case "approve":
            return ApproveDraft(**seen, draft_version=1)
        case "reject":
            return RejectDraft(**seen, draft_version=1, tag="weak_cta", reason="It asks for nothing.")
        case _:
            return EditDraft(**seen, draft_version=1, body=EDITED)


async def answer_one(swarm: Swarm, race: Race, draft: Draft) -> Outcome:
    who = Actor(kind="person", id=f"{race.who}@local")
    key = command_id(who, f"{race.answer}:{draft.email_id}")
    try:
        receipt = await swarm.drafts().answer(command(race.answer, draft), who, key)
    except (AlreadyDecided, StaleVersion) as refusal:
        return Outcome(email_id=draft.email_id, refusal=refusal.slug, values=refusal.values)
    except SwarmError as other:
        return Outcome(email_id=draft.email_id, refusal=other.slug)
    return Outcome(email_id=draft.email_id, receipt=receipt)


async def run(race: Race) -> list[Outcome]:
    settings = Settings.model_validate(race.settings)
    outcomes = []
    async with open_swarm(settings) as swarm:
        client = swarm.views.client
        for number, draft in enumerate(race.drafts):
            # A barrier for two: whoever comes second lets both go.
            if await client.incr(f"{race.starts}:{number}") == 2:
                await client.rpush(f"{race.starts}:{number}:go", "a", "b")
            assert await client.blpop([f"{race.starts}:{number}:go"], timeout=WAIT_S)
            outcomes.append(await answer_one(swarm, race, draft))
    return outcomes


if __name__ == "__main__":
    race = msgspec.json.decode(sys.stdin.buffer.read(), type=Race)
    sys.stdout.buffer.write(msgspec.json.encode(asyncio.run(run(race))))
