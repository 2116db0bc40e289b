"""Invented people are the same for a seed, other for another, and fit to be written to."""

import pytest

from contracts.errors import BadInput
from services.hunter.synthetic import COUNT_MAX, SOURCE_KINDS, candidates, generate, origin
from services.reading.rows import Candidate, candidate_of


@pytest.mark.parametrize("source", SOURCE_KINDS)
def test_every_row_is_a_lead_of_its_own_at_a_domain_nobody_can_own(source: str) -> None:
    rows = generate(source, COUNT_MAX // 2, 11)
    assert len({row["email"] for row in rows}) == len(rows) == len({row["domain"] for row in rows})
    for number, row in enumerate(rows, start=1):
        assert row["domain"].endswith(".example")
        assert row["email"].endswith("@" + row["domain"])
        assert 51 <= int(row["employees"]) <= 500
        assert row["title"]
        assert row["industry"]
        assert isinstance(candidate_of(number, row, b"k"), Candidate)
    assert any(not row["last_name"].isascii() for row in rows)


def test_a_place_depends_on_source_and_seed_alone() -> None:
    assert generate("default", 5, 1) == generate("default", 20, 1)[:5]
    made = candidates("default", range(1, 6), 1, b"k")
    assert made[2:] == candidates("default", range(3, 6), 1, b"k")
    assert [one.row for one in made] == [1, 2, 3, 4, 5]


def test_another_seed_or_source_gives_other_people() -> None:
    batches = [{row["email"] for row in generate(source, 20, seed)} for source in SOURCE_KINDS for seed in range(60)]
    assert len(set().union(*batches)) == sum(map(len, batches))


def test_a_source_says_what_kind_of_contact_it_is() -> None:
    assert origin("competitor_gong").kind == "competitor_follower"
    assert origin("event_saastr").kind == "event_attendee"
    assert origin("default").kind == "import"


@pytest.mark.parametrize(("source", "count"), [("linkedin", 5), ("default", 0), ("default", COUNT_MAX + 1)])
def test_an_unknown_source_or_number_is_bad_input(source: str, count: int) -> None:
    with pytest.raises(BadInput) as refused:
        generate(source, count, 1)
    assert refused.value.remedy
