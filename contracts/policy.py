"""The page of category `policy`: what may leave this machine, and each reservation made under it.

Everything here lives in the control partition, so that one commit reads every gate where it is written.
"""

from datetime import datetime
from typing import Literal, TypeAlias

import msgspec

from contracts.envelope import AnyEnvelope, Event, EventId, FreeText
from contracts.exclusion import ExclusionKind

FOLD = 1
POLICY_ID = "policy"
MODEL_ID = "model"
EXCLUSIONS_ID = "exclusions"

Phase: TypeAlias = Literal["shadow", "parallel", "assisted", "autonomous"]
SHADOW_PHASES = frozenset({"shadow", "parallel"})


class OutboundHalted(Event, frozen=True, kw_only=True, tag="policy.outbound_halted.v1"):
    """Nothing is reserved any more until it is resumed."""

    reason: str

    def about(self) -> str:
        return POLICY_ID


class OutboundResumed(Event, frozen=True, kw_only=True, tag="policy.outbound_resumed.v1"):
    """A halt is over."""

    reason: str

    def about(self) -> str:
        return POLICY_ID


class AddressSuppressed(Event, frozen=True, kw_only=True, tag="policy.address_suppressed.v1"):
    """This address is never written to again. `recipient_key` is its keyed hash, never the address."""

    recipient_key: str
    reason: str

    def about(self) -> str:
        return self.recipient_key


class ModelActivated(Event, frozen=True, kw_only=True, tag="policy.model_activated.v1"):
    """From here on leads are scored by this model; scores that stand are not touched. Emitted for the person who said so.

    `text` is the whole file, so that every score can be explained for as long as the log is there.
    """

    model_id: str
    model_hash: str
    text: str
    reason: str = ""

    def about(self) -> str:
        return MODEL_ID


class Excluded(Event, frozen=True, kw_only=True, tag="policy.excluded.v1"):
    """Whoever this key covers is left alone from now on: no lead, no draft, no approval, no send. By a person.

    `key` is a keyed hash (see `contracts.exclusion`), never the address or domain; `source` names the list it came from.
    """

    key: str
    kind: ExclusionKind
    reason: FreeText = ""
    source: str = ""

    def about(self) -> str:
        return self.key


class ExclusionRemoved(Event, frozen=True, kw_only=True, tag="policy.exclusion_removed.v1"):
    """This key covers nobody any more. What was taken out of the queue because of it stays out. By a person."""

    key: str

    def about(self) -> str:
        return self.key


class ExclusionsCounted(Event, frozen=True, kw_only=True, tag="policy.exclusions_counted.v1"):
    """How many keys are excluded now, recorded with each change of the list: with none, nobody has to be looked up."""

    count: int

    def about(self) -> str:
        return EXCLUSIONS_ID


class SendGranted(Event, frozen=True, kw_only=True, tag="policy.send_granted.v1"):
    """Every gate was open for this e-mail. `simulated` sends use no cap."""

    email_id: str
    lead_id: str
    run_id: str
    content_hash: str
    simulated: bool
    why: str

    def about(self) -> str:
        return self.email_id


class SendDenied(Event, frozen=True, kw_only=True, tag="policy.send_denied.v1"):
    """A gate was closed for this e-mail."""

    email_id: str
    lead_id: str
    run_id: str
    content_hash: str
    gate: str
    why: str

    def about(self) -> str:
        return self.email_id


class Policy(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="policy"):
    """What holds for every send. The phase starts at shadow and nothing in this version can move it."""

    phase: Phase = "shadow"
    halted: bool = False
    halt_reason: str = ""


class Suppression(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="suppression"):
    """One address that is left alone."""

    reason: str
    at: datetime


class ActiveModel(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="model"):
    """The model that leads are scored by, and who said so when; `hashes` holds that of each id that ever was it."""

    model_id: str
    model_hash: str
    text: str
    reason: str
    by: str
    at: datetime
    hashes: dict[str, str] = {}


class Exclusion(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="exclusion"):
    """One address or domain that is left alone, or was until somebody lifted it."""

    kind: ExclusionKind
    at: datetime
    reason: FreeText = ""
    source: str = ""
    active: bool = True


class Exclusions(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="exclusions"):
    """The list as a whole."""

    count: int = 0


class Reservation(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="reservation"):
    """The verdict on one e-mail; `fact` is its event id."""

    granted: bool
    content_hash: str
    fact: EventId
    gate: str = ""


PolicyState: TypeAlias = Policy | Suppression | Exclusion | Exclusions | Reservation | ActiveModel
PolicyEvent: TypeAlias = (
    OutboundHalted
    | OutboundResumed
    | AddressSuppressed
    | ModelActivated
    | Excluded
    | ExclusionRemoved
    | ExclusionsCounted
    | SendGranted
    | SendDenied
)


def evolve(state: PolicyState | None, heard: AnyEnvelope) -> PolicyState:
    """The policy, suppression, exclusion, model or reservation after this fact. Total."""
    policy = state if isinstance(state, Policy) else Policy()
    match heard.event:
        case OutboundHalted(reason=reason):
            return msgspec.structs.replace(policy, halted=True, halt_reason=reason)
        case OutboundResumed():
            return msgspec.structs.replace(policy, halted=False, halt_reason="")
        case AddressSuppressed(reason=reason):
            return Suppression(reason=reason, at=heard.recorded_at)
        case ModelActivated() as said:
            return ActiveModel(
                model_id=said.model_id,
                model_hash=said.model_hash,
                text=said.text,
                reason=said.reason,
                by=str(heard.actor),
                at=heard.recorded_at,
                hashes=(state.hashes if isinstance(state, ActiveModel) else {}) | {said.model_id: said.model_hash},
            )
        case Excluded(kind=kind, reason=reason, source=source):
            return Exclusion(kind=kind, at=heard.recorded_at, reason=reason, source=source)
        case ExclusionRemoved():
            known = state if isinstance(state, Exclusion) else Exclusion(kind="address", at=heard.recorded_at)
            return msgspec.structs.replace(known, active=False)
        case ExclusionsCounted(count=count):
            return Exclusions(count=count)
        case SendGranted(content_hash=content_hash):
            return Reservation(granted=True, content_hash=content_hash, fact=heard.event_id)
        case SendDenied(content_hash=content_hash, gate=gate):
            return Reservation(granted=False, content_hash=content_hash, fact=heard.event_id, gate=gate)
        case _:
            return state or policy
