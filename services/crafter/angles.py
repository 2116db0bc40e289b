"""Which texts to try for a lead, best first: the same in every process, and not what the colleagues got."""

import hashlib
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
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
    before = _before(lead_id, account, library)
    choice = _Choice(
        lead=lead,
        words=words,
        wishes=wishes,
        before=before,
        digest=hashlib.blake2b(lead_id.encode(), key=KEY, digest_size=32).digest(),
        first=_first(lead, words, before.used),
    )
    rejected = {one.template for one in memory.rejections}
    angles = {name: one for name, one in library.angles.items() if name not in rejected}
    if wishes.keep and before.own is not None and before.own[0] in angles:
        yield from choice.kept(angles[before.own[0]], before.own[1])
    # One opener of each angle in turn, so that the second try is another angle.
    waiting: Iterable[tuple[Angle, Iterator[int]]]
    waiting = ((angle, choice.variants(angle)) for angle in choice.ranked(filter(choice.fits, angles.values())))
    while waiting:
        left = []
        for angle, variants in waiting:
            variant = next(variants, None)
            if variant is not None:
                yield from choice.worded(angle, variant)
                left.append((angle, variants))
        waiting = left


class _Before(NamedTuple):
    """What was written at the company before.

    Args:
        used: how many colleagues got each angle.
        taken: the openers that they got, each with its angle.
        told: what these say of the company, by the field it is from.
        own: the angle and opener of this lead's own text; None where it has none.
        said: what that says of the company.
        worded: how that was put, where it is known.
    """

    used: Counter[str]
    taken: frozenset[tuple[str, int]]
    told: frozenset[str]
    own: tuple[str, int] | None
    said: frozenset[str]
    worded: Wording | None


def _before(lead_id: str, account: Account | None, library: Library) -> _Before:
    approaches = account.approaches if account else ()
    taken = [(one.angle, one.variant) for one in approaches if one.lead_id != lead_id]
    mine = next((one for one in approaches if one.lead_id == lead_id), None)
    own = (mine.angle, mine.variant) if mine else None
    return _Before(
        used=Counter(angle for angle, _ in taken),
        taken=frozenset(taken),
        told=frozenset().union(*(_said(library, one) for one in taken)),
        own=own,
        said=_said(library, own),
        worded=mine.wording if mine and isinstance(mine.wording, Wording) else None,
    )


@dataclass(frozen=True)
class _Choice:
    """In which order one lead gets the angles, their openers and their subjects.

    Args:
        words: what can be said of the lead.
        digest: what leads of equal rank are spread by.
        first: the angle that comes before all others; empty for none.
    """

    lead: Lead
    words: frozenset[str]
    wishes: Wishes
    before: _Before
    digest: bytes
    first: str

    def fits(self, angle: Angle) -> bool:
        """Whether it can be written to this lead, and nobody asked for another one."""
        if angle.name in self.wishes.unwanted or not angle.needs <= self.words:
            return False
        return not angle.personas or self.lead.persona in angle.personas

    def ranked(self, angles: Iterable[Angle]) -> Iterator[Angle]:
        """The best first. The first is nearly always enough, so equals are mixed only when their turn comes."""

        def mixed(angle: Angle) -> bytes:
            return hashlib.blake2b(self.digest + angle.name.encode(), digest_size=8).digest()

        for _, equals in groupby(sorted(angles, key=self._rank), key=self._rank):
            yield from sorted(equals, key=mixed)

    def _rank(self, angle: Angle) -> tuple[bool, bool, bool, bool, bool, int]:
        own, wishes = self.before.own, self.wishes
        stale = own is not None and angle.name == own[0] and not wishes.keep
        tier = DRAFTED_AS.get(self.lead.tier or "needs_data", self.lead.tier)
        return (
            stale,
            wishes.fact and not any(self._says_more(angle, one.number) for one in angle.openers),
            angle.name not in wishes.wanted,
            angle.name != self.first,
            tier not in angle.tiers,
            self.before.used[angle.name],
        )

    def _says_more(self, angle: Angle, variant: int) -> bool:
        """Whether an opener can be written and says of the company what the text before did not."""
        needs = angle.openers[variant].needs
        return needs <= self.words and bool(_facts(needs) - self.before.said)

    def variants(self, angle: Angle) -> Iterator[int]:
        """The openers that can be written; those that colleagues got last, before them those that tell what they were told.

        Two letters that begin with the same size and industry are one letter to whoever lays them side by side. For every
        other lead those that say more of the company come first: for all, one opener would fill the queue.
        """
        count = len(angle.openers)
        turned = ((self.digest[0] + step) % count for step in range(count))

        def rank(variant: int) -> tuple[bool, bool, int, bool]:
            needs = angle.openers[variant].needs
            return (
                self.wishes.fact and not self._says_more(angle, variant),
                (angle.name, variant) in self.before.taken,
                len(_facts(needs) & self.before.told),
                self.digest[2] % 2 == 0 and not needs & RICH,
            )

        # Not sorted before somebody asks: of most angles nobody does.
        yield from sorted((one for one in turned if angle.openers[one].needs <= self.words), key=rank)

    def kept(self, angle: Angle, variant: int) -> Iterator[Candidate]:
        """The text before but for what was asked; none where it cannot be written any more."""
        if variant >= len(angle.openers) or not angle.needs | angle.openers[variant].needs <= self.words:
            return
        if not self.wishes.fact:
            yield from self.worded(angle, variant, kept=True)
            return
        for one in angle.openers:
            if one.number != variant and self._says_more(angle, one.number):
                yield from self.worded(angle, one.number)

    def worded(self, angle: Angle, variant: int, *, kept: bool = False) -> Iterator[Candidate]:
        """The text under each of its subjects: that of the text before first, or the other one where that is asked.

        What was asked earlier stays: who wanted it shorter and then softer wants both.
        """
        wishes, worded = self.wishes, self.before.worded
        short = wishes.short or (worded is not None and worded.short)
        soft = wishes.soft or (worded is not None and worded.soft)
        before = worded.subject if worded else self.digest[1] % 2
        first = 1 - before if wishes.subject and worded else before
        altered = kept and worded is not None and (short, soft) != (worded.short, worded.soft)
        for subject in (first, 1 - first):
            if angle.subjects[subject].needs <= self.words:
                yield Candidate(angle, variant, subject, short, soft, altered and subject == before)


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


def _first(lead: Lead, words: frozenset[str], used: Counter[str]) -> str:
    """The angle that something of this lead calls for; none where a colleague got it: two letters about one opening are
    one letter."""
    # Somebody of the third tier seldom decides on a vacancy, and would wonder why they are asked.
    if "role" in words and lead.tier in HIRING_TIERS:
        first = "hiring_trigger"
    elif lead.origin is not None and lead.origin.kind == "website_visitor":
        first = "value_first"
    else:
        return ""
    return "" if used[first] else first


def _facts(needs: frozenset[str]) -> frozenset[str]:
    """What an opener says of the company besides its name, by the field it is from."""
    return frozenset(FIELD_OF[one] for one in needs if one in FIELD_OF)


def _said(library: Library, own: tuple[str, int] | None) -> frozenset[str]:
    """What the text before said of the company."""
    angle = library.angles.get(own[0]) if own else None
    if angle is None or own is None or own[1] >= len(angle.openers):
        return frozenset()
    return _facts(angle.needs | angle.openers[own[1]].needs)
