"""One person has one key however they are written, and a domain covers what is below it and nothing beside it."""

import pytest

from contracts.envelope import Personal
from contracts.exclusion import LABELS_MAX, address_key, domain_key, domain_keys, keys_of, keys_of_fields, mailbox_form
from tests.controls import FIELDS, IDENTITY_KEY

OTHER_KEY = bytes(range(32))


@pytest.mark.parametrize(
    "written",
    ["ADA@Analytical.example", " ada@analytical.example ", "ada+news@analytical.example", "ada@analytical.example."],
)
def test_one_mailbox_has_one_key_however_it_is_written(written: str) -> None:
    assert address_key(IDENTITY_KEY, written) == address_key(IDENTITY_KEY, "ada@analytical.example")


@pytest.mark.parametrize("other", ["ada@engine.example", "charles@analytical.example", "ada.l@analytical.example"])
def test_another_mailbox_has_another_key(other: str) -> None:
    assert address_key(IDENTITY_KEY, other) != address_key(IDENTITY_KEY, "ada@analytical.example")


@pytest.mark.parametrize("none", ["", "ada", "@analytical.example", "ada@", "[erased]"])
def test_what_is_no_address_has_no_key_of_a_mailbox(none: str) -> None:
    assert (mailbox_form(none), address_key(IDENTITY_KEY, none), keys_of(IDENTITY_KEY, none)) == ("", "", ())


def test_plus_alone_is_no_reason_to_lose_the_name() -> None:
    assert mailbox_form("+ada@analytical.example") == "+ada@analytical.example"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("müller.example", "xn--mller-kva.example"),
        ("straße.example", "xn--strae-oqa.example"),
        ("A.example", "a.example"),
    ],
)
def test_both_spellings_of_a_domain_are_one(one: str, other: str) -> None:
    assert domain_key(IDENTITY_KEY, one) == domain_key(IDENTITY_KEY, other)
    assert address_key(IDENTITY_KEY, f"ada@{one}") == address_key(IDENTITY_KEY, f"ada@{other}")


def test_domain_covers_itself_and_what_is_below_it_and_nothing_beside_it() -> None:
    excluded = domain_key(IDENTITY_KEY, "acme.example")
    assert excluded in domain_keys(IDENTITY_KEY, "acme.example")
    assert excluded in domain_keys(IDENTITY_KEY, "mail.eu.acme.example")
    for beside in ("example", "notacme.example", "acme.example.org", "acme.test"):
        assert excluded not in domain_keys(IDENTITY_KEY, beside)


def test_deepest_domain_that_can_be_excluded_is_looked_up_below_any_other() -> None:
    deep = ".".join([*"abcdefghijkl", "acme", "example"])
    longest = ".".join(deep.split(".")[-LABELS_MAX:])
    assert len(domain_keys(IDENTITY_KEY, deep)) == LABELS_MAX - 1
    assert domain_key(IDENTITY_KEY, longest) in domain_keys(IDENTITY_KEY, deep)


def test_lead_is_covered_by_its_mailbox_its_domain_and_its_company() -> None:
    found = keys_of(IDENTITY_KEY, "ada@mail.analytical.example", "engine.example")
    assert set(found) == {
        address_key(IDENTITY_KEY, "ada@mail.analytical.example"),
        domain_key(IDENTITY_KEY, "mail.analytical.example"),
        domain_key(IDENTITY_KEY, "analytical.example"),
        domain_key(IDENTITY_KEY, "engine.example"),
    }


def test_keys_are_read_from_the_fields_of_a_row_as_from_those_of_a_lead() -> None:
    fields = {"email": Personal.plain("ada@analytical.example"), "domain": "engine.example", "employees": 120}
    assert keys_of_fields(IDENTITY_KEY, fields) == keys_of(IDENTITY_KEY, "ada@analytical.example", "engine.example")
    assert keys_of_fields(IDENTITY_KEY, {}) == ()
    assert keys_of_fields(IDENTITY_KEY, FIELDS)


def test_key_says_nothing_without_the_identity_key() -> None:
    found = address_key(IDENTITY_KEY, "ada@analytical.example")
    assert found != address_key(OTHER_KEY, "ada@analytical.example")
    assert "ada" not in found.replace("excl:", "")
    assert domain_key(IDENTITY_KEY, "analytical.example") != address_key(IDENTITY_KEY, "analytical.example")
