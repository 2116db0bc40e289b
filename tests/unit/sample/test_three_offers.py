"""Thirty drafts, ten for each of three invented companies in three languages, as their recipients would read them."""

import asyncio
import os
import re
from collections import defaultdict
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest

from contracts.email import EmailDrafted
from contracts.envelope import reveal
from services.crafter.library import load_library
from services.crafter.offer import Offer, load_offer
from services.guard.text import first_sentence, likeness, normal, personal_part, shingles
from tests.sample_walk import SAMPLES, Walk, walk_sample

HERE = Path(__file__).parents[2] / "samples"
PAGE = Path(__file__).parents[3] / "docs" / "thirty-drafts.md"
EACH = 10
OFFERS: dict[str, tuple[Path, Path | None]] = {
    "en": (SAMPLES / "demo.csv", None),
    "de": (HERE / "leads_de.csv", HERE / "offers" / "ablaufwerk.toml"),
    "fr": (HERE / "leads_fr.csv", HERE / "offers" / "cadran.toml"),
}
HEAD = """# Thirty drafts

Ten for each of three companies, in English, German and French, as the recipients would get them. All companies and
people are invented. Several people of one company are among the ten wherever there are any, because two letters that
sound alike are noticed there first. Each claim on the recipient names the field and the fact it cites.

Made by `SWARM_WRITE_DOCS=1 pytest tests/unit/sample`; a test fails when this page is not what the code writes.
"""


@cache
def offer(language: str) -> Offer:
    return load_offer(OFFERS[language][1])


@cache
def walk(language: str) -> Walk:
    return asyncio.run(walk_sample(OFFERS[language][0], offer(language)))


@cache
def ten(language: str) -> tuple[EmailDrafted, ...]:
    """Companies with the most people first, as many of them as fit."""
    by_account: dict[str, list[EmailDrafted]] = defaultdict(list)
    for draft in walk(language).drafts():
        by_account[draft.account_id].append(draft)
    most_first = sorted(by_account.values(), key=lambda one: -len(one))
    return tuple([draft for drafts in most_first for draft in drafts][:EACH])


def own(draft: EmailDrafted, language: str) -> str:
    """What is said to this recipient alone: without the sender's own sentences."""
    text = personal_part(reveal(draft.content.text), offer(language).sender_name)
    for said in (offer(language).line, *(proof.text for proof in offer(language).proofs)):
        text = text.replace(said, "")
    return text


@pytest.mark.parametrize("language", OFFERS)
def test_there_are_ten_that_passed_every_rule_over_several_angles(language: str) -> None:
    drafts = ten(language)
    assert len(drafts) == EACH
    assert all(draft.verdict.passed for draft in drafts)
    assert len({draft.writing.angle for draft in drafts}) >= 5


@pytest.mark.parametrize("language", OFFERS)
def test_every_claim_cites_a_recorded_fact_and_stands_in_the_text(language: str) -> None:
    recorded = {fact.event_id: fact for fact in walk(language).facts}
    for draft in ten(language):
        whole = reveal(draft.content.subject) + reveal(draft.content.text)
        assert {"company", "title"} <= {claim.field for claim in draft.claims}
        for claim in draft.claims:
            assert recorded[claim.fact].event.about() == draft.lead_id
            assert claim.words in whole


@pytest.mark.parametrize("language", OFFERS)
def test_what_the_sender_says_of_themselves_is_in_the_offer(language: str) -> None:
    sender = offer(language)
    allowed = " ".join((*sender.ways(), sender.resource, *(proof.text for proof in sender.proofs)))
    for draft in ten(language):
        text = reveal(draft.content.text).replace("\u00a0", " ")
        for sentence in re.split(r"(?<=[.!?])\s+", text):
            if sender.company in sentence and sender.sender_name not in sentence:
                assert sentence.strip().rstrip(".") in allowed, sentence


def said(draft: EmailDrafted, language: str) -> str:
    """In which words a letter says what is offered."""
    text = reveal(draft.content.text).replace("\u00a0", " ")
    [way] = [one for one in offer(language).ways() if one.replace("\u00a0", " ") in text]
    return way


@pytest.mark.parametrize("language", OFFERS)
def test_no_two_in_one_company_sound_alike(language: str) -> None:
    pairs = [(one, two) for one, two in combinations(ten(language), 2) if one.account_id == two.account_id]
    assert pairs
    for one, two in pairs:
        assert reveal(one.content.subject) != reveal(two.content.subject)
        assert first_sentence(own(one, language)) != first_sentence(own(two, language))
        assert said(one, language) != said(two, language)
        assert likeness(shingles(own(one, language)), shingles(own(two, language))) < 0.2, own(one, language)


def colleagues(language: str) -> list[tuple[EmailDrafted, EmailDrafted]]:
    """Every two in one company, of all that the list leads to."""
    return [(one, two) for one, two in combinations(walk(language).drafts(), 2) if one.account_id == two.account_id]


def skeleton(draft: EmailDrafted, language: str) -> set[str]:
    """The runs of six words in what a letter says, without what it says of the lead and what the offer says."""
    text = own(draft, language)
    filled = [claim.words for claim in draft.claims if claim.words]
    for words in sorted((*offer(language).ways(), offer(language).resource, *filled), key=len, reverse=True):
        text = text.replace(words, "\n")
    runs = (normal(part).split() for part in re.split(r"[.!?\n]", text))
    return {" ".join(words[at : at + 6]) for words in runs for at in range(len(words) - 5)}


def shape(draft: EmailDrafted, language: str) -> tuple[int, int, int]:
    """How a letter is laid out: its paragraphs, and in which of them stand the offer and the last question."""
    text = personal_part(reveal(draft.content.text), offer(language).sender_name).replace("\u00a0", " ")
    parts = text.rpartition("\n\n")[0].split("\n\n")
    asks = max(at for at, part in enumerate(parts) if part.endswith("?"))
    offers = next(at for at, part in enumerate(parts) if said(draft, language).replace("\u00a0", " ") in part)
    return len(parts), offers, asks


@pytest.mark.parametrize("language", OFFERS)
def test_colleagues_side_by_side_see_no_form_letter(language: str) -> None:
    for one, two in colleagues(language):
        assert not skeleton(one, language) & skeleton(two, language)


@pytest.mark.parametrize("language", OFFERS)
def test_colleagues_are_not_told_the_same_proof(language: str) -> None:
    for one, two in colleagues(language):
        texts = [reveal(draft.content.text).replace("\u00a0", " ") for draft in (one, two)]
        both = [proof.text for proof in offer(language).proofs if all(proof.text in text for text in texts)]
        assert not both


@pytest.mark.parametrize("language", OFFERS)
def test_letters_to_one_company_are_laid_out_in_several_ways(language: str) -> None:
    by_account: dict[str, list[EmailDrafted]] = defaultdict(list)
    for draft in walk(language).drafts():
        by_account[draft.account_id].append(draft)
    most = [drafts for drafts in by_account.values() if len(drafts) >= 3]
    assert most
    for drafts in most:
        assert len({shape(draft, language) for draft in drafts}) >= 2


@pytest.mark.parametrize("language", OFFERS)
def test_they_are_written_in_the_language_of_the_offer(language: str) -> None:
    sign_off = load_library(language).speech.forms.sign_off
    assert all(sign_off in reveal(draft.content.text) for draft in ten(language))


def test_the_page_shows_what_the_code_writes() -> None:
    parts = [HEAD]
    for language in OFFERS:
        parts.append(f"\n## {offer(language).company}\n\n{offer(language).line}\n")
        parts += [_shown(draft, walk(language)) for draft in ten(language)]
    page = "".join(parts)
    if os.environ.get("SWARM_WRITE_DOCS"):
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page, "docs/thirty-drafts.md is stale: see its third paragraph"


def _shown(draft: EmailDrafted, told: Walk) -> str:
    card = draft.card
    text = reveal(draft.content.text).rstrip().replace("\n", "\n> ").replace("\n> \n", "\n>\n")
    facts = {fact.event_id: fact.event.type_tag() for fact in told.facts}
    claims = "\n".join(
        f"- {claim.field}: {f'“{claim.words}”' if claim.words else 'in the greeting'} "
        f"({facts[claim.fact]}, from the {claim.source})"
        for claim in draft.claims
    )
    return f"""
### {card.company}, {card.title} ({draft.writing.angle})

> **{reveal(draft.content.subject)}**
>
> {text}

{claims}
"""
