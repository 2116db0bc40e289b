"""One lead judged by the ideal customer in force, and all of them by two: who moves between tiers, and why. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Literal, Protocol, TypeAlias, get_args

import msgspec

from contracts.campaign import Audience
from contracts.lead import Component, Lead, LeadDisqualified, LeadScored, Status, Tier
from services.commands.icp_audiences import AudienceOf, Change, Reach, Reached, Verdict, campaign_of, nobody_knows

Stand: TypeAlias = Tier | Literal["disqualified"]
STANDS: tuple[Stand, ...] = (*get_args(Tier), "disqualified")
"""In the order of how far a lead gets."""
MET: frozenset[Stand] = frozenset({"tier_1", "tier_2", "tier_3"})
"""Who stands there fits: drafts are written for them."""
JUDGED: frozenset[Status] = frozenset({"enriched", "scored", "needs_data", "disqualified"})
COMING: frozenset[Status] = frozenset({"new", "sourced"})
"""They are scored when more is known of them, by whatever is in force then."""
NAMES = {"size": "company size", "title": "title", "industry": "industry", "technology": "technologies"}
RULES = {
    "customer": "disqualify.customers",
    "competitor": "disqualify.competitors",
    "free_mail": "disqualify.free_mail",
    "too_small": "size.least_employees",
    "too_large": "size.most_employees",
    "revenue_too_low": "disqualify.least_revenue_usd",
    "revenue_too_high": "disqualify.most_revenue_usd",
}
"""Where in the file the rule stands that a lead is disqualified by; any other is an industry's."""
KIND_TOO_SMALL = "_too_small"


class Judge(Protocol):
    """A model that leads can be judged by."""

    @property
    def id(self) -> str:
        """Its name."""
        ...

    @property
    def hash(self) -> str:
        """The hash of what it says."""
        ...

    @property
    def tiers(self) -> Mapping[str, int]:
        """From how many percent of what can be reached each tier begins, the highest first."""
        ...

    def __call__(self, lead_id: str, lead: Lead) -> LeadScored | LeadDisqualified:
        """What it says of a lead as it is known."""
        ...

    def takes(self, lead: Lead, tier: Tier, audience: Audience) -> bool:
        """Whether a lead of this tier is in an audience."""
        ...


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """One of the two that are compared."""

    model_id: str
    model_hash: str


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """A lead that would stand elsewhere. A score is None for who is disqualified.

    `campaign` is that of its run, if it is for one, and `audience` what the lead would do to the audience of that.
    """

    lead_id: str
    company: str
    title: str
    before: Stand
    after: Stand
    score_before: int | None
    score_after: int | None
    why: tuple[str, ...]
    campaign: str = ""
    audience: Change = ""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """How many leads move from here to there."""

    before: Stand
    after: Stand
    leads: int


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """What would change if the candidate were in force.

    Args:
        leads: how many were judged, each by both as it is known now.
        coming: leads on their way to their first score; they are in no other number.
        moving: how many would move between tiers; `moves` has each.
        rescored: how many would stay in their tier with another score.
        otherwise: how many stand otherwise in the log than the one in force would say today: their data came later, or
            another one was in force then.
        before, after: leads by where they stand under each of the two.
        campaigns: those that judged leads are of, and who would enter or leave the audience of each.
        nobody: a sentence where the candidate lets nobody in, which names what shuts most of them out; else empty.
    """

    active: Named
    candidate: Named
    leads: int
    coming: int
    moving: int
    rescored: int
    otherwise: int
    before: dict[Stand, int]
    after: dict[Stand, int]
    steps: tuple[Step, ...]
    nobody: str
    moves: tuple[Move, ...]
    campaigns: tuple[Reached, ...] = ()


class Explained(msgspec.Struct, frozen=True, kw_only=True):
    """What the one in force says of a lead as it is known now, and what the log says of it.

    Args:
        stands: where it would stand.
        rule, reason: what it is disqualified by; it then has no score and no parts.
        known, reachable: the points, multiplied, that the known parts gave and could have given: the tier follows them.
        missing: the fields without which it goes no further.
        would_help: those of which each alone would take it further.
        tiers: from how many percent of what can be reached each tier begins.
        recorded: where it stands in the log; empty where it was never scored.
        recorded_score: its score in the log; None where it has none.
    """

    lead_id: str
    company: str
    title: str
    status: Status
    model_id: str
    model_hash: str
    tiers: dict[str, int]
    stands: Stand
    recorded: str
    recorded_score: int | None
    rule: str = ""
    reason: str = ""
    score: int | None = None
    known: int = 0
    reachable: int = 0
    multiplier: float = 1.0
    headline: str = ""
    components: tuple[Component, ...] = ()
    missing: tuple[str, ...] = ()
    would_help: tuple[str, ...] = ()
    persona: str = ""
    campaign: str = ""


def explained(lead_id: str, lead: Lead, judge: Judge) -> Explained:
    """One lead, judged."""
    verdict = judge(lead_id, lead)
    found = Explained(
        lead_id=lead_id,
        company=_text(lead, "company"),
        title=_text(lead, "title"),
        status=lead.status,
        model_id=judge.id,
        model_hash=judge.hash,
        tiers=dict(judge.tiers),
        stands=_stands(verdict),
        recorded=recorded(lead),
        recorded_score=lead.score if lead.tier else None,
    )
    if isinstance(verdict, LeadDisqualified):
        return msgspec.structs.replace(found, rule=verdict.rule, reason=verdict.reason)
    return msgspec.structs.replace(
        found,
        score=verdict.score,
        known=verdict.known,
        reachable=verdict.reachable,
        multiplier=verdict.multiplier,
        headline=verdict.headline,
        components=verdict.components,
        missing=verdict.missing,
        would_help=verdict.would_help,
        persona=verdict.persona,
        campaign=verdict.campaign,
    )


class Comparing:
    """Judges leads by two models, one page after another."""

    def __init__(self, active: Judge, candidate: Judge, audience_of: AudienceOf = nobody_knows) -> None:
        self._active, self._candidate = active, candidate
        self._reach = Reach(candidate, audience_of)
        self._leads = self._coming = self._rescored = self._otherwise = 0
        self._before: Counter[Stand] = Counter()
        self._after: Counter[Stand] = Counter()
        self._steps: Counter[tuple[Stand, Stand]] = Counter()
        self._moves: list[Move] = []
        self._shut: Counter[str] = Counter()
        self._example: dict[str, str] = {}
        self._best: tuple[int, int] = (0, 1)

    def add(self, leads: Iterable[tuple[str, Lead]]) -> None:
        """Some more leads. What was refused or withdrawn is none."""
        for lead_id, lead in leads:
            self._coming += lead.status in COMING
            if lead.status in JUDGED:
                self._add(lead_id, lead)

    def _add(self, lead_id: str, lead: Lead) -> None:
        one, other = self._active(lead_id, lead), self._candidate(lead_id, lead)
        before, after = _stands(one), _stands(other)
        self._leads += 1
        self._before[before] += 1
        self._after[after] += 1
        self._otherwise += recorded(lead) not in {"", before}
        change = self._reach.add(lead, one, other)
        if before != after:
            self._steps[before, after] += 1
            self._moves.append(self._move(lead_id, lead, one, other, change))
        else:
            self._rescored += _score(one) != _score(other)
        if after not in MET:
            self._shut_out(lead_id, other)

    def _move(self, lead_id: str, lead: Lead, one: Verdict, other: Verdict, change: Change) -> Move:
        return Move(
            lead_id=lead_id,
            company=_text(lead, "company"),
            title=_text(lead, "title"),
            before=_stands(one),
            after=_stands(other),
            score_before=_score(one),
            score_after=_score(other),
            why=tuple(self._why(one, other)),
            campaign=campaign_of(lead),
            audience=change,
        )

    def _why(self, one: Verdict, other: Verdict) -> Iterable[str]:
        if isinstance(one, LeadDisqualified):
            yield f"no longer disqualified: {one.reason}"
        if isinstance(other, LeadDisqualified):
            yield f"disqualified: {other.reason}"
        if isinstance(one, LeadDisqualified) or isinstance(other, LeadDisqualified):
            return
        known = {part.name: part for part in one.components}
        for part in other.components:
            was = known.pop(part.name, None)
            if was is None or (was.points, was.most) != (part.points, part.most):
                yield f"{part.name}: {_points(was)} → {_points(part)}, {part.why}"
        for gone in known.values():
            yield f"{gone.name}: {_points(gone)} → nothing"
        if one.multiplier != other.multiplier:
            yield f"multiplier: ×{one.multiplier:g} → ×{other.multiplier:g}"
        if _tier(other, self._active.tiers) != other.tier:
            for tier, begins in self._candidate.tiers.items():
                if begins != self._active.tiers.get(tier):
                    yield f"{tier} begins at {begins} percent, not at {self._active.tiers.get(tier)}"

    def _shut_out(self, lead_id: str, verdict: Verdict) -> None:
        """Count what keeps a lead out; the example is that of the first id, whatever the order they come in."""
        if isinstance(verdict, LeadDisqualified):
            kind = "industry.kinds" if verdict.rule.endswith(KIND_TOO_SMALL) else "disqualify.industries"
            cause, example = f"{RULES.get(verdict.rule, kind)} of your file", verdict.reason
        elif verdict.tier == "needs_data":
            cause, example = "data that nobody knows", f"without {', '.join(verdict.missing)}"
        else:
            part = max(_known(verdict.components), key=lambda one: one.most - (one.points or 0))
            cause = f"the {NAMES.get(part.name, part.name)}"
            example = f"{part.why} gives {part.points} of {part.most}"
            if verdict.known * self._best[1] > self._best[0] * verdict.reachable:
                self._best = verdict.known, verdict.reachable
        self._shut[cause] += 1
        self._example[cause] = min(self._example.get(cause, f"{lead_id} {example}"), f"{lead_id} {example}")

    def done(self) -> Compared:
        """What came of it, in an order of its own, whatever the leads came in."""
        order = {stand: at for at, stand in enumerate(STANDS)}
        moves = sorted(
            self._moves,
            key=lambda one: (order[one.before], order[one.after], -(one.score_after or 0), one.lead_id),
        )
        steps = sorted(self._steps.items(), key=lambda one: (order[one[0][0]], order[one[0][1]]))
        return Compared(
            active=Named(model_id=self._active.id, model_hash=self._active.hash),
            candidate=Named(model_id=self._candidate.id, model_hash=self._candidate.hash),
            leads=self._leads,
            coming=self._coming,
            moving=len(moves),
            rescored=self._rescored,
            otherwise=self._otherwise,
            before={stand: self._before[stand] for stand in STANDS},
            after={stand: self._after[stand] for stand in STANDS},
            steps=tuple(Step(before=one, after=other, leads=leads) for (one, other), leads in steps),
            nobody=self._nobody(),
            moves=tuple(moves),
            campaigns=self._reach.done(),
        )

    def _nobody(self) -> str:
        """The sentence for one that nobody meets: what shuts most of them out, with an example, and how near they get."""
        if not self._leads or any(self._after[stand] for stand in MET):
            return ""
        cause, count = min(self._shut.items(), key=lambda one: (-one[1], one[0]))
        example = self._example[cause].partition(" ")[2]
        whom = "all of them" if count == self._leads else f"{count:,} of them"
        leads = "1 lead" if self._leads == 1 else f"{self._leads:,} leads"
        said = f"Nobody among {leads} meets {self._candidate.id}: {cause} shuts {whom} out ({example})."
        if not self._after["tier_4"]:
            return said
        lowest, begins = list(self._candidate.tiers.items())[-1]
        best = self._best[0] * 100 // self._best[1]
        return f"{said} The best one reaches {best} percent, and {lowest} begins at {begins}."


def recorded(lead: Lead) -> str:
    """Where a lead stands in the log, in the words of a comparison; empty where it was never scored."""
    return "disqualified" if lead.status == "disqualified" else lead.tier or ""


def _stands(verdict: Verdict) -> Stand:
    return "disqualified" if isinstance(verdict, LeadDisqualified) else verdict.tier


def _tier(scored: LeadScored, tiers: Mapping[str, int]) -> Tier | str:
    """The tier of a score where tiers begin elsewhere."""
    if scored.tier == "needs_data":
        return scored.tier
    reached = (tier for tier, begins in tiers.items() if scored.known * 100 >= begins * scored.reachable)
    return next(reached, "tier_4")


def _score(verdict: Verdict) -> int | None:
    return None if isinstance(verdict, LeadDisqualified) else verdict.score


def _points(part: Component | None) -> str:
    if part is None:
        return "nothing"
    return "unknown" if part.points is None else f"{part.points} of {part.most}"


def _known(parts: Iterable[Component]) -> list[Component]:
    return [part for part in parts if part.points is not None]


def _text(lead: Lead, name: str) -> str:
    known = lead.fields.get(name)
    return known.value if known is not None and isinstance(known.value, str) else ""
