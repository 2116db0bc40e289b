"""What a person does with a draft: find the text that an answer is about, judge an edit, and commit it once."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial

import msgspec

from contracts.commands import Answer, ApproveDraft, EditDraft, Handling, PersonsCommand, Receipt, RequestChanges
from contracts.deal import Account
from contracts.email import Claim, Content, Email, EmailDrafted, EmailEdited, Verdict
from contracts.envelope import Actor, Event, reveal
from contracts.errors import GuardRefused, NotFound, PersonExcluded
from contracts.facts import Ref
from contracts.identity import CONTROL, partition_of
from contracts.lead import NEW, Lead
from contracts.policy import Exclusions
from services.approval.decide import decide
from services.guard.draft import Compliance, RejectionMemory
from services.guard.evidence import surviving
from services.guard.judge import inspect
from services.runtime.clock import Clock
from services.runtime.exclusion_list import INDEX, ExclusionList, count_of
from services.runtime.execute import Answering, Asked, execute
from services.runtime.log import EventLog, Snapshot
from services.runtime.service import States

FURTHER = (ApproveDraft, EditDraft, RequestChanges)
"""The answers after which a draft, or another text in its place, is nearer to its recipient."""
UNKNOWN = ("There is no such e-mail.", "The queue lists those that wait for an answer.")


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """The text that an e-mail's snapshot points to, what it claims, and what the guard said of it."""

    content: Content
    claims: tuple[Claim, ...]
    verdict: Verdict


@dataclass(frozen=True)
class Drafts:
    """Takes answers to drafts, and what else people do with them.

    Args:
        undo_window_s: how long an approval can be taken back; never in a sandbox run.
        compliance: what a message to this lead must say of its sender; it raises where nobody can tell.
        draw: 16 fresh random bytes in hex.
        exclusions: who is to be left alone; asked as it stands, before anything that would bring a draft further.
    """

    log: EventLog
    undo_window_s: int
    compliance: Callable[[Lead], Compliance]
    clock: Clock
    draw: Callable[[], str]
    exclusions: ExclusionList

    async def answer(self, command: PersonsCommand, actor: Actor, command_id: str, *, body: bytes = b"") -> Receipt:
        """Carry out what a person asks.

        An answer whose content hash is empty names its text by the version alone: a version has one text for ever.

        Args:
            command_id: see `Asked`; the same id gets the same receipt.
            body: what a repeat under the same id has to equal; where none is given, the command itself.

        Returns:
            The receipt; the first one, where this person gave the same answer before. One without a fact says that
            there was nothing to record.

        Raises:
            NotFound: no such e-mail here.
            PersonExcluded: the draft would be brought further, and its recipient is to be left alone.
            See also `services.approval.decide.decide` and `services.runtime.execute.execute`.
        """
        asked = Asked(command_id, body or msgspec.json.encode(command), actor)
        try:
            partition = partition_of(command.email_id, self.log.partitions)
        except ValueError:
            raise NotFound(*UNKNOWN) from None
        with_text, look = _needs_text(command), isinstance(command, FURTHER) and partition != CONTROL
        while True:
            try:
                return await self._attempt(command, asked, partition, with_text=with_text, look=look)
            except GuardRefused:
                if with_text:
                    raise
                with_text = True  # Only with the text can the refusal name the rules.
            except _SomebodyIsLeftAlone:
                look = True

    async def _attempt(
        self, command: PersonsCommand, asked: Asked, partition: int, *, with_text: bool, look: bool
    ) -> Receipt:
        """Carry it out once.

        Args:
            look: ask beforehand who is left alone. Where the list lies in the same partition this is not needed while
                nobody is: the commit then expects the list to be as empty as it was last found.
        """
        about = Ref("email", command.email_id)
        text, verdict = await self._gather(command, about, partition) if with_text else (None, None)
        left_alone = look and await self._left_alone(about, partition)
        beside = dict[Ref, Snapshot]()
        if isinstance(command, FURTHER) and not look:
            if (empty := await self.exclusions.empty()) is None:
                raise _SomebodyIsLeftAlone
            beside[INDEX] = empty
        answering = partial(
            self._decide,
            command=command,
            actor=asked.actor,
            text=text,
            verdict=verdict,
            salt=self.draw() if with_text else "",
            left_alone=left_alone,
        )
        receipt = await execute(
            self.log,
            partition,
            about,
            (),
            asked,
            partial(_unless_listed, answering, beside),
            self.clock,
            at_hand=beside,
        )
        return receipt or await self._standing(command, about, partition)

    async def _gather(self, command: PersonsCommand, about: Ref, partition: int) -> tuple[Text | None, Verdict | None]:
        """The text that the answer is about and the verdict on it."""
        snapshot = (await self.log.load(partition, [about]))[about]
        text = await self.text(command.email_id, snapshot)
        if text is None:
            return None, None
        state = snapshot.state if isinstance(snapshot.state, Email) else Email()
        return text, await self._judge(command, state, text, partition) or text.verdict

    def _decide(
        self,
        states: States,
        *,
        command: PersonsCommand,
        actor: Actor,
        text: Text | None,
        verdict: Verdict | None,
        salt: str,
        left_alone: bool,
    ) -> Sequence[Event]:
        state = states.get(Ref("email", command.email_id), Email)
        if state is None:
            raise NotFound(*UNKNOWN)
        events = decide(
            state,
            _bound(command, state),
            actor=actor,
            now=self.clock(),
            undo_window_s=0 if state.mode == "sandbox" else self.undo_window_s,
            current=text.content if text else None,
            verdict=verdict,
            salt=salt,
            claims=text.claims if text else (),
        )
        if events and left_alone:
            # What stands already is told as ever; nothing new is recorded.
            raise PersonExcluded(
                "The recipient, or their company, is on the list of those to leave alone, so this draft cannot go on."
            )
        return events

    async def _left_alone(self, about: Ref, partition: int) -> bool:
        """Whether the recipient of the text that stands, or the lead as it is known now, is excluded.

        Raises:
            PersonExcluded: there is a text, and nobody can tell whom it is for.
            StoreUnavailable, DamagedEntry: nobody can tell who is excluded.
        """
        if not (await self.exclusions.version())[1]:
            return False
        snapshot = (await self.log.load(partition, [about]))[about]
        if not isinstance(snapshot.state, Email) or not snapshot.mark:
            return False
        text, lead = await self.text(about.id, snapshot), Ref("lead", snapshot.state.lead_id)
        known = (await self.log.load(partition, [lead]))[lead].state
        if text is None or not isinstance(known, Lead):
            raise PersonExcluded("Nobody can tell whom this draft is for, which is as if they were excluded.")
        return bool(await self.exclusions.covering(known.fields, address=reveal(text.content.recipient)))

    async def text(self, email_id: str, snapshot: Snapshot) -> Text | None:
        """The text that stands, from the fact that the snapshot's mark points to; None where there never was one."""
        if not snapshot.mark:
            return None
        partition = partition_of(email_id, self.log.partitions)
        recorded = await self.log.entry(partition, "email", snapshot.mark)
        event = recorded.decode(partition).event if recorded else None
        if not isinstance(event, EmailDrafted | EmailEdited) or event.email_id != email_id:
            return None
        return Text(content=event.content, claims=event.claims, verdict=event.verdict)

    async def _judge(self, command: PersonsCommand, state: Email, text: Text, partition: int) -> Verdict | None:
        """The guard's verdict on an edited text, beside what the company's other people were written."""
        if not isinstance(command, ApproveDraft | EditDraft) or (command.subject is None and command.body is None):
            return None
        account, lead = Ref("deal", state.account_id), Ref("lead", state.lead_id)
        loaded = await self.log.load(partition, [account, lead])
        found, whom = loaded[account].state, loaded[lead].state
        subject = command.subject if command.subject is not None else reveal(text.content.subject)
        body = command.body if command.body is not None else reveal(text.content.text)
        company = next((claim.words for claim in text.claims if claim.field == "company"), "")
        return inspect(
            subject,
            body,
            claims=surviving(subject, body, text.claims),
            recipient_lead_id=state.lead_id,
            company=company,
            account=found if isinstance(found, Account) else None,
            memory=RejectionMemory(),
            compliance=self.compliance(whom if isinstance(whom, Lead) else NEW),
            now=self.clock(),
        )

    async def _standing(self, command: PersonsCommand, about: Ref, partition: int) -> Receipt:
        """The receipt of the answer that stands; it holds as of the log's newest fact."""
        position = f"{partition}:{await self.log.head(partition)}"
        if isinstance(command, Handling):
            return Receipt(status="repeated", about=about.id, fact="", position=position)
        state = (await self.log.load(partition, [about]))[about].state
        decision = state.decision if isinstance(state, Email) else None
        if decision is None:
            raise LookupError("an answer that repeats none")
        return Receipt(
            status="repeated",
            about=about.id,
            fact=decision.fact,
            position=position,
            answer=decision.answer,
            by=str(decision.by),
            at=decision.at.isoformat(),
        )


class _SomebodyIsLeftAlone(Exception):
    """The list of those who are left alone is not empty, so it has to be asked."""


def _unless_listed(answering: Answering, beside: Collection[Ref], states: States) -> Sequence[Event]:
    if any(count_of(states.get(ref, Exclusions)) for ref in beside):
        raise _SomebodyIsLeftAlone
    return answering(states)


def _bound(command: PersonsCommand, state: Email) -> PersonsCommand:
    """The same command with the hash of the text that stands, where it came with none; its version is yet to be checked."""
    if isinstance(command, Answer) and not command.content_hash:
        return msgspec.structs.replace(command, content_hash=state.content_hash)
    return command


def _needs_text(command: PersonsCommand) -> bool:
    """A plain yes or no is about the hash alone; an edit needs the text, an override the names of the failed rules."""
    match command:
        case ApproveDraft(subject=None, body=None, override_reason=""):
            return False
        case ApproveDraft() | EditDraft():
            return True
        case _:
            return False
