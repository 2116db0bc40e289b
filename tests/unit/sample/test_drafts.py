"""The drafts that the shipped sample leads to, as their recipients would read them."""

import asyncio
import os
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

from contracts.email import EmailDrafted
from contracts.envelope import reveal
from services.guard.text import first_sentence, personal_part
from tests.sample_walk import Walk, services, walk_sample

PAGE = Path(__file__).parents[3] / "docs" / "drafts.md"
SHOWN = 12
HEAD = """# Twelve drafts

What `make run` puts into the queue, as the recipient would get it: one of each angle, and a second one for a company
that already got one. People and companies are invented. Each claim on the recipient names the fact it cites.

Made by `SWARM_WRITE_DOCS=1 pytest tests/unit/sample`; a test fails when this page is not what the code writes.
"""
BROKEN = re.compile(r"[{}]|\bNone\b|\bnan\b|\[\W|  |\( ?\)|,,| ,|''|\"\"")


@cache
def walk() -> Walk:
    return asyncio.run(walk_sample())


def test_at_least_120_drafts_over_at_least_eight_angles() -> None:
    drafts = walk().drafts()
    assert len(drafts) >= 120
    assert len({draft.writing.angle for draft in drafts}) >= 8


def test_no_subject_or_text_holds_a_brace_a_raw_value_an_empty_slot_or_a_double_space() -> None:
    for draft in walk().drafts():
        for text in (reveal(draft.content.subject), reveal(draft.content.text)):
            assert not BROKEN.search(text), text


def test_first_sentences_differ_inside_a_company() -> None:
    by_company: dict[str, list[str]] = defaultdict(list)
    for draft in walk().drafts():
        text = reveal(draft.content.text)
        by_company[draft.account_id].append(first_sentence(personal_part(text, "Best regards,")))
    assert any(len(sentences) > 1 for sentences in by_company.values())
    for sentences in by_company.values():
        assert len(set(sentences)) == len(sentences)


def test_every_claim_cites_a_fact_of_the_lead_that_was_recorded() -> None:
    recorded = {fact.event_id: fact for fact in walk().facts}
    for draft in walk().drafts():
        assert {"company", "title"} & {claim.field for claim in draft.claims}
        for claim in draft.claims:
            assert recorded[claim.fact].event.about() == draft.lead_id
            assert claim.words in reveal(draft.content.text) or claim.words in reveal(draft.content.subject)


def test_every_draft_passed_every_rule() -> None:
    for draft in walk().drafts():
        assert draft.verdict.passed
        assert all(result.passed for result in draft.verdict.results)


def test_the_page_shows_what_the_code_writes() -> None:
    page = HEAD + "".join(_shown(draft) for draft in _chosen())
    if os.environ.get("SWARM_WRITE_DOCS"):
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page, "docs/drafts.md is stale: see its third paragraph"


def test_the_same_sample_gives_the_same_drafts() -> None:
    again = asyncio.run(walk_sample())
    assert [draft.content for draft in again.drafts()] == [draft.content for draft in walk().drafts()]
    assert len(services()) == 3


def _chosen() -> list[EmailDrafted]:
    """The first of each angle, and the first colleague of somebody among them."""
    chosen: dict[str, EmailDrafted] = {}
    for draft in walk().drafts():
        chosen.setdefault(draft.writing.angle, draft)
    shown = list(chosen.values())
    accounts = {draft.account_id for draft in shown}
    shown += [draft for draft in walk().drafts() if draft.account_id in accounts and draft not in shown]
    return shown[:SHOWN]


def _shown(draft: EmailDrafted) -> str:
    card = draft.card
    text = reveal(draft.content.text).rstrip().replace("\n", "\n> ").replace("\n> \n", "\n>\n")
    claims = "\n".join(
        f"- {claim.field}: {f'“{claim.words}”' if claim.words else 'in the greeting'} (from the {claim.source})"
        for claim in draft.claims
    )
    return f"""
## {card.company}, {card.title} ({card.tier.replace("_", " ")}, {card.headline}; {draft.writing.angle})

> **{reveal(draft.content.subject)}**
> to {reveal(draft.content.recipient)}
>
> {text}

{claims}
"""
