"""Lead values are hostile: what cannot be said is not said, and nothing is carried out."""

import pytest

from contracts.lead import Value
from services.crafter import natural
from services.crafter.languages import LANGUAGES
from services.crafter.sheet import Sheet, plain
from tests.unit.crafter.controls import FULL, known, lead, library

HOSTILE = (
    "{{ 7 * 7 }}",
    "{% for x in y %}",
    "<script>alert(1)</script>",
    "https://evil.example",
    "['HubSpot', 'Slack']",
    "{'name': 'HubSpot'}",
    "None",
    "nan",
    "null",
    "",
    "   ",
    "\u202e\u200b",
    "x" * 400,
)


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("field", ["company", "title", "first_name", "industry", "employees", "technologies", "hiring"])
def test_hostile_value_is_not_said(field: str, value: str) -> None:
    spoken = {str(word) for word in Sheet(lead(FULL | {"title": "CFO", field: value}), library().speech).words.values()}
    assert not {
        word
        for word in spoken
        if any(mark in word for mark in "{}<>[]/") or (value and value.strip() in word and value.strip())
    }


def test_control_and_reading_direction_characters_are_taken_out() -> None:
    assert natural.clean("Ac\u202eme\u0000 \r\n Bcc: x\u2066") == "Acme Bcc: x"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("Northwind, Inc.", "Northwind"),
        ("Acme LLC", "Acme"),
        ("Müller GmbH & Co. KG", "Müller"),
        ("ACME STAFFING PARTNERS", "Acme Staffing Partners"),
        ("IBM", "IBM"),
        ("Harbor & Co.", "Harbor &"),
        ("Acme | We build things", "Acme"),
        ("Acme (formerly Beta)", "Acme"),
        ("Incline", "Incline"),
    ],
)
def test_company_is_called_as_people_call_it(raw: str, said: str) -> None:
    assert natural.company(raw) == said.removesuffix(" &")


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("Founder & CEO", "Founder and CEO"),
        ("Director, Demand Generation", "Director of Demand Generation"),
        ("VP OF SALES", "VP of Sales"),
        ("ceo", "CEO"),
        ("Head of Growth | Speaker | Dog person", "Head of Growth"),
        ("CTO/Co-Founder", "CTO"),
        ("VP of Sales,\nEMEA", "VP of Sales, EMEA"),
        ("Chief Everything Officer " * 10, ""),
    ],
)
def test_title_reads_as_in_a_sentence(raw: str, said: str) -> None:
    assert natural.title(raw) == said


@pytest.mark.parametrize(
    ("raw", "whole", "said"),
    [
        ("DANA", False, "Dana"),
        ("Dr. Dana Whitfield", True, "Dana"),
        ("Whitfield, Dana", True, "Dana"),
        ("jean-luc", False, "Jean-Luc"),
        ("Łucja", False, "Łucja"),
        ("O'Neil", False, "O'Neil"),
        ("D.", False, ""),
        ("info@x", False, ""),
        ("Nan", False, ""),
    ],
)
def test_first_name_greets(raw: str, whole: bool, said: str) -> None:
    assert natural.given_name(raw, whole=whole) == said


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (118, "about 120 people"),
        (23, "about 25 people"),
        (1240, "about 1,200 people"),
        ("51-200", "51 to 200 people"),
        (3, ""),
        ("many", ""),
    ],
)
def test_headcount_is_round(raw: str | int, said: str) -> None:
    assert library().speech.headcount(raw) == said


@pytest.mark.parametrize(
    ("raw", "one"),
    [
        ("Staffing and Recruiting", "a staffing firm"),
        ("Computer Software", "a software company"),
        ("Law Practice", "a law firm"),
        ("Banking", "a bank"),
        ("MACHINERY", "a machinery manufacturer"),
        ("COMPUTER_SOFTWARE", "a software company"),
        ("Digital Marketing Agency", "a marketing agency"),
        ("Logiciels", "a software company"),
        ("Services informatiques", "an IT services company"),
        ("IT-Dienstleistungen", "an IT services company"),
        ("Edition de logiciels", "a software company"),
        ("IMMOBILIER", "a real estate company"),
        ("Agence immobilière", "a real estate company"),
        ("Agence d’intérim", "a staffing firm"),
        ("Unternehmensberatung", "a consulting firm"),
        ("Maschinen- und Anlagenbau", "a machinery manufacturer"),
        ("Construction mécanique", "a machinery manufacturer"),
        ("Industrie", "a manufacturer"),
    ],
)
def test_industry_is_spoken_naturally(raw: str, one: str) -> None:
    kind = library().speech.industry(raw)
    assert kind is not None
    assert kind.one == one


@pytest.mark.parametrize(
    "raw",
    ["Glass, Ceramics & Concrete", "Philanthropy", "Lawn care", "Bankruptcy services", "Baumschule", "Divers", ""],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_industry_on_no_list_is_not_said(language: str, raw: str) -> None:
    speech = library(language).speech
    assert speech.industry(raw) is None
    words = Sheet(lead(FULL | {"industry": raw}), speech).words
    assert not words.keys() & {"one_firm", "firms", "among_firms"}


def test_a_figure_that_is_an_estimate_is_not_said() -> None:
    fields = known({"employees": 125})
    estimate = {
        name: type(one)(value=one.value, fact=one.fact, source=one.source, confidence=0.7, at=one.at)
        for name, one in fields.items()
    }
    who = lead(FULL)
    shaky = type(who)(fields=who.fields | estimate, persona="sales")
    assert "people" not in Sheet(shaky, library().speech).words


def test_a_tool_is_said_only_to_who_works_with_it() -> None:
    assert str(Sheet(lead(FULL, persona="finance"), library().speech).words["tools"]) == "NetSuite"
    assert str(Sheet(lead(FULL, persona="sales"), library().speech).words["tools"]) == "HubSpot and Outreach"


def test_a_bare_yes_is_no_opening() -> None:
    assert "role" not in Sheet(lead(FULL | {"hiring": "Yes"}), library().speech).words


def test_names_stay_out_of_claims() -> None:
    sheet = Sheet(lead(FULL), library().speech)
    assert str(sheet.words["first_name"]) == "Dana"
    assert [(claim.words, claim.field) for claim in sheet.claims()] == [("", "full_name")]


@pytest.mark.parametrize(("value", "text"), [(7, "7"), (("a", "b"), ""), ("x", "x")])
def test_plain_text_of_a_field(value: Value, text: str) -> None:
    assert plain(known({"industry": value})["industry"]) == text
    assert plain(None) == ""


def test_an_opening_is_said_to_who_has_to_do_with_it() -> None:
    assert "role" in Sheet(lead(FULL, persona="executive"), library().speech).words
    assert "role" in Sheet(lead(FULL, persona="sales"), library().speech).words
    assert "role" not in Sheet(lead(FULL, persona="technology"), library().speech).words
