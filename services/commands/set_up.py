"""What a user set up, as it is shown: the offer in use, what is missing, and the campaigns."""

from typing import Literal, Protocol

import msgspec

from contracts.campaign import Audience
from contracts.setup import Gap


class OfferProof(msgspec.Struct, frozen=True, kw_only=True):
    """One sentence that a draft may say about the sender, and what shows that it is true."""

    text: str
    evidence: str


class OfferProblem(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of work that the offer is about, and what it is like."""

    topic: str
    text: str


class OfferUsed(msgspec.Struct, frozen=True, kw_only=True):
    """The offer in whose words drafts are written.

    Args:
        whose: `own`, or `demonstration`, which invented people alone are written to in.
        hash: as each draft names it.
    """

    whose: Literal["own", "demonstration"]
    hash: str
    company: str
    sender: str
    sender_title: str
    reply_to: str
    postal_address: str
    opt_out: str
    line: str
    line_evidence: str
    lines: list[OfferProof]
    proofs: list[OfferProof]
    resource: str
    resource_evidence: str
    booking_link: str
    language: str
    time_zone: str
    competitors: list[str]
    problems: list[OfferProblem]


class CampaignUsed(msgspec.Struct, frozen=True, kw_only=True):
    """One campaign. It can be used where nothing is missing.

    Args:
        angles: the ways to begin that it may use; empty for all.
        offer_hash: as its drafts name the offer, with what the campaign changes in it; empty where it cannot be used.
    """

    name: str
    audience: Audience
    angles: list[str]
    company: str
    sender: str
    language: str
    offer_hash: str
    missing: list[Gap]


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """Everything of it. `missing` keeps real people from being written to; `own_rows` says whether they may be at all."""

    namespace: str
    own_rows: bool
    offer: OfferUsed
    missing: list[Gap]
    campaigns: list[CampaignUsed]


class ShowsSetUp(Protocol):
    """Looks at the files anew with each call."""

    def shown(self) -> Shown:
        """Everything, as it stands now."""
        ...
