"""Ids: one person is one lead however the row is spelt, and what belongs to a company lives in one partition."""

from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.envelope import event_id
from contracts.identity import (
    NAMESPACE,
    ROUTE_DIGITS,
    account_id,
    account_key,
    email_id,
    lead_id,
    normalise,
    partition_of,
    refusal_id,
)
from tests.controls import CAUSE, IDENTITY_KEY, LEAD

PARTITIONS = st.integers(1, 64)
WORDS = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=12)
DOMAINS = st.integers(1, 10**9).map(lambda number: f"company-{number}.example")
SERVICES = st.sampled_from(["queen", "hunter", "enricher", "segmentor", "crafter", "operator", "gateway"])


def lead(address: str = "", full_name: str = "", company: str = "", domain: str = "", key: bytes = IDENTITY_KEY) -> str:
    return lead_id(key, address=address, full_name=full_name, company=company, domain=domain)


@pytest.mark.parametrize(
    "spelling",
    ["Ada@Analytical.Example", "  ada@analytical.example\t", "ADA@ANALYTICAL.EXAMPLE", "\uff41da@analytical.example"],
)
def test_address_is_the_same_however_it_is_spelt(spelling: str) -> None:
    assert lead(spelling) == lead("ada@analytical.example") == LEAD


def test_address_decides_where_there_is_one() -> None:
    assert lead("ada@a.example", "Ada Lovelace", "Engines", "b.example") == lead("ada@a.example", "Somebody Else")
    assert lead("ada@a.example") != lead("bea@a.example")


def test_without_address_name_and_company_decide() -> None:
    assert lead("", "Ada  Lovelace", "", "A.example") == lead("", "ada lovelace", "Engines", "a.example")
    assert lead("", "Ada Lovelace", "Engines") == lead("", "ada lovelace", "ENGINES ")
    assert len({lead("", name, at) for name in ("Ada", "Bea") for at in ("Engines", "Looms")}) == 4


def test_another_identity_key_gives_other_ids() -> None:
    assert lead("ada@a.example") != lead("ada@a.example", key=b"another key")


@pytest.mark.parametrize(
    ("spelt", "normal"),
    [("  Ada \t\n Lovelace ", "ada lovelace"), ("STRASSE", "strasse"), ("Straße", "strasse"), ("ﬁn", "fin"), ("", "")],
)
def test_text_is_normalised(spelt: str, normal: str) -> None:
    assert normalise(spelt) == normal


def test_accent_is_the_same_in_one_character_or_two() -> None:
    assert normalise("caf\u00e9") == normalise("cafe\u0301")


@given(names=st.lists(WORDS, min_size=2, max_size=5), domain=DOMAINS, step=st.integers(1, 9), partitions=PARTITIONS)
def test_everything_of_one_company_shares_a_partition(
    names: list[str], domain: str, step: int, partitions: int
) -> None:
    account = account_id(IDENTITY_KEY, account_key("", "", domain))
    leads = [lead(f"{name}@{domain}") for name in names] + [lead("", name, "", domain) for name in names]
    ids = [account, *leads, *(email_id(one, step) for one in leads)]
    assert len({one[-ROUTE_DIGITS:] for one in ids}) == 1
    assert len({partition_of(one, partitions) for one in ids}) == 1


@given(name=WORDS, domain=DOMAINS, partitions=PARTITIONS)
def test_partition_is_control_only_where_it_is_the_only_one(name: str, domain: str, partitions: int) -> None:
    partition = partition_of(lead(f"{name}@{domain}"), partitions)
    assert partition == 0 if partitions == 1 else 1 <= partition <= partitions


def test_companies_spread_over_the_partitions() -> None:
    found = [partition_of(account_id(IDENTITY_KEY, f"company-{n}.example"), 4) for n in range(60)]
    assert set(found) == {1, 2, 3, 4}


def test_ids_are_uuids() -> None:
    for one in (LEAD, account_id(IDENTITY_KEY, "a.example"), email_id(LEAD, 1), refusal_id("run", 1)):
        assert str(UUID(one)) == one


@given(run=st.text(max_size=40), row=st.integers(1, 10**6))
def test_ids_are_the_uuid5_of_what_they_name(run: str, row: int) -> None:
    assert refusal_id(run, row) == str(uuid5(UUID(bytes=NAMESPACE), f"refusal:{run}:{row}"))
    named = str(uuid5(UUID(bytes=NAMESPACE), f"email:{LEAD}:{row}"))
    assert email_id(LEAD, row) == named[:-ROUTE_DIGITS] + LEAD[-ROUTE_DIGITS:]


def test_touches_of_one_lead_have_ids_of_their_own() -> None:
    assert len({email_id(LEAD, step) for step in range(1, 20)} | {LEAD}) == 20


@given(services=st.lists(SERVICES, min_size=2, max_size=2, unique=True), cause=st.uuids(), index=st.integers(0, 9))
def test_event_ids_of_two_services_are_never_equal(services: list[str], cause: UUID, index: int) -> None:
    one, other = (event_id(str(cause), service, LEAD, index) for service in services)
    assert one != other


def test_event_id_is_the_same_when_a_cause_comes_again() -> None:
    assert event_id(CAUSE, "hunter", LEAD, 0) == event_id(CAUSE, "hunter", LEAD, 0)


def test_event_ids_differ_by_cause_aggregate_and_index() -> None:
    ids = {event_id(cause, "hunter", about, n) for cause in (CAUSE, LEAD) for about in ("a", "b") for n in range(3)}
    assert len(ids) == 12
