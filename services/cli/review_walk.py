"""`swarm review`: one card after another, answered with single keys."""

import sys
from typing import get_args

import msgspec

from contracts.commands import ApproveDraft, PersonsAnswer, RejectDraft, RequestChanges, RevokeApproval
from contracts.email import RejectionTag
from contracts.errors import BadInput, GuardRefused, SwarmError
from gateway.lookup import Found
from services.cli.desk import AtWork, at_work
from services.cli.dossier_text import facts, guard, head, message
from services.cli.editing import edit_card
from services.cli.given import Given
from services.cli.keys import key, line, single_keys, whole_lines
from services.cli.printing import heading, say
from services.cli.queue_list import Filters, check_tier
from services.cli.words import many, short, where
from services.projections.approval_queue import Row

KEYS = "[a]pprove  [e]dit  [r]eject  [c]hanges  [s]kip  [u]ndo  [q]uit"
LOOK_AHEAD = 10_000
COUNTED_MAX = 200
"""Drafts that are counted for the line above a card: a page of them, so that no key waits for all of a long queue."""
TAGS: tuple[str, ...] = get_args(RejectionTag)


class Walk:
    """One person's way through the queue."""

    def __init__(self, here: AtWork, filters: Filters, run: str) -> None:
        self._here = here
        self._filters, self._run = filters, run
        self._skipped: set[str] = set()
        self._approved: list[Row] = []
        self.answered = 0

    async def next_card(self) -> tuple[Row, int] | None:
        """The best draft that was not skipped, and how many are left with it, counted up to `COUNTED_MAX`."""
        best, left = None, 0
        async for row in self._here.desk.waiting(
            self._filters.tier, self._run, LOOK_AHEAD, snoozed=self._filters.snoozed, campaign=self._filters.campaign
        ):
            if row.email_id in self._skipped or row.status != "drafted":
                continue
            best, left = best or row, left + 1
            if left == COUNTED_MAX:
                break
        return (best, left) if best else None

    async def answer(self, row: Row, pressed: str) -> bool:
        """Do what a key says; False to leave."""
        try:
            match pressed:
                case "a":
                    await self._approve(row)
                case "e":
                    with whole_lines():
                        self.answered += await edit_card(self._here, row)
                case "r":
                    await self._reject(row)
                case "c":
                    await self._changes(row)
                case "s":
                    self._skipped.add(row.email_id)
                case "u":
                    await self._undo()
                case "q" | "" | "\x04":
                    return False
                case _:
                    say(KEYS)
        except SwarmError as error:
            say(f"error: {error.sentence()}")
        return True

    async def _send(self, command: PersonsAnswer, done: str) -> None:
        await self._here.answer(command)
        self.answered += 1
        say(f"{short(command.email_id)} {done}.")

    async def _approve(self, row: Row) -> None:
        command = ApproveDraft(email_id=row.email_id, draft_version=row.draft_version, content_hash=row.content_hash)
        try:
            await self._send(command, "approved")
        except GuardRefused as error:
            say(error.detail)
            reason = await line("Why is it to pass all the same? (empty: it is not) ")
            if not reason:
                return
            await self._send(msgspec.structs.replace(command, override_reason=reason), "approved against the guard")
        self._approved.append(row)

    async def _reject(self, row: Row) -> None:
        say(*(f"  {number:>2} {tag}" for number, tag in enumerate(TAGS, 1)))
        chosen = await line("Which? (number or name, empty: none) ")
        name = TAGS[int(chosen) - 1] if chosen.isdecimal() and 0 < int(chosen) <= len(TAGS) else chosen
        if name not in TAGS:
            say("Not rejected.")
            return
        reason = await line("Why, in a few words? ")
        tag: RejectionTag = msgspec.convert(name, RejectionTag)
        await self._send(
            RejectDraft(
                email_id=row.email_id,
                draft_version=row.draft_version,
                content_hash=row.content_hash,
                tag=tag,
                reason=reason,
            ),
            "rejected",
        )

    async def _changes(self, row: Row) -> None:
        instruction = await line("What is to change? (empty: nothing) ")
        if not instruction:
            return
        await self._send(
            RequestChanges(
                email_id=row.email_id,
                draft_version=row.draft_version,
                content_hash=row.content_hash,
                instruction=instruction,
            ),
            "sent back for changes",
        )

    async def _undo(self) -> None:
        """Take the last approval of this walk back."""
        if not self._approved:
            say("Nothing was approved here that could be taken back.")
            return
        row = self._approved.pop()
        card = await self._here.desk.card(row.email_id)
        version, content_hash = (
            (card.draft_version, card.content_hash) if card else (row.draft_version, row.content_hash)
        )
        command = RevokeApproval(email_id=row.email_id, draft_version=version, content_hash=content_hash)
        await self._send(command, "waits again")


async def walk(given: Given, filters: Filters) -> int:
    """Show card after card until none is left or the person has enough."""
    if given.json or not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise BadInput("A review needs a terminal.", "Use queue, show, approve and reject in scripts.", field="review")
    check_tier(filters.tier)
    async with at_work(given) as here:
        run = await here.desk.find_run(filters.run) if filters.run else ""
        steps, namespace = Walk(here, filters, run), await here.desk.namespace()
        with single_keys():
            while found := await steps.next_card():
                row, left = found
                await _show(here, row, left, namespace)
                if not await steps.answer(row, await key()):
                    break
            else:
                say("No further draft waits.")
    say(f"{many(steps.answered, 'answer')} given. {where(namespace)}")
    return 0


def left_in_words(left: int) -> str:
    """How many drafts are left, this one among them."""
    return f"{many(left, 'draft')} {'or more ' if left == COUNTED_MAX else ''}left"


async def _show(here: AtWork, row: Row, left: int, namespace: str) -> None:
    dossier = await here.desk.dossier(Found(row.lead_id, row.email_id))
    say("", heading(f"── {left_in_words(left)} " + "─" * 40), *head(dossier), "")
    if dossier.text:
        say(*message(dossier.text), "", *(f"  {reason}" for reason in dossier.reasons), "", facts(dossier), "")
        if not dossier.text.verdict.passed:
            say(*guard(dossier.text), "")
    say(where(namespace), KEYS)
