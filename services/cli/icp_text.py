"""An ideal customer, its versions, a comparison and an explained lead, as a person reads them."""

from collections.abc import Iterator, Sequence

from contracts.lead import Component
from services.cli.words import cut, joined, many, minute, short, spoken
from services.commands.icp import Ideal, Version
from services.commands.icp_compare import STANDS, Compared, Explained
from services.segmentor.rules import Rules

HASH = 12
RANKS = ("first", "second", "third")


def origin_of(ideal: Ideal) -> str:
    """Where the one in force comes from."""
    match ideal.way:
        case "activated":
            because = f": {ideal.reason}" if ideal.reason else ""
            return f"Activated {minute(ideal.at)} UTC by {ideal.by.partition(':')[2]}{because}"
        case "file":
            return "It is the file that SWARM_MODEL names; nothing was ever activated."
        case _:
            return "It is the shipped one; nothing was ever activated."


def named(model_id: str, model_hash: str) -> str:
    """A model on one line."""
    return f"{model_id} (hash {model_hash[:HASH]})"


def rules_of(rules: Rules) -> Iterator[tuple[str, str]]:
    """What the rules say, a line for each part: its name, and the words."""
    tiers, size, title, industry = rules.tiers, rules.size, rules.title, rules.industry
    yield (
        "tiers",
        f"tier_1 from {tiers.tier_1} percent of what can be reached, tier_2 from {tiers.tier_2}, tier_3 from {tiers.tier_3}",
    )
    bands = (f"{band.least} to {band.most}: {band.points}" for band in size.bands)
    yield f"size, {size.most}", f"{'; '.join(bands)}; nobody outside of these"
    levels = sorted(title.levels.values(), key=lambda one: -one.points)
    yield f"title, {title.most}", "; ".join(f"{one.label}: {one.points}" for one in levels)
    for rank in RANKS:
        kinds = [one.label for one in industry.kinds if one.rank == rank]
        if kinds:
            yield f"industry, {getattr(industry.ranks, rank)}", joined(kinds)
    tools = (f"{one.label}: {one.points}{' each' if one.each else ''}" for one in rules.technology.kinds)
    yield f"technology, {rules.technology.most}", "; ".join(tools)
    intent = (f"{one.label}: {one.points}" for one in rules.intent.rules)
    yield f"intent, {rules.intent.most}", "; ".join(intent)
    if rules.source_bonus:
        yield "on top", "; ".join(f"{spoken(kind)}: {points}" for kind, points in rules.source_bonus.items())
    times = (
        f"{one.level}{' in ' + '/'.join(one.ranks) if one.ranks else ''} ×{one.percent / 100:g}"
        for one in rules.multipliers
    )
    yield "multiplied", "; ".join(times) or "never"
    yield "left alone", "; ".join(_left_alone(rules))


def _left_alone(rules: Rules) -> Iterator[str]:
    out = rules.disqualify
    yield f"revenue below ${out.least_revenue_usd:,} or above ${out.most_revenue_usd:,}"
    for count, one, more in (
        (len(out.customers), "customer's domain", "customers' domains"),
        (len(out.competitors), "competitor's domain", "competitors' domains"),
        (len(out.free_mail), "domain of free mail", "domains of free mail"),
    ):
        if count:
            yield many(count, one, more)
    yield from (one.label for one in out.industries)


def version_row(one: Version) -> tuple[str, ...]:
    """One version in a table: id, hash, when, by whom, why, and whether it is in force."""
    return (
        one.model_id,
        one.model_hash[:HASH],
        minute(one.at),
        one.by.partition(":")[2],
        one.reason,
        "in force" if one.active else "",
    )


def summary_of(found: Compared) -> Iterator[str]:
    """A comparison in sentences, without its tables."""
    one, other = found.active, found.candidate
    yield f"{named(other.model_id, other.model_hash)} beside {named(one.model_id, one.model_hash)}, which is in force."
    coming = f"; {many(found.coming, 'more is', 'more are')} on the way to a first score" if found.coming else ""
    yield f"{many(found.leads, 'lead')} judged by both, as they are known now{coming}. Nothing was recorded."
    if one == other:
        yield "Both say the same, so nobody moves."
    elif found.leads:
        yield (
            f"{many(found.moving, 'lead moves', 'leads move')} between tiers, "
            f"{found.rescored:,} would only get another score."
        )
    if found.otherwise:
        yield (
            f"{many(found.otherwise, 'lead stands', 'leads stand')} otherwise in the log than the one in force would say "
            "today: data came later, or another one was in force. Scores that stand are never changed."
        )
    for reached in found.campaigns:
        if reached.before is None:
            yield (
                f"{many(reached.leads, 'lead is', 'leads are')} of the campaign {reached.campaign}, whose file cannot be "
                f"used, so nobody knows its audience: `swarm campaigns check {reached.campaign}` says why."
            )
    if found.nobody:
        yield found.nobody


def standing_rows(found: Compared) -> Sequence[tuple[str, ...]]:
    """Per tier how many stand there under each, and the difference."""
    return [
        (
            spoken(stand),
            f"{(before := found.before[stand]):,}",
            f"{(after := found.after[stand]):,}",
            _signed(after, before),
        )
        for stand in STANDS
        if found.before[stand] or found.after[stand]
    ]


def campaign_rows(found: Compared) -> Sequence[tuple[str, ...]]:
    """Per campaign how many of its leads are in its audience under each, and who would enter and leave it."""

    def inside(count: int | None) -> str:
        return "cannot be read" if count is None else f"{count:,}"

    return [
        (one.campaign, f"{one.leads:,}", inside(one.before), inside(one.after), f"{one.enter:,}", f"{one.leave:,}")
        for one in found.campaigns
    ]


def move_rows(found: Compared, most: int) -> Sequence[tuple[str, ...]]:
    """The first moves, in order."""
    return [
        (
            short(one.lead_id),
            cut(one.company, 28),
            cut(one.title, 28),
            f"{spoken(one.before)} → {spoken(one.after)}",
            f"{_score(one.score_before)} → {_score(one.score_after)}",
            "; ".join((*one.why, f"{one.audience} the audience of {one.campaign}") if one.audience else one.why),
        )
        for one in found.moves[:most]
    ]


def explained_lines(one: Explained) -> Iterator[str]:
    """Where a lead would stand, in sentences; its parts are a table of their own."""
    who = ", ".join(filter(None, (one.title, one.company))) or "nobody knows who"
    yield f"{short(one.lead_id)}: {who}"
    if one.rule:
        yield f"{named(one.model_id, one.model_hash)} leaves it alone: {one.reason}."
    else:
        share = f"{one.known} of {one.reachable} points that its known parts can reach"
        tier = "no tier yet" if one.stands == "needs_data" else spoken(one.stands)
        percent = f", {one.known * 100 // one.reachable} percent" if one.reachable else ""
        yield f"{named(one.model_id, one.model_hash)} says {tier}: {one.headline}; {share}{percent}."
        begins = [f"{spoken(tier)} at {percent}" for tier, percent in one.tiers.items()]
        yield f"{joined(begins)} percent; drafts are written for these."
        if one.missing:
            yield f"It goes no further without {joined(one.missing)}."
        if one.would_help:
            yield f"What would move it, each alone: {joined(one.would_help)}."
    if one.recorded and (one.recorded, one.recorded_score) != (one.stands, one.score):
        score = (
            f" with {one.recorded_score}" if one.recorded_score is not None and one.recorded != "disqualified" else ""
        )
        yield f"In the log it stands as {spoken(one.recorded)}{score}: what was scored stays as it is."
    elif not one.recorded:
        yield f"It was never scored: it is {spoken(one.status)}."


def part_rows(one: Explained) -> Sequence[tuple[str, ...]]:
    """Each part of a score with its points and why."""
    rows = [(part.name, _given(part), str(part.most), part.why) for part in one.components]
    if one.multiplier != 1:
        rows.append(("together", f"×{one.multiplier:g}", "", "seniority and industry together"))
    return rows


def _given(part: Component) -> str:
    return "unknown" if part.points is None else str(part.points)


def _score(score: int | None) -> str:
    return "none" if score is None else str(score)


def _signed(after: int, before: int) -> str:
    return f"{after - before:+,}" if after != before else ""
