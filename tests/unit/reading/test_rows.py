"""A row becomes a candidate with ids and trimmed values, or a refusal that says what mends it."""

import pytest

from contracts.envelope import Personal, reveal
from contracts.identity import account_id, lead_id
from contracts.lead import PERSONAL_FIELDS, Value
from services.reading.chunks import Chunk
from services.reading.columns import mapping_of
from services.reading.rows import Candidate, Refused, candidate_of, candidates, cleaned, layout, matched
from services.reading.sheet import Row, RowError

KEY = b"identity"
ANNA = {"email": "anna@acme.example", "full_name": "Anna Vale", "company": "Acme"}


def made(**values: str) -> Candidate:
    candidate = candidate_of(1, ANNA | values, KEY)
    assert isinstance(candidate, Candidate)
    return candidate


def refused(**values: str) -> Refused:
    refusal = candidate_of(1, ANNA | values, KEY)
    assert isinstance(refusal, Refused)
    return refusal


def shown(value: Value) -> Value:
    return reveal(value) if isinstance(value, Personal) else value


def test_ids_come_from_the_address_however_it_is_written() -> None:
    assert made().lead_id == made(email=" Anna@ACME.example ").lead_id == made(company="Other").lead_id
    assert made().lead_id == lead_id(KEY, address="anna@acme.example", full_name="", company="", domain="")
    assert made().account_id == account_id(KEY, "acme.example")
    assert made(email="bo@acme.example").account_id == made().account_id


def test_without_an_address_name_and_company_make_the_ids() -> None:
    one = made(email="", domain="https://www.acme.example/en")
    assert one.lead_id == made(email="", domain="acme.example", company="ACME Ltd").lead_id
    assert one.lead_id != made(email="").lead_id
    assert made(email="", full_name="", first_name="Anna", last_name="Vale").lead_id == made(email="").lead_id


def test_what_names_a_person_is_personal_and_nothing_else_is() -> None:
    fields = made(
        phone="+1 202-555-0100", city="Lyon", title="CEO", linkedin_url="https://linkedin.example/in/a"
    ).fields
    assert {name for name, value in fields.items() if isinstance(value, Personal)} == PERSONAL_FIELDS & set(fields)
    assert fields["title"] == "CEO"


def test_values_stay_as_they_came_but_for_what_cannot_be_seen() -> None:
    fields = made(
        company="  Ac\u00a0me\u202e\u200b \x07Inc.\n", employees="51-200", technologies="HubSpot; Gong"
    ).fields
    assert fields["company"] == "Ac me Inc."
    assert (fields["employees"], fields["technologies"]) == ("51-200", "HubSpot; Gong")


@pytest.mark.parametrize("nothing", ["", " ", "-", "N/A", "null", "None", "[]", "#N/A"])
def test_a_word_for_nothing_is_nothing(nothing: str) -> None:
    assert "industry" not in made(industry=nothing).fields


def test_web_addresses_become_hosts_and_other_links_are_not_linkedin() -> None:
    fields = made(domain="HTTPS://www.Acme.example/x?y", linkedin_url="https://acme.example/anna").fields
    assert fields["domain"] == "acme.example"
    assert "linkedin_url" not in fields
    assert "domain" not in made(domain="not a site").fields
    assert "hiring" not in made(hiring="No").fields


@pytest.mark.parametrize(
    "address",
    [
        "anna",
        "anna@acme",
        "anna@@acme.example",
        "a@b@acme.example",
        "anna@acme.example, bo@acme.example",
        "Anna <anna@acme.example>",
        '"anna vale"@acme.example',
        "anna@[192.0.2.1]",
        "anna@192.0.2.1",
        "anna@acme.example\r\nBcc: all@acme.example",
        "anna@\nacme.example",
        "@relay.example:anna@acme.example",
        "anna@acme.invalid",
        "anna@acme..example",
    ],
)
def test_what_is_no_single_valid_address_is_refused(address: str) -> None:
    refusal = refused(email=address)
    assert refusal.field == "email"
    assert refusal.remedy
    assert "anna" not in refusal.reason + refusal.remedy


@pytest.mark.parametrize(
    "address", ["anna@acme.example", "mailto:anna@acme.example", "josé@acme.example", "a+b@bücher.example"]
)
def test_valid_addresses_pass_without_asking_anybody(address: str) -> None:
    assert "email" in made(email=address).fields


@pytest.mark.parametrize(
    ("status", "kept"),
    [("Verified", True), ("", True), ("User Managed", True), ("Unverified", True), ("Guessed", True),
     ("Unavailable", False), ("bounced", False), ("Invalid", False), ("Spam Trap", False)],
)  # fmt: skip
def test_an_unusable_status_takes_the_address_away(status: str, kept: bool) -> None:
    assert ("email" in made(email_status=status).fields) is kept


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"email": "", "full_name": ""}, "email", "no e-mail address, and no full name"),
        ({"email": "", "full_name": "", "first_name": "Anna"}, "email", "no full name"),
        ({"email": "", "company": ""}, "company", "no company"),
        ({"email_status": "Unavailable", "company": ""}, "company", "marked as not usable"),
        ({"title": "x" * 301}, "title", "300 characters"),
        ({"technologies": "x" * 4_001}, "technologies", "4,000 characters"),
        ({"last_name": "M\ufffdller"}, "last_name", "lost characters"),
    ],
)
def test_a_row_that_makes_no_lead_is_refused(values: dict[str, str], field: str, words: str) -> None:
    refusal = refused(**values)
    assert refusal.field == field
    assert words in refusal.reason
    assert refusal.remedy


def test_an_unreadable_row_keeps_its_reason() -> None:
    chunk = Chunk(
        first_row=7,
        header=("Email",),
        mapping={"email": "Email"},
        rows=[Row(7, 8, error=RowError("row", "Broken.", "Mend it.")), Row(8, 9, ("a@acme.example",))],
    )
    first, second = candidates(chunk, KEY)
    assert first == Refused(row=7, field="row", reason="Broken.", remedy="Mend it.")
    assert isinstance(second, Candidate)
    assert second.row == 8


def test_an_empty_cell_is_made_up_for_by_the_next_column_that_means_the_same() -> None:
    header = ("Email", "Company", "Company Name for Emails", "Company Name")
    places = layout(header, {"email": "Email", "company": "Company Name for Emails"})
    assert places["company"] == (2, 3, 1)
    assert layout(header, {"email": "Email", "company": "Email"})["company"] == (0,)


def test_cleaned_text_is_cleaned_once_for_all() -> None:
    text = "  a\t\tb\u2067c\x1b[31m  d "
    assert cleaned(text) == cleaned(cleaned(text)) == "a bc [31m d"


def test_each_column_says_which_field_is_taken_from_it_and_why() -> None:
    header = ("E-Mail", "Kundin", "Email", "Shoe size", "Firma")
    wishes = {"full_name": "Kundin"}
    mapping = mapping_of(header, wishes)
    assert [(one.column, one.field, one.how) for one in matched(header, mapping, wishes)] == [
        ("E-Mail", "email", "alias"),
        ("Kundin", "full_name", "mapping"),
        ("Email", "email", "alias"),
        ("Shoe size", None, None),
        ("Firma", "company", "alias"),
    ]
