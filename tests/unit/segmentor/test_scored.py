"""Scores, tiers and what is unknown."""

import pytest

from contracts.lead import LeadScored, Value
from services.segmentor.decide import what_would_help
from tests.unit.segmentor.leads import MODEL, enriched, fitting, model_with, origin, scored, terms


def points(fact: LeadScored, name: str) -> int | None:
    return next((part.points for part in fact.components if part.name == name), None)


def test_chief_executive_of_an_agency_scores_97() -> None:
    fact = scored(fitting())
    assert (fact.score, fact.tier, fact.multiplier, fact.headline) == (97, "tier_1", 1.5, "97 of 100")
    assert (fact.known, fact.reachable, fact.could_reach) == (97, 97, 97)
    assert (fact.model_id, fact.model_hash) == (MODEL.id, MODEL.hash)
    assert fact.next == "draft"


def test_vice_president_of_a_software_company_scores_68() -> None:
    fact = scored(fitting(title="VP Sales", industry="Computer Software"))
    assert (fact.score, fact.tier, fact.persona, fact.multiplier) == (68, "tier_2", "sales", 1.2)


def test_senior_director_is_no_vice_president() -> None:
    fact = scored(fitting(title="Senior Director", industry="Computer Software"))
    assert (fact.score, fact.tier, fact.multiplier) == (50, "tier_3", 1.0)


def test_reasons_are_sentences_with_their_points() -> None:
    assert scored(fitting()).reasons == (
        "+20: 51 to 500 employees",
        "+25: founder, owner, president or chief executive",
        "+20: marketing or creative agency",
        "unknown: technologies are not known",
        "unknown: intent was not observed",
        "×1.5: seniority and industry together",
    )


@pytest.mark.parametrize(
    ("employees", "expected"),
    [(10, 5), (19, 5), (20, 12), (50, 12), (51, 20), (500, 20), (501, 15), (1000, 15)],
)
def test_size_gives_the_points_of_its_band(employees: int, expected: int) -> None:
    assert points(scored(fitting(employees=employees, industry="Staffing")), "size") == expected


@pytest.mark.parametrize(
    ("industry", "expected"),
    [
        ("Marketing & Advertising", 20),
        ("Staffing and Recruiting", 20),
        ("Management Consulting", 20),
        ("Law Practice", 20),
        ("Accounting", 20),
        ("Commercial Real Estate", 20),
        ("E-commerce", 20),
        ("marketing agency", 20),
        ("Computer Software", 15),
        ("Information Technology & Services", 15),
        ("SaaS", 15),
        ("Hospital & Health Care", 15),
        ("Financial Services", 15),
        ("Biotechnology Research", 15),
        ("Logistics & Supply Chain", 10),
        ("Transportation/Trucking/Railroad", 10),
        ("Electrical/Electronic Manufacturing", 10),
        ("Construction", 10),
        ("Facilities Services", 10),
        ("Government Relations", 0),
        ("Retail", 0),
        ("Oil & Energy", 0),
        ("Logiciels", 15),
        ("Services informatiques", 15),
        ("IT-Dienstleistungen", 15),
        ("Softwareentwicklung", 15),
        ("Immobilien", 20),
        ("IMMOBILIER", 20),
        ("Agence immobilière", 20),
        ("Agence d’intérim", 20),
        ("Personaldienstleistung", 20),
        ("Beratung", 20),
        ("Conseil", 20),
        ("Steuerberatung", 20),
        ("Vente en ligne", 20),
        ("Versicherungen", 15),
        ("Gesundheitswesen", 15),
        ("Industrie", 10),
        ("Maschinen- und Anlagenbau", 10),
        ("Construction mécanique", 10),
        ("Transport et logistique", 10),
        ("BTP", 10),
        ("Einzelhandel", 0),
    ],
)
def test_industry_is_recognised_by_its_words(industry: str, expected: int) -> None:
    assert points(scored(fitting(industry=industry)), "industry") == expected


@pytest.mark.parametrize(
    ("technologies", "expected"),
    [
        (("HubSpot",), 8),
        (("HubSpot CRM", "Salesforce"), 8),
        (("Salesloft",), 5),
        (("Mailchimp",), 3),
        (("Mailchimp", "Klaviyo"), 6),
        (("Salesforce", "Outreach", "Marketo"), 15),
        (("Excel",), 0),
    ],
)
def test_technologies_give_points_up_to_fifteen(technologies: tuple[str, ...], expected: int) -> None:
    assert points(scored(fitting(technologies=technologies)), "technology") == expected


@pytest.mark.parametrize(
    ("kind", "signals", "expected"),
    [
        ("import", {"visits": 0}, 0),
        ("import", {"visits": 2}, 4),
        ("import", {"visits": 5}, 8),
        ("import", {"downloads": 1}, 4),
        ("import", {"downloads": 3}, 8),
        ("import", {"pricing_visits": 1}, 6),
        ("import", {"demo_requested": 1}, 10),
        ("website_visitor", {}, 4),
        ("webinar_registrant", {}, 5),
        ("content_downloader", {"downloads": 1}, 10),
        ("demo_requester", {"demo_requested": 1, "visits": 9}, 20),
    ],
)
def test_intent_gives_points_up_to_twenty(kind: str, signals: dict[str, Value], expected: int) -> None:
    assert points(scored(fitting(origin=origin(kind), **signals)), "intent") == expected


@pytest.mark.parametrize(("kind", "bonus"), [("post_commenter", 5), ("event_attendee", 4), ("competitor_follower", 3)])
def test_source_adds_its_bonus_on_top(kind: str, bonus: int) -> None:
    before = scored(fitting(title="Director"))
    fact = scored(fitting(title="Director", origin=origin(kind)))
    assert (fact.score, fact.reachable) == (before.score + bonus, before.reachable)


@pytest.mark.parametrize(
    ("title", "industry", "multiplier"),
    [
        ("CEO", "Staffing", 1.5),
        ("CEO", "SaaS", 1.3),
        ("CEO", "Retail", 1.3),
        ("CEO", None, 1.3),
        ("VP", "Staffing", 1.3),
        ("VP", "SaaS", 1.2),
        ("VP", "Construction", 1.1),
        ("VP", None, 1.1),
        ("Director", "Staffing", 1.0),
        (None, "Staffing", 1.0),
    ],
)
def test_multiplier_follows_seniority_and_industry(title: str | None, industry: str | None, multiplier: float) -> None:
    assert scored(fitting(title=title, industry=industry)).multiplier == multiplier


@pytest.mark.parametrize(
    ("unknown", "headline", "tier", "missing"),
    [
        (("employees", "industry"), "32, could reach 97 with company size and industry", "needs_data", 2),
        (("title", "industry"), "20, could reach 97 with title and industry", "needs_data", 2),
        (
            ("employees", "title", "industry"),
            "0, could reach 97 with company size, title and industry",
            "needs_data",
            3,
        ),
        (("industry",), "58, could reach 97 with industry", "tier_1", 0),
        (("employees",), "67, could reach 97 with company size", "tier_1", 0),
        (("title",), "40, could reach 97 with title", "tier_2", 0),
    ],
)
def test_unknown_is_not_zero(unknown: tuple[str, ...], headline: str, tier: str, missing: int) -> None:
    fact = scored(fitting(**dict.fromkeys(unknown)))
    assert (fact.headline, fact.tier, len(fact.missing)) == (headline, tier, missing)
    assert {part.fields for part in fact.components if part.points is None} >= {(field,) for field in unknown}


@pytest.mark.parametrize("value", ["", "   ", "N/A", "-", "unknown"])
def test_placeholder_is_an_unknown_value(value: str) -> None:
    assert points(scored(fitting(industry=value)), "industry") is None


def test_zero_employees_are_an_unknown_number() -> None:
    assert points(scored(fitting(employees=0)), "size") is None


def test_signals_nobody_observed_are_neither_counted_nor_promised() -> None:
    fact = scored(fitting(title="Director"))
    assert points(fact, "technology") is points(fact, "intent") is None
    assert (fact.score, fact.could_reach, fact.reachable) == (55, 55, 97)


def test_visit_never_puts_a_lead_behind_one_without() -> None:
    stranger = scored(fitting(industry=None))
    visitor = scored(fitting(industry=None, origin=origin("website_visitor"), visits=1))
    assert visitor.score > stranger.score
    assert visitor.known * stranger.reachable >= stranger.known * visitor.reachable


@pytest.mark.parametrize(
    ("changes", "score", "tier"),
    [
        ({"title": "Director", "technologies": ("Salesforce", "Gong", "Marketo"), "demo_requested": 1}, 80, "tier_1"),
        (
            {"title": "Director", "technologies": ("Salesforce",), "demo_requested": 1, "pricing_visits": 1},
            79,
            "tier_2",
        ),
        ({"title": "Director", "technologies": ("Gong",), "visits": 0}, 60, "tier_2"),
        ({"title": "Director", "technologies": ("Excel",), "visits": 2}, 59, "tier_3"),
        ({"title": "Clerk", "technologies": ("Excel",), "visits": 0}, 40, "tier_3"),
        ({"title": "Clerk", "industry": "SaaS", "technologies": ("Excel",), "visits": 2}, 39, "tier_4"),
    ],
)
def test_with_everything_known_a_tier_begins_at_its_score(changes: dict[str, Value], score: int, tier: str) -> None:
    fact = scored(fitting(**changes))
    assert (fact.score, fact.reachable, fact.tier, fact.headline) == (score, 100, tier, f"{score} of 100")


@pytest.mark.parametrize(
    ("least", "most", "review"), [(68, 85, True), (60, 68, True), (69, 85, False), (60, 67, False)]
)
def test_score_between_the_bounds_asks_for_a_second_look(least: int, most: int, review: bool) -> None:
    model = model_with("{ least = 70, most = 85 }", f"{{ least = {least}, most = {most} }}")
    assert scored(fitting(title="VP", industry="SaaS"), model).needs_review is review


def test_second_look_is_for_70_to_85() -> None:
    bounds = MODEL.rules.review
    assert (bounds.least, bounds.most) == (70, 85)


def test_half_points_are_rounded_down() -> None:
    assert scored(fitting(employees=None, industry=None)).score == 32  # 25 × 1.3 is 32.5.


@pytest.mark.parametrize(
    ("changes", "help_"),
    [
        ({"employees": None, "industry": None}, ("employees", "industry", "technologies")),
        ({"title": None, "industry": None}, ("title", "industry")),
        ({"employees": None, "title": None, "industry": None}, ()),
        ({"employees": None, "industry": None, "email": None}, ()),
        ({"email": None}, ("email",)),
        ({}, ()),
    ],
)
def test_what_would_help_names_columns_that_suffice_alone(changes: dict[str, None], help_: tuple[str, ...]) -> None:
    fact = scored(fitting(**changes))
    assert what_would_help(fact) == help_


@pytest.mark.parametrize(
    ("field", "value"), [("employees", 100), ("industry", "Staffing"), ("technologies", ("Excel",))]
)
def test_what_would_help_does_help(field: str, value: Value) -> None:
    lacking: dict[str, Value | None] = {"employees": None, "industry": None}
    assert field in what_would_help(scored(fitting(**lacking)))
    assert scored(fitting(**(lacking | {field: value}))).tier != "needs_data"


def test_persona_is_of_the_title() -> None:
    assert scored(fitting(title="Chief Revenue Officer")).persona == "sales"
    assert scored(fitting(title=None)).persona == "other"


def test_lead_carries_its_account_and_run() -> None:
    lead = enriched(run=terms(), email="a@b.example")
    fact = scored(lead)
    assert (fact.account_id, fact.run_id) == (lead.account_id, terms().run_id)
