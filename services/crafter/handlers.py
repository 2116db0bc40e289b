"""Gathers the texts that could be written, judged one after another until one passes, and has them decided."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from jinja2 import TemplateError

from contracts.deal import Account, Wording
from contracts.email import Email, EmailChangesRequested, Wish, Writing
from contracts.envelope import AnyEnvelope, Event
from contracts.facts import Ref
from contracts.identity import email_id
from contracts.lead import Lead, LeadReleased, LeadScored
from services.crafter.angles import Candidate, candidates, first_proof, line_for
from services.crafter.decide import FIRST_STEP, Asked, Option, Terms, decide_draft, may_draft, unused
from services.crafter.library import Library
from services.crafter.memory import RejectionMemoryReader
from services.crafter.render import Rendered, Voice, problem, render, sayable
from services.crafter.sheet import Sheet, plain
from services.crafter.voices import VoiceOf
from services.crafter.wishes import NO_WISHES, asked
from services.guard.draft import RejectionMemory
from services.guard.judge import examine
from services.guard.text import shingles
from services.runtime.service import States

UNRENDERED = (TemplateError, ArithmeticError, LookupError, TypeError, ValueError)
DRAFTER = "offline/1"
STAGE = "craft"
TOLD_MAX = 0.25
"""The share of a paragraph's word runs that may stand in what a colleague read; about half of each text is remembered."""
TRIES_MAX = 24
"""Texts tried for one lead. A company with more people than openers ends here: blocked, not repeated."""


@dataclass(frozen=True)
class Desk:
    """What CRAFTER works with.

    Args:
        library_of: the angles, by language.
        voice_of: the sender, by lead.
        memory: what people rejected.
        clock: the time, aware.
        salt: 16 bytes in hex, derived from the id of what was heard.
        review_ttl: how long a draft may wait for a person.
    """

    library_of: Callable[[str], Library]
    voice_of: VoiceOf
    memory: RejectionMemoryReader
    clock: Callable[[], datetime]
    salt: Callable[[str], str]
    review_ttl: timedelta


async def on_lead_scored(heard: AnyEnvelope, states: States, /, *, desk: Desk) -> Sequence[Event]:
    """Draft the first touch of a lead that is to be written to. An unreadable memory is left to the loop."""
    return await _write(heard, heard.event, states, desk) if isinstance(heard.event, LeadScored) else []


async def on_lead_released(heard: AnyEnvelope, states: States, /, *, desk: Desk) -> Sequence[Event]:
    """As a scored lead, if it was held here."""
    event = heard.event
    if not isinstance(event, LeadReleased) or event.stage != STAGE:
        return []
    return await _write(heard, event, states, desk)


async def on_changes_requested(heard: AnyEnvelope, states: States, /, *, desk: Desk) -> Sequence[Event]:
    """Write another text for the same e-mail, as far as the instruction can be read."""
    return await _write(heard, heard.event, states, desk) if isinstance(heard.event, EmailChangesRequested) else []


async def _write(heard: AnyEnvelope, event: Asked, states: States, desk: Desk) -> list[Event]:
    if isinstance(event, LeadScored) and event.next != "draft":
        return []
    lead = states.get(Ref("lead", event.lead_id), Lead)
    email = states.get(Ref("email", email_id(event.lead_id, FIRST_STEP)), Email)
    if lead is None or not may_draft(lead, email, event):
        return []
    account = states.get(Ref("deal", event.account_id), Account)
    # Nobody can have rejected what was never written.
    memory = await desk.memory.get(event.lead_id) if email is not None else RejectionMemory()
    now = desk.clock()
    voice = desk.voice_of(lead)
    library = desk.library_of(voice.offer.language).only(voice.angles)
    sheet = Sheet(lead, library.speech)
    unusable = [one.words() for one in library.problems if one.angle]
    texts = _Texts(event, lead, account, memory, now, sheet, voice, library, unusable)
    tried = list(_until_one_passes(texts.options(), email))
    terms = Terms(
        now=now,
        review_ttl=desk.review_ttl,
        salt=desk.salt(heard.event_id),
        sender=voice.sender,
        reply_to=voice.offer.reply_to,
    )
    missing = [field for field in ("company", "title") if field not in sheet.words]
    return decide_draft(lead, email, event, tried, terms=terms, missing=missing, unusable=unusable)


def _until_one_passes(options: Iterator[Option], email: Email | None) -> Iterator[Option]:
    for option in islice(options, TRIES_MAX):
        yield option
        if unused(option, email):
            return


@dataclass(frozen=True)
class _Texts:
    """The texts that could be written to one lead, each written and judged when it is asked for.

    Args:
        account: what the company was written before.
        memory: what people rejected for this lead.
        unusable: why some could not be written; more is added as it is met.
    """

    event: Asked
    lead: Lead
    account: Account | None
    memory: RejectionMemory
    now: datetime
    sheet: Sheet
    voice: Voice
    library: Library
    unusable: list[str]

    def options(self) -> Iterator[Option]:
        """The best first."""
        event, voice, lead = self.event, self.voice, self.lead
        # Colleagues differ in the number, and so in the way to say the offer and in the proof, as far as there are any.
        line = line_for(event.lead_id, self.account, max(len(voice.offer.ways()), len(voice.offer.proofs)))
        proof = line + first_proof(event.account_id)
        for one in self._candidates():
            try:
                text = render(
                    self.sheet,
                    voice,
                    self.library,
                    one.angle,
                    one.variant,
                    subject=one.subject,
                    persona=lead.persona,
                    short=one.short,
                    soft=one.soft,
                    line=line,
                    proof=proof,
                )
            except UNRENDERED as error:
                # The user's own template: what compiles can still fail on a value. Other angles are tried.
                self.unusable.append(f"The template {one.angle.name} cannot be rendered: {type(error).__name__}.")
            else:
                yield self._judged(one, text, line)

    def _candidates(self) -> Iterator[Candidate]:
        wishes = asked(self._named, self._instruction) if self._instruction or self._named else NO_WISHES
        found = candidates(
            self.event.lead_id,
            self.lead,
            sayable(self.sheet, self.voice),
            library=self.library,
            memory=self.memory,
            account=self.account,
            wishes=wishes,
        )
        return found if wishes.keep else self._untold_first(found)

    def _untold_first(self, found: Iterator[Candidate]) -> Iterator[Candidate]:
        """Those last whose problem a colleague read about: two of one trade would lay the same paragraph side by side."""
        approaches = self.account.approaches if self.account else ()
        told = frozenset[int]().union(*(one.shingles for one in approaches if one.lead_id != self.event.lead_id))
        if not told:
            yield from found
            return
        later = []
        for one in found:
            speaks_of = problem(self.voice, self.library, self.lead.persona, one.angle, one.variant)
            runs = frozenset(shingles(speaks_of.text))
            if len(runs & told) > TOLD_MAX * len(runs):
                later.append(one)
            else:
                yield one
        yield from later

    def _judged(self, one: Candidate, text: Rendered, line: int) -> Option:
        event, lead, voice = self.event, self.lead, self.voice
        verdict, opener, shingles = examine(
            text.subject,
            text.text,
            claims=text.claims,
            recipient_lead_id=event.lead_id,
            company=plain(lead.fields.get("company")),
            account=self.account,
            memory=self.memory,
            compliance=voice.compliance,
            now=self.now,
        )
        writing = Writing(
            angle=one.angle.name,
            template=one.angle.name,
            template_hash=one.angle.hash,
            variant=one.variant,
            campaign=lead.campaign,
            drafter=DRAFTER,
            offer_hash=voice.hash,
            instruction=self._instruction,
            wishes=self._named,
        )
        return Option(
            subject=text.subject,
            text=text.text,
            claims=text.claims,
            verdict=verdict,
            writing=writing,
            opener=opener,
            shingles=shingles,
            wording=Wording(subject=one.subject, short=one.short, soft=one.soft, line=line),
            altered=one.altered,
        )

    @property
    def _instruction(self) -> str:
        return self.event.instruction if isinstance(self.event, EmailChangesRequested) else ""

    @property
    def _named(self) -> tuple[Wish, ...]:
        return self.event.wishes if isinstance(self.event, EmailChangesRequested) else ()
