"""Which texts to try for a lead, best first: the same in every process, and not what the colleagues got."""

import hashlib
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, groupby
from typing import NamedTuple

from contracts.deal import Account, Wording
from contracts.lead import Lead, Tier
from services.crafter.library import Library
from services.crafter.template_file import Angle
from services.crafter.wishes import NO_WISHES, Wishes
from services.guard.draft import RejectionMemory

KEY = b"alpha-swarm.crafter.angles.1"
RICH = frozenset({"role", "tool", "tools", "one_firm", "firms", "people"})
DRAFTED_AS: dict[Tier, Tier] = {"tier_4": "tier_3", "needs_data": "tier_3"}
FIELD_OF = {
    "one_firm": "industry",
    "firms": "industry",
    "among_firms": "industry",
    "people": "employees",
    "tool": "technologies",
    "tools": "technologies",
    "role": "hiring",
}
"""The words that say something of a company besides its name, each with the field it is from."""
HIRING_TIERS = frozenset({"tier_1", "tier_2"})


class Candidate(NamedTuple):
    """One text that could be written."""

    angle: Angle
    variant: int
    subject: int
    short: bool
    soft: bool = False
    altered: bool = False
    """Whether it is the text before with another ending or less of it, which may begin in the same words."""


def candidates(
    lead_id: str,
    lead: Lead,
    words: frozenset[str],
    *,
    library: Library,
    memory: RejectionMemory,
    account: Account | None,
    wishes: Wishes = NO_WISHES,
) -> Iterator[Candidate]:
    """Every text that fits, best first; none where the lead's words suffice for no opener.

    The order follows from a keyed hash of the lead, so that leads spread over the angles. Before it come: what a person
    asked for, an opening for which the company hires, a visit to the site; then the angles of the lead's tier, those of
    other tiers last. Angles and openers that colleagues got go to the back; rejected templates are left out.

    Args:
        lead_id: the key of the order.
        lead: tier, persona and origin.
        words: what can be said of the lead, and `resource` where the offer has one.
        library: the angles.
        memory: what people rejected for this lead.
        account: what others at the company were written.
        wishes: what a person asked of a new text.
    """
    rejected = {one.template for one in memory.rejections}
    approaches = account.approaches if account else ()
    others = [(one.angle, one.variant) for one in approaches if one.lead_id != lead_id]
    used = Counter(angle for angle, _ in others)
    taken = set(others)
    told = frozenset().union(*(_said(library, one) for one in others))
    mine = next((one for one in approaches if one.lead_id == lead_id), None)
    own = (mine.angle, mine.variant) if mine else None
    worded = mine.wording if mine and isinstance(mine.wording, Wording) else None
    digest = hashlib.blake2b(lead_id.encode(), key=KEY, digest_size=32).digest()
    tier = DRAFTED_AS.get(lead.tier or "needs_data", lead.tier)
    first = _first(lead, words)
    if used[first]:
        first = ""  # Two letters about one opening are one letter.
    said = _said(library, own) if wishes.fact else frozenset()

    def new_fact(angle: Angle, variant: int) -> bool:
        needs = angle.openers[variant].needs
        return needs <= words and bool(_facts(needs) - said)

    def rank(angle: Angle) -> tuple[bool, bool, bool, bool, bool, int]:
        stale = own is not None and angle.name == own[0] and not wishes.keep
        return (
            stale,
            wishes.fact and not any(new_fact(angle, one.number) for one in angle.openers),
            angle.name not in wishes.wanted,
            angle.name != first,
            tier not in angle.tiers,
            used.get(angle.name, 0),
        )

    def mixed(angle: Angle) -> bytes:
        return hashlib.blake2b(digest + angle.name.encode(), digest_size=8).digest()

    fitting = [
        angle
        for angle in library.angles.values()
        if angle.needs <= words
        and angle.name not in rejected
        and angle.name not in wishes.unwanted
        and (not angle.personas or lead.persona in angle.personas)
    ]
    if wishes.keep and own is not None and own[0] in library.angles and own[0] not in rejected:
        kept = library.angles[own[0]]
        if own[1] < len(kept.openers) and kept.needs | kept.openers[own[1]].needs <= words:
            yield from _kept(kept, own[1], words, digest, wishes, worded, said)
    # One opener of each angle in turn, so that the second try is another angle. The first is nearly always enough, so
    # angles of equal rank are mixed only when their turn comes.
    ranked = chain.from_iterable(
        sorted(equals, key=mixed) for _, equals in groupby(sorted(fitting, key=rank), key=rank)
    )
    waiting: Iterable[tuple[Angle, Iterator[int]]]
    waiting = (
        (angle, iter(sorted(_variants(angle, words, digest, taken, told), key=lambda one: not new_fact(angle, one))))
        if wishes.fact
        else (angle, _variants(angle, words, digest, taken, told))
        for angle in ranked
    )
    while waiting:
        left = []
        for angle, variants in waiting:
            variant = next(variants, None)
            if variant is not None:
                yield from _worded(angle, variant, words, digest, wishes, worded)
                left.append((angle, variants))
        waiting = left


def line_for(lead_id: str, account: Account | None, ways: int) -> int:
    """Which of so many ways to say the offer: the one this lead read before, else one that the fewest colleagues read."""
    read = [(one.lead_id, one.wording.line if one.wording else 0) for one in (account.approaches if account else ())]
    own = next((line for whose, line in read if whose == lead_id), None)
    if own is not None:
        return own % ways
    colleagues = Counter(line % ways for _, line in read)
    return min(range(ways), key=lambda line: (colleagues[line], line))


def first_proof(account_id: str) -> int:
    """With which proof a company begins, so that not every company's first letter has the same one."""
    return zlib.crc32(account_id.encode())


def _first(lead: Lead, words: frozenset[str]) -> str:
    # Somebody of the third tier seldom decides on a vacancy, and would wonder why they are asked.
    if "role" in words and lead.tier in HIRING_TIERS:
        return "hiring_trigger"
    visited = lead.origin is not None and lead.origin.kind == "website_visitor"
    return "value_first" if visited else ""


def _variants(
    angle: Angle, words: frozenset[str], digest: bytes, taken: set[tuple[str, int]], told: frozenset[str]
) -> Iterator[int]:
    """The openers that can be written; those that colleagues got last, before them those that tell what they were told.

    Two letters that begin with the same size and industry are one letter to whoever lays them side by side. For every
    other lead those that say more of the company come first: for all, one opener would fill the queue.
    """
    count = len(angle.openers)
    turned = ((digest[0] + step) % count for step in range(count))
    able = [variant for variant in turned if angle.openers[variant].needs <= words]
    yield from sorted(
        able,
        key=lambda one: (
            (angle.name, one) in taken,
            len(_facts(angle.openers[one].needs) & told),
            digest[2] % 2 == 0 and not angle.openers[one].needs & RICH,
        ),
    )


def _facts(needs: frozenset[str]) -> frozenset[str]:
    """What an opener says of the company besides its name, by the field it is from."""
    return frozenset(FIELD_OF[one] for one in needs if one in FIELD_OF)


def _said(library: Library, own: tuple[str, int] | None) -> frozenset[str]:
    """What the text before said of the company."""
    angle = library.angles.get(own[0]) if own else None
    if angle is None or own is None or own[1] >= len(angle.openers):
        return frozenset()
    return _facts(angle.needs | angle.openers[own[1]].needs)


def _kept(
    angle: Angle,
    variant: int,
    words: frozenset[str],
    digest: bytes,
    wishes: Wishes,
    worded: Wording | None,
    said: frozenset[str],
) -> Iterator[Candidate]:
    """The text before but for what was asked."""
    if not wishes.fact:
        yield from _worded(angle, variant, words, digest, wishes, worded, kept=True)
        return
    for one in angle.openers:
        if one.number != variant and one.needs <= words and _facts(one.needs) - said:
            yield from _worded(angle, one.number, words, digest, wishes, worded)


def _worded(
    angle: Angle,
    variant: int,
    words: frozenset[str],
    digest: bytes,
    wishes: Wishes,
    worded: Wording | None,
    *,
    kept: bool = False,
) -> Iterator[Candidate]:
    """The text under each of its subjects: that of the text before first, or the other one where that is asked.

    What was asked earlier stays: who wanted it shorter and then softer wants both.
    """
    short = wishes.short or (worded is not None and worded.short)
    soft = wishes.soft or (worded is not None and worded.soft)
    before = worded.subject if worded else digest[1] % 2
    first = 1 - before if wishes.subject and worded else before
    altered = kept and worded is not None and (short, soft) != (worded.short, worded.soft)
    for subject in (first, 1 - first):
        if angle.subjects[subject].needs <= words:
            yield Candidate(angle, variant, subject, short, soft, altered and subject == before)
