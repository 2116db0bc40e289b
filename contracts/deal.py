"""The page of category `deal`: what was said to one company, so that no two people there get the same words.

An account shares its partition with its leads (see identity), so a draft and what it adds here are one commit.
"""

from datetime import datetime
from typing import TypeAlias

import msgspec

from contracts.envelope import AnyEnvelope, Event

FOLD = 1
REMEMBERED = 40


class Wording(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How a text was worded, so that the next version can be the same but for what was asked.

    `line` is which of the sender's ways to say the offer it has.
    """

    subject: int
    short: bool = False
    soft: bool = False
    line: int = 0


class AccountApproached(Event, frozen=True, kw_only=True, tag="deal.approached.v1"):
    """A draft was written to somebody at this company. Emitted by CRAFTER together with the draft.

    `opener` is the fingerprint of the first sentence, `shingles` the sorted hashes of the text's word shingles.
    """

    account_id: str
    lead_id: str
    email_id: str
    run_id: str
    angle: str
    variant: int
    opener: str
    shingles: tuple[int, ...]
    wording: Wording | None = None

    def about(self) -> str:
        return self.account_id


class Approach(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One text that went into the queue for somebody at the company.

    `wording` is left out of the bytes of texts that were recorded before it was.
    """

    lead_id: str
    email_id: str
    angle: str
    variant: int
    opener: str
    shingles: tuple[int, ...]
    at: datetime
    wording: Wording | msgspec.UnsetType = msgspec.UNSET


class Account(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The latest texts to one company, one per e-mail, oldest first; `approached` counts them all."""

    approached: int = 0
    approaches: tuple[Approach, ...] = ()


DealEvent: TypeAlias = AccountApproached


def evolve(state: Account | None, heard: AnyEnvelope) -> Account:
    """The account after this fact. Total."""
    account = state or Account()
    match heard.event:
        case AccountApproached() as said:
            others = tuple(one for one in account.approaches if one.email_id != said.email_id)
            approach = Approach(
                lead_id=said.lead_id,
                email_id=said.email_id,
                angle=said.angle,
                variant=said.variant,
                opener=said.opener,
                shingles=said.shingles,
                at=heard.recorded_at,
                wording=said.wording or msgspec.UNSET,
            )
            return Account(approached=account.approached + 1, approaches=(*others, approach)[-REMEMBERED:])
        case _:
            return account
