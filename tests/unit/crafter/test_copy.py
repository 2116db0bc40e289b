"""Every text that can be written, as its recipient would get it."""

import re
from collections.abc import Iterator
from itertools import product

import pytest

from contracts.lead import Lead, Tier, Value
from services.crafter.angles import candidates
from services.crafter.offer import load_offer
from services.crafter.render import Rendered, render, sayable, voice_of
from services.crafter.sheet import Sheet
from services.guard.draft import RejectionMemory
from services.guard.judge import failures, inspect
from services.guard.text import personal_part
from tests.own_offer import OWN_OFFER
from tests.unit.crafter.controls import FACT, FULL, NOW, PERSONAS, SPARSE, lead, library, person, voice

ANGLES = {
    "tier_1": {"executive_buy_in", "industry_specific", "hiring_trigger", "value_first"},
    "tier_2": {"tech_stack", "operations_efficiency", "innovation_champion"},
    "tier_3": {"quick_win", "time_savings", "competitor_fomo", "diy_resource"},
}
KNOWN: dict[str, dict[str, Value]] = {
    "sparse": SPARSE,
    "industry": SPARSE | {"industry": "Computer Software"},
    "no name": {key: value for key, value in SPARSE.items() if key != "full_name"},
    "full": FULL,
}
DEFECTS = re.compile(r"[{}]|\bNone\b|\bnan\b|\['|\[\]|  | ,| \.|\bthe the\b|\ba [aeio]\w+ing\b", re.IGNORECASE)
RIVAL_PAINS = {
    "technology": ("CRM", "forecast", "campaign"),
    "sales": ("backlog", "ledger", "ticket"),
    "executive": ("CRM", "ledger"),
}


def texts(who: Lead, *, short: bool = False) -> Iterator[tuple[str, Rendered]]:
    """Every text for a lead, with its angle."""
    sheet = Sheet(who, library().speech)
    words = frozenset(sheet.words) | {"resource"}
    for one in candidates(person(), who, words, library=library(), memory=RejectionMemory(), account=None):
        yield (
            one.angle.name,
            render(
                sheet, voice(), library(), one.angle, one.variant, subject=one.subject, persona=who.persona, short=short
            ),
        )


def all_texts(persona: str, known: str, *, short: bool = False) -> list[tuple[str, Rendered]]:
    return list(texts(lead(KNOWN[known], persona=persona, tier="tier_1"), short=short))


def test_eleven_angles_are_there_for_their_tiers() -> None:
    assert {
        tier: {angle.name for angle in library().angles.values() if tier in angle.tiers} for tier in ANGLES
    } == ANGLES


@pytest.mark.parametrize(("persona", "known", "short"), list(product(PERSONAS, KNOWN, (False, True))))
def test_no_text_has_a_defect_and_the_guard_passes_all(persona: str, known: str, short: bool) -> None:
    found = all_texts(persona, known, short=short)
    assert {angle for angle, _ in found} >= ANGLES["tier_3"] | {"executive_buy_in", "value_first"}
    for angle, text in found:
        assert not DEFECTS.search(text.subject), (angle, text.subject)
        assert not DEFECTS.search(text.text), (angle, text.text)
        verdict = inspect(
            text.subject,
            text.text,
            claims=text.claims,
            recipient_lead_id=person(),
            company=str(SPARSE["company"]),
            account=None,
            memory=RejectionMemory(),
            compliance=voice().compliance,
            now=NOW,
        )
        assert verdict.passed, (angle, failures(verdict), text.subject, text.text)


@pytest.mark.parametrize(("persona", "known"), list(product(PERSONAS, KNOWN)))
def test_each_claim_stands_in_the_text_and_cites_a_fact(persona: str, known: str) -> None:
    for angle, text in all_texts(persona, known):
        fields = {claim.field for claim in text.claims}
        assert {"company", "title"} <= fields, (angle, text.text)
        for claim in text.claims:
            assert claim.fact == FACT
            assert claim.source == "import"
            assert claim.words in text.text or claim.words in text.subject


def test_every_angle_is_written_for_who_has_the_data() -> None:
    assert {angle for angle, _ in all_texts("sales", "full")} == set(library().angles)


@pytest.mark.parametrize("persona", list(RIVAL_PAINS))
def test_nobody_gets_the_pain_of_another_role(persona: str) -> None:
    for angle, text in all_texts(persona, "industry"):
        assert not [word for word in RIVAL_PAINS[persona] if word in text.text], (angle, text.text)


@pytest.mark.parametrize("known", ["sparse", "full"])
def test_texts_are_short(known: str) -> None:
    sizes = [len(personal_part(text.text, "Mara Lindqvist").split()) for _, text in all_texts("sales", known)]
    assert min(sizes) >= 60
    assert max(sizes) <= 130
    assert sum(sizes) / len(sizes) <= 115


@pytest.mark.parametrize("persona", PERSONAS)
def test_an_offer_with_problems_of_its_own_speaks_of_them_alone(persona: str) -> None:
    ours = voice_of(load_offer(OWN_OFFER))
    who = lead(FULL, persona=persona, tier="tier_1")
    sheet, texts_of = Sheet(who, library().speech), library()
    words, memory = sayable(sheet, ours), RejectionMemory()
    assert not words & {"tool", "tools", "role"}
    found = list(candidates(person(), who, words, library=texts_of, memory=memory, account=None))
    assert {"quick_win", "industry_specific", "value_first"} <= {one.angle.name for one in found}
    office = {pain.text for themes in texts_of.pains.values() for two in themes.values() for pain in two}
    for one in found:
        text = render(sheet, ours, texts_of, one.angle, one.variant, subject=one.subject, persona=persona)
        assert any(problem.text in text.text for problem in ours.offer.problems)
        assert not [pain for pain in office if pain in text.text]


@pytest.mark.parametrize("angle", sorted({name for names in ANGLES.values() for name in names}))
def test_angle_has_four_openers_or_more_without_rare_data(angle: str) -> None:
    rare = {"people"}
    assert sum(not part.needs & rare for part in library().angles[angle].openers) >= 4


def test_nothing_is_said_of_hiring_or_tools_that_no_field_carries() -> None:
    for angle, text in all_texts("sales", "sparse"):
        assert "opening at" not in text.text, angle
        assert "HubSpot" not in text.text, angle


def test_a_topic_fits_a_subject_and_a_persona_has_two_for_each_theme() -> None:
    for persona, themes in library().pains.items():
        assert set(themes) == {"decisions", "growth", "tools", "time"}, persona
        assert all(len(pains) == 2 for pains in themes.values()), persona
        assert all(len(pain.topic) <= 26 for pains in themes.values() for pain in pains), persona


@pytest.mark.parametrize("tier", ["tier_1", "tier_2", "tier_3", "tier_4", "needs_data"])
def test_every_tier_has_something_to_send(tier: Tier) -> None:
    first, _ = next(texts(lead(SPARSE, tier=tier)))
    assert first in ANGLES.get(tier, ANGLES["tier_3"])
