"""What a person may put on the list, what is refused and with which words, and how the list counts."""

from datetime import timedelta

import msgspec
import pytest

from contracts.errors import BadInput, NotFound
from contracts.exclusion import address_key, domain_key
from contracts.policy import Excluded, Exclusion, ExclusionRemoved, Exclusions, ExclusionsCounted
from services.exclusion.decide import (
    REASON_MAX,
    Entry,
    checked_reason,
    checked_source,
    entry_of,
    exclude,
    remove,
)
from tests.controls import AT, EXCLUSION, IDENTITY_KEY, excluded, exclusion_removed, exclusions_counted, given

ONE, TWO = Entry("excl:one", "address"), Entry("excl:two", "domain")
STANDS = Exclusion(kind="domain", at=AT)


@pytest.mark.parametrize(
    "given_", ["Ada@Analytical.example", "mailto:ada@analytical.example", "ada+x@analytical.example"]
)
def test_address_is_one_mailbox(given_: str) -> None:
    assert entry_of(IDENTITY_KEY, given_) == (address_key(IDENTITY_KEY, "ada@analytical.example"), "address")


@pytest.mark.parametrize(
    "given_",
    [
        "acme.example",
        "@acme.example",
        "*@acme.example",
        "*.acme.example",
        "www.acme.example",
        "https://www.acme.example/about?x=1",
        "ACME.example.",
    ],
)
def test_domain_is_meant_however_it_is_written(given_: str) -> None:
    assert entry_of(IDENTITY_KEY, given_) == (domain_key(IDENTITY_KEY, "acme.example"), "domain")


@pytest.mark.parametrize(
    "given_",
    [
        "",
        "com",
        "Ada Lovelace",
        "ada@",
        "ada@com",
        "a@b@acme.example",
        "Ada <ada@acme.example>",
        "ada@acme.example, bob@acme.example",
        "https://user@acme.example/x",
        "10.0.0.1",
        "a.b.c.d.e.f.g.acme.example",
        "x" * 400 + ".example",
    ],
)
def test_what_is_neither_is_refused_and_not_repeated(given_: str) -> None:
    with pytest.raises(BadInput) as refused:
        entry_of(IDENTITY_KEY, given_)
    assert refused.value.values["field"] == "who"
    assert refused.value.remedy
    if len(given_) > 3:
        assert given_ not in refused.value.sentence()


def test_reason_that_names_them_is_refused() -> None:
    assert checked_reason("  A customer since 2020. ", "acme.example") == "A customer since 2020."
    for said in ("ada@acme.example wrote", "Acme.Example is a customer", "x" * (REASON_MAX + 1)):
        with pytest.raises(BadInput):
            checked_reason(said, "acme.example")


def test_source_is_the_end_of_a_path_and_never_an_address() -> None:
    assert checked_source("/home/ada/lists/customers.csv") == "customers.csv"
    assert checked_source("C:\\lists\\customers.csv") == "customers.csv"
    assert checked_source("ada@acme.example.csv") == ""


def test_those_who_are_new_are_excluded_and_counted_once() -> None:
    found = exclude(3, {ONE.key: None, TWO.key: STANDS}, [ONE, TWO, ONE], reason="A customer.", source="typed")
    assert found == [
        ExclusionsCounted(count=4),
        Excluded(key=ONE.key, kind="address", reason="A customer.", source="typed"),
    ]


def test_who_is_excluded_already_changes_nothing() -> None:
    assert exclude(3, {TWO.key: STANDS}, [TWO], reason="Another.", source="typed") == []


def test_exclusion_is_lifted_once() -> None:
    assert remove(1, STANDS, TWO.key, known=True) == [
        ExclusionsCounted(count=0),
        ExclusionRemoved(key=TWO.key),
    ]
    assert remove(1, None, TWO.key, known=True) == []
    with pytest.raises(NotFound):
        remove(1, None, TWO.key, known=False)


def test_list_folds_to_what_stands() -> None:
    minute = timedelta(minutes=1)
    stands = Exclusion(kind="domain", at=AT + minute, reason="A customer.", source="customers.csv")
    lifted = msgspec.structs.replace(stands, active=False)
    assert given("policy", excluded()) == stands
    assert given("policy", excluded(), exclusion_removed()) == lifted
    again = msgspec.structs.replace(stands, at=AT + 3 * minute)
    assert given("policy", excluded(), exclusion_removed(), excluded()) == again
    assert given("policy", exclusions_counted(count=7)) == Exclusions(count=7)
    assert excluded().about() == EXCLUSION
