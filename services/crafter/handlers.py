"""Gathers the texts that could be written, judged one after another until one passes, and has them decided."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from jinja2 import TemplateError

from contracts.deal import Account, Wording
from contracts.email import Email, EmailChangesRequested, Writing
from contracts.envelope import AnyEnvelope, Event
from contracts.facts import Ref
from contracts.identity import email_id
from contracts.lead import Lead, LeadReleased, LeadScored
from services.crafter.angles import Candidate, candidates, first_proof, line_for
from services.crafter.decide import FIRST_STEP, Asked, Option, Terms, decide_draft, may_draft, unused
from services.crafter.library import Library
from services.crafter.memory import RejectionMemoryReader
from services.crafter.render import Voice, problem, render, sayable
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
    options = _options(event, lead, account, memory, sheet, now, library, voice, unusable)
    tried = list(_until_one_passes(options, email))
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


def _told(account: Account | None, lead_id: str) -> frozenset[int]:
    """What colleagues read, as far as their texts are remembered."""
    others = (one.shingles for one in (account.approaches if account else ()) if one.lead_id != lead_id)
    return frozenset().union(*others)


def _untold_first(
    found: Iterator[Candidate], told: frozenset[int], voice: Voice, library: Library, persona: str
) -> Iterator[Candidate]:
    """Those last whose problem a colleague read about: two of one trade would lay the same paragraph side by side."""
    later = []
    for one in found:
        runs = (
            frozenset(shingles(problem(voice, library, persona, one.angle, one.variant).text)) if told else frozenset()
        )
        if len(runs & told) > TOLD_MAX * len(runs):
            later.append(one)
        else:
            yield one
    yield from later


def _options(
    event: Asked,
    lead: Lead,
    account: Account | None,
    memory: RejectionMemory,
    sheet: Sheet,
    now: datetime,
    library: Library,
    voice: Voice,
    unusable: list[str],
) -> Iterator[Option]:
    instruction = event.instruction if isinstance(event, EmailChangesRequested) else ""
    named = event.wishes if isinstance(event, EmailChangesRequested) else ()
    words = sayable(sheet, voice)
    wishes = asked(named, instruction) if instruction or named else NO_WISHES
    company = plain(lead.fields.get("company"))
    # Colleagues differ in the number, and so in the way to say the offer and in the proof, as far as there are any.
    line = line_for(event.lead_id, account, max(len(voice.offer.ways()), len(voice.offer.proofs)))
    proof = line + first_proof(event.account_id)
    found = candidates(event.lead_id, lead, words, library=library, memory=memory, account=account, wishes=wishes)
    if not wishes.keep:
        found = _untold_first(found, _told(account, event.lead_id), voice, library, lead.persona)
    for angle, variant, subject, short, soft, altered in found:
        try:
            text = render(
                sheet,
                voice,
                library,
                angle,
                variant,
                subject=subject,
                persona=lead.persona,
                short=short,
                soft=soft,
                line=line,
                proof=proof,
            )
        except UNRENDERED as error:
            # The user's own template: what compiles can still fail on a value. Other angles are tried.
            unusable.append(f"The template {angle.name} cannot be rendered: {type(error).__name__}.")
            continue
        verdict, opener, shingles = examine(
            text.subject,
            text.text,
            claims=text.claims,
            recipient_lead_id=event.lead_id,
            company=company,
            account=account,
            memory=memory,
            compliance=voice.compliance,
            now=now,
        )
        writing = Writing(
            angle=angle.name,
            template=angle.name,
            template_hash=angle.hash,
            variant=variant,
            campaign=lead.campaign,
            drafter=DRAFTER,
            offer_hash=voice.hash,
            instruction=instruction,
            wishes=named,
        )
        yield Option(
            subject=text.subject,
            text=text.text,
            claims=text.claims,
            verdict=verdict,
            writing=writing,
            opener=opener,
            shingles=shingles,
            wording=Wording(subject=subject, short=short, soft=soft, line=line),
            altered=altered,
        )
