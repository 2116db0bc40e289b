"""Puts one message together, exactly as its recipient would see it, with what it says of them and why."""

from typing import NamedTuple, TypeAlias

import msgspec

from contracts.email import Claim
from services.crafter.library import Library, Pain, load_speech
from services.crafter.offer import Offer, offer_hash
from services.crafter.sheet import Cited, Sheet
from services.crafter.template_file import Angle, Part, spaced
from services.guard.draft import Compliance

NO_PART = -1

Words: TypeAlias = dict[str, Cited | str | bool | int]


class Voice(NamedTuple):
    """An offer made ready: what every message of this sender shares. `angles` it may use; empty for all."""

    offer: Offer
    hash: str
    sender: str
    compliance: Compliance
    closing: str
    angles: frozenset[str] = frozenset()


class Rendered(NamedTuple):
    """A whole message, and a claim for every value of the lead in it."""

    subject: str
    text: str
    claims: tuple[Claim, ...]


def voice_of(offer: Offer, angles: frozenset[str] = frozenset()) -> Voice:
    """Make an offer ready in the language that it is written in, once for all messages."""
    speech = load_speech(offer.language)
    signature = f"{speech.forms.sign_off}\n{offer.sender_name}\n{offer.sender_title}, {offer.company}"
    if offer.booking_link:
        signature += f"\n{offer.booking_link}"
    closing = f"{signature}\n\n{offer.postal_address}\n{offer.opt_out}\n"
    marks = speech.forms.space_before
    said = msgspec.structs.replace(
        offer,
        line=spaced(offer.line, marks),
        lines=tuple(msgspec.structs.replace(one, text=spaced(one.text, marks)) for one in offer.lines),
        resource=spaced(offer.resource, marks),
        problems=tuple(msgspec.structs.replace(one, text=spaced(one.text, marks)) for one in offer.problems),
        proofs=tuple(msgspec.structs.replace(one, text=spaced(one.text, marks)) for one in offer.proofs),
    )
    return Voice(said, offer_hash(offer), offer.sender(), offer.compliance(), closing, angles)


OF_OFFICE_WORK = frozenset({"tool", "tools", "role"})
"""What is said only of what the templates themselves speak of."""


def sayable(sheet: Sheet, voice: Voice) -> frozenset[str]:
    """The words that a text of this sender can say to this lead.

    Of an offer with problems of its own nobody knows that the lead's tools or vacancies have to do with it.
    """
    words = frozenset(sheet.words) | ({"resource"} if voice.offer.resource else frozenset())
    return words - OF_OFFICE_WORK if voice.offer.problems else words


def problem(voice: Voice, library: Library, persona: str, angle: Angle, variant: int) -> Pain:
    """What a text speaks of: the offer's own problem, else one that people of this kind have."""
    own = voice.offer.problems
    if not own:
        return library.pain(persona, angle.theme, variant)
    one = own[(variant + len(angle.name)) % len(own)]
    return Pain(topic=one.topic, text=one.text)


def render(
    sheet: Sheet,
    voice: Voice,
    library: Library,
    angle: Angle,
    variant: int,
    *,
    subject: int,
    persona: str,
    short: bool = False,
    soft: bool = False,
    line: int = 0,
    proof: int = 0,
) -> Rendered:
    """Write one message. The same arguments give the same text in every process.

    Args:
        sheet: the lead's words; it must hold what the opener needs (`angles.candidates` asks for no other).
        voice: the sender.
        library: for the persona's pain.
        angle: the template.
        variant: which opener; pain, bridge and ask follow from it.
        subject: which of the two subjects.
        persona: whose pain; an unknown one gets what everybody has.
        short: leave out what is not needed for the ask to be understood.
        soft: ask what is easy to say no to.
        line: which way to say what is offered, counted from 0.
        proof: which of the offer's proofs, likewise; a higher number begins anew.
    """
    sheet.begin()
    offer, ways = voice.offer, voice.offer.ways()
    pain = problem(voice, library, persona, angle, variant)
    words: Words = {
        **sheet.words,
        "topic": pain.topic,
        "Topic": pain.topic[0].upper() + pain.topic[1:],
        "resource": offer.resource,
        "line": ways[line % len(ways)],
        "proof": offer.proofs[proof % len(offer.proofs)].text,
        "pain": pain.text,
        "short": short,
    }
    name = sheet.words.get(library.speech.forms.greets)
    words["greeting"] = library.speech.greeting(str(name) if name else "")
    asks = angle.soft_asks if soft else angle.asks
    # The title stands in each letter, and once: in the ask where the opener does not say it.
    in_opener = "title" in angle.openers[variant].needs
    asks = tuple(one for one in asks if ("title" in one.needs) != in_opener) or asks
    words["subject_number"] = subject
    words["opener_number"] = variant
    words["bridge_number"] = NO_PART if short else _fitting(angle.bridges, variant // 2, words)
    words["ask_number"] = _fitting(asks, variant, words)
    # The order of the claims is that of the text, the subject last.
    body = angle.body.render(words)
    return Rendered(
        subject=angle.subject.render(words),
        text=f"{body}\n\n{voice.closing}",
        claims=sheet.claims(),
    )


def _fitting(parts: tuple[Part, ...], wanted: int, words: Words) -> int:
    """The number of the wanted part, or of the next one whose words are there."""
    turned = (parts[(wanted + step) % len(parts)] for step in range(len(parts)))
    return next((part.number for part in turned if part.needs <= words.keys()), NO_PART)
