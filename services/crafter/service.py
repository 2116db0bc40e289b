"""What CRAFTER hears, at a glance."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from contracts.email import EmailChangesRequested
from contracts.envelope import AnyEnvelope
from contracts.facts import Ref
from contracts.identity import email_id
from contracts.lead import LeadReleased, LeadScored
from services.crafter.decide import FIRST_STEP, Asked
from services.crafter.handlers import Desk, on_changes_requested, on_lead_released, on_lead_scored
from services.crafter.library import Library
from services.crafter.memory import RejectionMemoryReader
from services.crafter.offer import Offer
from services.crafter.render import Voice, voice_of
from services.crafter.voices import VoiceOf
from services.runtime.service import Hears, Service

NAME = "crafter"
REVIEW_TTL = timedelta(hours=72)


def build(
    *,
    library: Library | Callable[[str], Library],
    offer: Offer | VoiceOf,
    memory: RejectionMemoryReader,
    clock: Callable[[], datetime],
    salt: Callable[[str], str],
    review_ttl: timedelta = REVIEW_TTL,
) -> Service:
    """The name is also the consumer group.

    Args:
        library: from `load_library`, one for every lead; or what finds that of a language.
        offer: from `load_offer`, one for every lead; or what finds the voice of each.
        memory: what people rejected; where it cannot be read the delivery fails.
        clock: the time, aware.
        salt: 16 bytes in hex for the id of what was heard; keyed, so that nobody can derive it from the log.
        review_ttl: how long a draft may wait for a person.
    """
    finds = _always(voice_of(offer)) if isinstance(offer, Offer) else offer
    texts = _one(library) if isinstance(library, Library) else library
    desk = Desk(library_of=texts, voice_of=finds, memory=memory, clock=clock, salt=salt, review_ttl=review_ttl)
    return Service(
        NAME,
        {
            LeadScored: Hears(partial(on_lead_scored, desk=desk), loads),
            LeadReleased: Hears(partial(on_lead_released, desk=desk), loads),
            EmailChangesRequested: Hears(partial(on_changes_requested, desk=desk), loads),
        },
    )


def _always(voice: Voice) -> VoiceOf:
    return lambda _: voice


def _one(library: Library) -> Callable[[str], Library]:
    return lambda _: library


def loads(heard: AnyEnvelope) -> tuple[Ref, ...]:
    """Account, lead and e-mail. The account is the lane: colleagues are written to one after another."""
    event = heard.event
    if isinstance(event, Asked):
        mail = email_id(event.lead_id, FIRST_STEP)
        return (Ref("deal", event.account_id), Ref("lead", event.lead_id), Ref("email", mail))
    return ()
