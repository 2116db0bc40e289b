"""One table of words: the page has it as a file of its own, and sentences say no code."""

import json
import os
import re
from pathlib import Path
from typing import get_args

import pytest

from contracts import email, lead
from contracts.lead import Origin
from services.crafter.library import load_library
from services.projections import plain_words
from services.projections.leads import Row
from services.projections.plain_words import ANGLES, TABLES, TAGS, TIERS, called, moves, plain, source_of, theme_of, who
from tests import controls

SCRIPT = Path(__file__).parents[3] / "gateway" / "page" / "core" / "named.js"
MADE = "// Made of services/projections/plain_words.py by `SWARM_WRITE_DOCS=1 pytest tests/unit/projections`; a test compares.\n"
CODE = re.compile(r"[a-z]_[a-z]")


def script() -> str:
    """The tables as the page reads them."""
    tables = (
        f"\nexport const {name} = {json.dumps(dict(table), indent=2, ensure_ascii=False)};\n"
        for name, table in TABLES.items()
    )
    return MADE + "".join(tables)


def standing(**how: object) -> Row:
    known = {"id": "one", "status": "scored", "stands": "needs data", "updated_at": controls.AT}
    return Row(**{**known, **how})  # type: ignore[arg-type]


def test_page_has_the_same_words() -> None:
    if os.environ.get("SWARM_WRITE_DOCS"):
        SCRIPT.write_text(script(), encoding="utf-8")
    assert SCRIPT.read_text(encoding="utf-8") == script(), "SWARM_WRITE_DOCS=1 pytest tests/unit/projections"


def test_every_code_has_words() -> None:
    assert set(TIERS) == set(get_args(lead.Tier))
    assert set(TAGS) == set(get_args(email.RejectionTag))
    assert set(ANGLES) >= set(load_library().angles)
    assert [text for table in TABLES.values() for text in table.values() if CODE.search(text)] == []


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("version 1 rejected: weak_cta", "version 1 rejected: ask"),
        ("version 2 drafted, angle executive_buy_in", "version 2 drafted, angle executive buy-in"),
        ("came from file, row 3", "came from the file, row 3"),
        ("sandbox run over default asked for", "sandbox run over invented people asked for"),
        ("came from my_leads.csv, row 3", "came from my_leads.csv, row 3"),
        ("nobody knows   linkedin_url,\nrevenue_usd", "nobody knows LinkedIn profile, revenue"),
        ("an_unknown_code stays readable", "an unknown code stays readable"),
    ],
)
def test_sentence_says_no_code(said: str, heard: str) -> None:
    assert plain(said) == heard


@pytest.mark.parametrize(
    ("actor", "name"),
    [
        ("person:grace@swarm", "Grace"),
        ("grace", "Grace"),
        ("agent:crafter", "the drafter"),
        ("agent:enricher-2", "the researcher"),
        ("agent:stranger", "stranger"),
        ("policy:sandbox", "the policy"),
        ("system:clock", "the swarm"),
        ("", ""),
    ],
)
def test_whoever_acts_is_called_as_people_call_them(actor: str, name: str) -> None:
    assert who(actor) == name


def test_theme_that_nobody_wrote_words_for_is_said_by_its_code() -> None:
    assert (theme_of("tech_stack"), theme_of("tier1_spring_fair")) == ("the tools they use", "tier 1 spring fair")
    assert theme_of("gong_displacement") == "gong instead of it"
    assert (source_of("file"), source_of("trade_fair")) == ("the file", "trade fair")
    assert called("email.send_requested.v1") == "email send requested"


def test_what_would_move_a_lead_is_said_by_its_remedy_else_by_what_is_missing() -> None:
    assert moves(standing(remedy="Add the domain.", missing=("email",))) == "Add the domain."
    assert (
        moves(standing(status="needs_data", missing=("employees", "title"))) == "Bring employees, title, and it goes on"
    )
    assert moves(standing(missing=("revenue_usd",))) == "Not known: revenue usd"
    assert moves(standing()) == ""


def test_lead_says_where_it_came_from() -> None:
    here = Origin(source="file", kind="import", row=12, file_sha256="", basis="")
    assert plain_words.origin(standing(origin=here)) == "the file, row 12"
    assert plain_words.origin(standing()) == ""
    assert plain_words.why(standing(why="20: tier_1, weak_subject")) == "20: tier 1, subject"
