"""Claimed, left to others, put off, commented on: what people do with a draft besides answering it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest

from contracts.codec import decode_state, encode_state
from contracts.commands import Handling
from contracts.email import NONE, Email, EmailClaimed, EmailCommented, EmailReleased, EmailSnoozed
from contracts.envelope import Actor, Personal
from contracts.errors import AlreadyDecided, BadInput, ClaimedByAnother, DecisionRefused, NotFound
from services.approval.handling import CLAIM_LASTS, SNOOZE_MAX
from tests.unit.approval.examples import (
    AGENT,
    ANN,
    BOB,
    CLOCK,
    EMAIL_ID,
    NOW,
    POLICY,
    Desk,
    claim,
    comment,
    content,
    drafted,
    expire,
    release,
    snooze,
)

IDS = {"email_id": EMAIL_ID, "lead_id": "lead-1", "run_id": "run-1"}
HANDLINGS: dict[str, Handling] = {"claim": claim(), "release": release(), "snooze": snooze(), "comment": comment()}
DECIDED: dict[str, Callable[[Desk], object]] = {
    "approved": lambda desk: desk.answer(desk.approve()),
    "rejected": lambda desk: desk.answer(desk.reject()),
}


def test_claim_lasts_a_quarter_of_an_hour_and_the_same_person_renews_it() -> None:
    desk = Desk()
    assert desk.answer(claim()) == [EmailClaimed(**IDS, until=NOW + CLAIM_LASTS)]
    later = NOW + timedelta(minutes=10)
    assert desk.answer(claim(), at=later) == [EmailClaimed(**IDS, until=later + CLAIM_LASTS)]


@pytest.mark.parametrize("name", ["claim", "release", "snooze"])
def test_what_another_person_has_claimed_is_refused_naming_them_and_until_when(name: str) -> None:
    desk = Desk()
    desk.answer(claim(), ANN)
    words = r"^ann@local has claimed it until 2026-11-22 10:19 UTC\.$"
    with pytest.raises(ClaimedByAnother, match=words) as caught:
        desk.decide(HANDLINGS[name], BOB, at=NOW + CLAIM_LASTS - timedelta(seconds=1))
    assert caught.value.values.items() >= {"who": "person:ann@local", "until": "2026-11-22T10:19:00+00:00"}.items()


def test_claim_that_is_over_stands_in_nobodys_way() -> None:
    desk = Desk()
    desk.answer(claim(), ANN)
    over = NOW + CLAIM_LASTS
    assert desk.decide(release(), ANN, at=over) == []
    assert desk.decide(claim(), BOB, at=over) == [EmailClaimed(**IDS, until=over + CLAIM_LASTS)]
    assert desk.decide(snooze(), BOB, at=over) != []


def test_released_draft_is_anybodys_and_releasing_what_nobody_has_is_nothing() -> None:
    desk = Desk()
    assert desk.answer(release()) == []
    desk.answer(claim(), ANN)
    assert desk.answer(release(), ANN) == [EmailReleased(**IDS)]
    assert desk.decide(claim(), BOB) != []


@pytest.mark.parametrize("name", ["approve", "edit", "reject", "request changes"])
def test_answer_is_taken_from_anybody_and_ends_the_claim(name: str) -> None:
    desk = Desk()
    desk.answer(claim(), ANN)
    desk.answer(desk.answers()[name], BOB)
    assert desk.state.claimed is msgspec.UNSET


def test_new_draft_is_nobodys() -> None:
    desk = Desk()
    desk.answer(desk.changes())
    desk.answer(claim(), ANN)
    desk.record([drafted(version=2, text=content(salt="aa" * 16))], AGENT)
    assert desk.decide(claim(), BOB) != []


def test_putting_off_names_the_time_and_ends_the_claim() -> None:
    desk = Desk()
    desk.answer(claim(), ANN)
    until = NOW + timedelta(hours=3)
    elsewhere = until.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert desk.answer(snooze(elsewhere), ANN) == [EmailSnoozed(**IDS, until=until)]
    assert desk.decide(claim(), BOB) != []


def test_putting_off_goes_to_the_latest_time_and_no_further() -> None:
    far = NOW + timedelta(days=60)
    desk = Desk(first=msgspec.structs.replace(drafted(), expires_at=far))
    assert desk.decide(snooze(NOW + SNOOZE_MAX)) != []
    refused(desk, NOW + SNOOZE_MAX + timedelta(seconds=1), "2026-12-06 10:04 UTC, 14 days", NOW + SNOOZE_MAX)
    expires = NOW + timedelta(days=2)
    desk = Desk(first=msgspec.structs.replace(drafted(), expires_at=expires))
    assert desk.decide(snooze(expires - timedelta(seconds=1))) != []
    for until in (expires, far):
        refused(desk, until, "expires at 2026-11-24 10:04 UTC", expires)
    refused(desk, NOW, "over already", None)
    refused(desk, datetime(2026, 11, 23, 9, 0), "in which zone", None)  # noqa: DTZ001 - That is what is refused.


def refused(desk: Desk, until: datetime, words: str, latest: datetime | None) -> None:
    with pytest.raises(BadInput, match=words) as caught:
        desk.decide(snooze(until))
    assert caught.value.values["field"] == "until"
    assert caught.value.values.get("latest") == (latest and latest.astimezone(UTC).isoformat())


@pytest.mark.parametrize("text", ["x", "y" * 2_000, "One line.\nAnother."])
def test_comment_is_kept_trimmed_and_as_what_may_name_a_person(text: str) -> None:
    assert Desk().decide(comment(f"  {text}\r\n")) == [EmailCommented(**IDS, text=Personal.plain(text))]


@pytest.mark.parametrize("text", ["", " \n ", "x" * 2_001, "a\x00b", "a\tb", "a\x1bb", "a\x85b", "half \ud800"])
def test_comment_that_cannot_be_meant_is_refused(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        Desk().decide(comment(text))
    assert caught.value.values["field"] == "text"


@pytest.mark.parametrize("name", DECIDED)
def test_answered_draft_takes_comments_alone(name: str) -> None:
    desk = Desk()
    DECIDED[name](desk)
    assert desk.answer(comment(), BOB) != []
    for each in (claim(), release(), snooze()):
        with pytest.raises(AlreadyDecided, match=f"ann@local {name} it"):
            desk.decide(each, BOB)


def test_expired_draft_takes_comments_alone_marked_or_not() -> None:
    desk = Desk()
    assert desk.state.expires_at is not None
    late = desk.state.expires_at
    for marked in (False, True):
        if marked:
            desk.answer(expire(), CLOCK, at=late)
        assert desk.decide(comment(), at=late) != []
        for each in (claim(), release(), snooze(late + timedelta(hours=1))):
            with pytest.raises(DecisionRefused, match="expired"):
                desk.decide(each, at=late)


@pytest.mark.parametrize("name", HANDLINGS)
@pytest.mark.parametrize("actor", [POLICY, AGENT, CLOCK])
def test_only_people_handle_drafts(name: str, actor: Actor) -> None:
    with pytest.raises(DecisionRefused, match=f"may not {name}"):
        Desk().decide(HANDLINGS[name], actor)


@pytest.mark.parametrize("name", HANDLINGS)
def test_unknown_email_is_not_found(name: str) -> None:
    desk = Desk()
    desk.state = NONE
    with pytest.raises(NotFound):
        desk.decide(HANDLINGS[name])


def test_state_without_a_claim_has_the_bytes_it_had_before_there_were_claims() -> None:
    """`swarm verify` compares bytes, and snapshots of that time are still there."""
    desk = Desk()
    before = encode_state(desk.state)
    assert b"claimed" not in before
    assert decode_state("email", before) == desk.state
    desk.answer(claim())
    held = decode_state("email", encode_state(desk.state))
    assert isinstance(held, Email)
    assert held.claimed == desk.state.claimed != msgspec.UNSET
    desk.answer(release())
    assert encode_state(desk.state) == before
