"""Two ideal customers over the same leads: who moves and why, in an order of its own, and what shuts everybody out."""

import random
from collections.abc import Sequence
from typing import Any

import pytest

from contracts.campaign import Audience
from contracts.codec import to_json
from contracts.lead import Lead, RunTerms
from services.commands.icp_audiences import Reached
from services.commands.icp_compare import Compared, Comparing, explained
from services.segmentor.judge import Judge, read_judge
from services.segmentor.model import own_text
from tests.controls import RUN, given, lead_sourced
from tests.unit.segmentor.leads import enriched, fitting

OWN = own_text()
HIGHER = ("tier_1 = 80, tier_2 = 60", "tier_1 = 90, tier_2 = 70")
ACTIVE = read_judge(OWN)


def other(*changes: tuple[str, str]) -> Judge:
    """One that differs from the active one in some pieces of its text."""
    text = OWN.replace("my-icp-1", "my-icp-2")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return read_judge(text)


def compared(candidate: Judge, *leads: Lead) -> Compared:
    comparing = Comparing(ACTIVE, candidate)
    comparing.add((f"{number:08d}", lead) for number, lead in enumerate(leads))
    return comparing.done()


def many() -> Sequence[Lead]:
    """Leads of every sort."""
    titles = ["CEO", "VP Sales", "Director of Operations", "Sales Manager", "Clerk", None]
    industries = ["Marketing Agency", "Software", "Logistics", "Fishing", "Government", None]
    sizes = [5, 15, 40, 200, 900, 5_000, None]
    return [
        fitting(title=title, industry=industry, employees=employees, company=f"{title} {employees}")
        for title in titles
        for industry in industries
        for employees in sizes
    ]


def test_same_rules_move_nobody() -> None:
    found = compared(other(), *many())
    assert (found.moving, found.rescored, found.moves, found.steps, found.nobody) == (0, 0, (), (), "")
    assert found.before == found.after
    assert sum(found.before.values()) == found.leads == len(many())


def test_counts_and_moves_are_two_ways_to_say_one_thing() -> None:
    found = compared(other(HIGHER), *many())
    assert found.moving == len(found.moves) == sum(step.leads for step in found.steps) > 0
    for stand, before in found.before.items():
        gone = sum(step.leads for step in found.steps if step.before == stand)
        come = sum(step.leads for step in found.steps if step.after == stand)
        assert found.after[stand] == before - gone + come
    assert all(move.before != move.after and move.why for move in found.moves)


def test_order_in_which_leads_come_changes_no_byte() -> None:
    candidate = other(HIGHER, ("least_employees = 20", "least_employees = 300"))
    nobody = other(("tier_1 = 80, tier_2 = 60, tier_3 = 40", "tier_1 = 100, tier_2 = 99, tier_3 = 98"))
    leads = [(f"{number:08d}", lead) for number, lead in enumerate((*many(), of("gone"), of("best"), of("ceos")))]
    for judge in (candidate, nobody):
        answers = set()
        for seed in range(5):
            shuffled = random.Random(seed).sample(leads, len(leads))
            comparing = Comparing(ACTIVE, judge, BEST.__getitem__)
            comparing.add(shuffled[:100])
            comparing.add(shuffled[100:])
            answers.add(to_json(comparing.done()))
        assert len(answers) == 1


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ([("tier_1 = 80", "tier_1 = 99")], ["tier_1 begins at 99 percent, not at 80"]),
        (
            [("vp = { points = 22", "vp = { points = 2")],
            ["title: 22 of 25 → 2 of 25, chief officer, vice president, managing director or head of a function"],
        ),
        ([("percent = 130", "percent = 100")], ["multiplier: ×1.3 → ×1"]),
        ([("percent = 130", "percent = 100"), ("tier_3 = 40", "tier_3 = 30")], ["multiplier: ×1.3 → ×1"]),
        ([("tier_3 = 40", "tier_3 = 30")], []),
    ],
    ids=["tiers", "title", "multiplier", "a tier that has no part in it", "a tier of others"],
)
def test_move_says_what_made_it_and_no_more(changes: list[tuple[str, str]], why: list[str]) -> None:
    found = compared(other(*changes), fitting(title="VP Sales"))
    assert [line for move in found.moves for line in move.why] == why


def test_move_to_a_rule_that_disqualifies_and_back_names_the_rule() -> None:
    small = other(*LARGE_ALONE)
    (gone,) = compared(small, fitting(employees=30)).moves
    assert (gone.after, gone.score_after) == ("disqualified", None)
    assert gone.why == ("disqualified: 30 employees, fewer than 501",)
    comparing = Comparing(small, ACTIVE)
    comparing.add([("x", fitting(employees=30))])
    (back,) = comparing.done().moves
    assert (back.before, back.why) == ("disqualified", ("no longer disqualified: 30 employees, fewer than 501",))


def test_leads_on_their_way_are_counted_apart_and_refused_rows_not_at_all() -> None:
    coming, refused = given("lead", lead_sourced()), Lead(status="refused")
    found = compared(other(), fitting(), coming, refused, Lead(status="withdrawn"))
    assert (found.leads, found.coming) == (1, 1)


BEST = {"best": Audience(tiers=("tier_1",)), "ceos": Audience(titles=("CEO",)), "gone": None}


def of(campaign: str, **changes: Any) -> Lead:
    """A lead of a run for this campaign; of tier 1 as the active one has it, of tier 2 as `HIGHER` does."""
    terms = RunTerms(run_id=RUN, mode="staging", campaign=campaign)
    return fitting(run=terms, **({"title": "VP Sales"} | changes))


def among(candidate: Judge, *leads: Lead, active: Judge = ACTIVE) -> Compared:
    comparing = Comparing(active, candidate, BEST.__getitem__)
    comparing.add((f"{number:08d}", lead) for number, lead in enumerate(leads))
    return comparing.done()


def test_lead_leaves_and_enters_the_audience_of_its_campaign_with_its_tier() -> None:
    higher = other(HIGHER)
    found = among(higher, of("best"), of("best", title="Clerk"), of("ceos"), of(""))
    assert found.campaigns == (
        Reached(campaign="best", leads=2, before=1, after=0, leave=1),
        Reached(campaign="ceos", leads=1, before=0, after=0),
    )
    assert [(one.campaign, one.audience) for one in found.moves] == [("best", "leaves"), ("ceos", ""), ("", "")]
    back = among(ACTIVE, of("best"), active=higher)
    assert back.campaigns == (Reached(campaign="best", leads=1, before=0, after=1, enter=1),)
    assert [one.audience for one in back.moves] == ["enters"]


def test_whoever_is_disqualified_leaves_an_audience_that_names_no_tier() -> None:
    found = among(other(*LARGE_ALONE), of("ceos", title="CEO"))
    assert found.campaigns == (Reached(campaign="ceos", leads=1, before=1, after=0, leave=1),)


def test_campaign_whose_file_cannot_be_read_is_named_and_nobody_enters_or_leaves_it() -> None:
    found = among(other(HIGHER), of("gone"))
    assert found.campaigns == (Reached(campaign="gone", leads=1, before=None, after=None),)
    assert [one.audience for one in found.moves] == [""]


LARGE_ALONE = [
    ("least_employees = 10\n", "least_employees = 501\n"),
    (OWN[OWN.index("  { least = 10") : OWN.index("  { least = 501")], ""),
    ("most = 1000, points = 15", "most = 1000, points = 20"),
]


@pytest.mark.parametrize(
    ("leads", "changes", "said"),
    [
        (
            [fitting(employees=120), fitting(employees=300), enriched(title="CEO")],
            LARGE_ALONE,
            "Nobody among 3 leads meets my-icp-2: size.least_employees of your file shuts 2 of them out (120 employees, ",
        ),
        (
            [fitting(title=title, industry="Fishing", employees=15) for title in ("Clerk", "Janitor")],
            [],
            "the title shuts all of them out (no title that decides gives 0 of 25). The best one reaches 5 percent, ",
        ),
        (
            [fitting(title="Director", industry="Fishing", employees=120)],
            [],
            "the industry shuts all of them out (an industry on no list gives 0 of 20). The best one reaches 36 percent, ",
        ),
        (
            [fitting(industry="Government")],
            [],
            "Nobody among 1 lead meets my-icp-2: disqualify.industries of your file ",
        ),
        (
            [fitting(email="a@b.example")],
            [("customers = []", 'customers = ["b.example"]')],
            "disqualify.customers of your file shuts all of them out (the company is a customer already).",
        ),
        (
            [fitting(employees=12)],
            [],
            "industry.kinds of your file shuts all of them out (a marketing or creative agency ",
        ),
        (
            [enriched(email="a@b.example")],
            [],
            "data that nobody knows shuts all of them out (without employees, title, industry).",
        ),
    ],
    ids=["size", "title", "industry", "barred", "customer", "agency", "data"],
)
def test_one_that_nobody_meets_gets_the_sentence_that_says_why(
    leads: list[Lead], changes: list[tuple[str, str]], said: str
) -> None:
    assert said in compared(other(*changes), *leads).nobody


def test_one_that_somebody_meets_and_a_log_without_leads_get_no_such_sentence() -> None:
    assert compared(other(), fitting(), fitting(industry="Government")).nobody == ""
    assert compared(other()).nobody == ""


def test_explained_lead_has_its_parts_and_what_stands_in_the_log() -> None:
    found = explained("x", fitting(), ACTIVE)
    assert (found.stands, found.recorded, found.recorded_score) == ("tier_1", "", None)
    assert found.tiers == {"tier_1": 80, "tier_2": 60, "tier_3": 40}
    assert found.score == min(100, sum(part.points or 0 for part in found.components) * 150 // 100)
    barred = explained("x", fitting(industry="Government"), ACTIVE)
    assert (barred.stands, barred.rule, barred.score, barred.components) == ("disqualified", "government", None, ())
