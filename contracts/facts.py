"""The register of every fact and of every state that facts fold into."""

from collections.abc import Callable
from typing import NamedTuple, TypeVar, cast, get_args

import msgspec

from contracts import access, deal, email, lead, ops, policy, run
from contracts.envelope import AnyEnvelope, Event

State = msgspec.Struct
Evolve = Callable[[State | None, AnyEnvelope], State]
S = TypeVar("S", bound=State)


class Ref(NamedTuple):
    """An aggregate: the category whose stream holds its facts, and its id."""

    category: str
    id: str


class Kind(NamedTuple):
    """How the facts of one category fold.

    `fold` is raised when `evolve` or the state changes its meaning: snapshots of another fold are not used. `marked`
    are the facts whose position a snapshot keeps.
    """

    category: str
    state: object
    evolve: Evolve
    fold: int
    marked: tuple[type[Event], ...] = ()


def _kind(
    category: str,
    state: object,
    evolve: Callable[[S | None, AnyEnvelope], S],
    fold: int,
    marked: tuple[type[Event], ...] = (),
) -> Kind:
    return Kind(category, state, cast(Evolve, evolve), fold, marked)


KINDS: dict[str, Kind] = {
    kind.category: kind
    for kind in (
        _kind("lead", lead.Lead, lead.evolve, lead.FOLD),
        _kind("email", email.Email, email.evolve, email.FOLD, email.MARKED),
        _kind("run", run.Run, run.evolve, run.FOLD),
        _kind("policy", policy.PolicyState, policy.evolve, policy.FOLD),
        _kind("deal", deal.Account, deal.evolve, deal.FOLD),
        _kind("access", access.AccessAccount, access.evolve, access.FOLD),
        _kind("ops", ops.DeadLetter, ops.evolve, ops.FOLD),
    )
}
CATEGORIES: tuple[str, ...] = ("lead", "email", "run", "policy", "deal", "access", "ops")

SPREAD = frozenset({"lead", "email", "deal"})
"""Categories that spread over the partitions; all others live in the control partition."""

_FACTS: tuple[type[Event], ...] = (
    *get_args(lead.LeadEvent),
    *get_args(email.EmailEvent),
    *get_args(run.RunEvent),
    *get_args(policy.PolicyEvent),
    deal.AccountApproached,
    *get_args(access.AccessEvent),
    *get_args(ops.OpsEvent),
)
FACTS: dict[str, type[Event]] = {fact.type_tag(): fact for fact in _FACTS}


_CATEGORY_OF: dict[type[Event], str] = {fact: fact.type_category() for fact in _FACTS}


def ref_of(event: Event) -> Ref:
    """The aggregate that a fact is recorded on.

    Raises:
        KeyError: the fact is not in the register; a programming error.
    """
    return Ref(_CATEGORY_OF[type(event)], event.about())
