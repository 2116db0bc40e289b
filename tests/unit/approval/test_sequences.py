"""Whatever two people send in whatever order, one answer stands, and whoever loses is told (RELIABILITY I6)."""

import re
from collections import Counter
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.commands import DraftCommand
from contracts.email import (
    EmailApproved,
    EmailChangesRequested,
    EmailClaimed,
    EmailCommented,
    EmailDrafted,
    EmailEdited,
    EmailRejected,
    EmailReleased,
    EmailRevoked,
    EmailSnoozed,
)
from contracts.envelope import Actor
from contracts.errors import AlreadyDecided, ClaimedByAnother, Conflict, StaleVersion, SwarmError
from services.approval.handling import claim_of
from services.approval.standing import standing
from tests.unit.approval.examples import (
    AGENT,
    ANN,
    BOB,
    CLOCK,
    NOW,
    Desk,
    claim,
    comment,
    content,
    drafted,
    expire,
    release,
    snooze,
)

ANSWERS = ("approve", "approve with an edit", "edit", "reject", "request changes", "revoke")
HANDLINGS = ("claim", "release", "snooze", "comment")
KINDS = (*ANSWERS, "rewrite", "expire", *HANDLINGS)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(KINDS),
        st.sampled_from((ANN, BOB)),
        st.integers(0, 2),
        st.booleans(),
        st.one_of(st.integers(0, 40), st.just(600)),
    ),
    max_size=18,
)


def command(desk: Desk, kind: str, version: int, *, other: bool) -> DraftCommand:
    """An answer to that version; `other` gives it another reason, instruction or text."""
    match kind:
        case "approve":
            return desk.approve(version=version)
        case "approve with an edit":
            return desk.approve(version=version, subject="Shifts" if other else "Plans")
        case "edit":
            return desk.edit(version=version, subject="Shifts" if other else "Plans")
        case "reject":
            return desk.reject(version=version, tag="other" if other else "weak_cta")
        case "request changes":
            return desk.changes(version=version, instruction="Longer." if other else "Shorter.")
        case "revoke":
            return desk.revoke(version=version)
        case _:
            return expire()


def answer(desk: Desk, asked: DraftCommand, actor: Actor, after: timedelta) -> None:
    """Give the answer, and look at what whoever loses is told and that nothing else happened."""
    before, count = desk.state, len(desk.facts)
    try:
        facts = desk.answer(asked, actor, at=NOW + after)
    except SwarmError as caught:
        refusal = caught
    else:
        assert facts or standing(before, asked, actor, desk.text) is not None
        return
    assert (desk.state, len(desk.facts)) == (before, count)
    if isinstance(refusal, Conflict):
        assert isinstance(refusal, AlreadyDecided | StaleVersion)
        first = before.decision
        assert first is not None
        assert (refusal.values["who"], refusal.values["what"]) == (str(first.by), first.answer)
        assert refusal.values["when"] == first.at.isoformat()
        assert first.by.id in refusal.detail
    else:
        words = "undo window has closed|not approved|already reads so"
        assert re.search(words, refusal.detail), refusal.detail


def handle(desk: Desk, kind: str, actor: Actor, after: timedelta) -> None:
    """Do it, and look at what it changed: who holds the draft, and nothing else."""
    now = NOW + after
    asked: dict[str, DraftCommand] = {
        "claim": claim(),
        "release": release(),
        "snooze": snooze(now + timedelta(hours=1)),
        "comment": comment(),
    }
    before, holder = desk.state, claim_of(desk.state, now)
    if kind != "comment" and before.status not in {"drafted", "changes_requested"}:
        with pytest.raises(AlreadyDecided):
            desk.answer(asked[kind], actor, at=now)
    elif kind != "comment" and holder is not None and holder.by != actor:
        with pytest.raises(ClaimedByAnother) as caught:
            desk.answer(asked[kind], actor, at=now)
        assert (caught.value.values["who"], caught.value.values["until"]) == (str(holder.by), holder.until.isoformat())
    else:
        facts = desk.answer(asked[kind], actor, at=now)
        assert bool(facts) == (kind != "release" or holder is not None)
        held = claim_of(desk.state, now)
        if kind == "comment":
            assert held == holder
        else:
            assert (held and held.by) == (actor if kind == "claim" else None)
    assert msgspec.structs.replace(desk.state, claimed=before.claimed) == before


def check(desk: Desk) -> None:
    """At most one answer stands at any moment, each binds the version that stood, and a rejection is the end."""
    version, standing_now = 1, Counter[str]()
    for fact in desk.facts:
        assert not standing_now["rejected"] or isinstance(fact.event, EmailCommented), "a rejected draft took a fact"
        match fact.event:
            case EmailCommented():
                pass
            case EmailClaimed() | EmailReleased() | EmailSnoozed():
                assert not standing_now["approved"]
            case EmailEdited(draft_version=new):
                assert not standing_now["approved"]
                version = new
            case EmailApproved(draft_version=bound, content_hash=hashed):
                standing_now["approved"] += 1
                assert (bound, hashed) == (version, desk.texts[version])
            case EmailRevoked(draft_version=bound):
                standing_now["approved"] -= 1
                assert bound == version
            case EmailRejected(draft_version=bound):
                standing_now["rejected"] += 1
                assert bound == version
            case EmailChangesRequested(draft_version=bound):
                assert bound == version
            case EmailDrafted(draft_version=new):
                assert not standing_now["approved"]
                version = new
            case other:
                pytest.fail(f"unexpected {other}")
        assert standing_now.total() in {0, 1}


@settings(max_examples=300, deadline=None)
@given(STEPS)
def test_at_most_one_answer_stands_and_every_loser_is_told(steps: list[tuple[str, Actor, int, bool, int]]) -> None:
    desk = Desk()
    passed = timedelta(0)
    for kind, actor, lag, other, seconds in steps:
        passed += timedelta(seconds=seconds)
        if kind == "rewrite":
            if desk.state.status == "changes_requested":
                version = desk.state.draft_version + 1
                desk.record([drafted(version=version, text=content(salt=f"{version:032x}"))], AGENT, NOW + passed)
        elif kind == "expire":
            assert desk.answer(expire(), CLOCK, at=NOW + passed) == []
        elif kind in HANDLINGS:
            handle(desk, kind, actor, passed)
        else:
            version = max(1, desk.state.draft_version - lag)
            answer(desk, command(desk, kind, version, other=other), actor, passed)
    check(desk)


@given(st.permutations(["approve", "approve with an edit", "edit", "reject"]), st.booleans())
def test_of_answers_to_one_version_exactly_one_is_recorded(kinds: list[str], same: bool) -> None:
    desk = Desk()
    asked = [command(desk, kind, 1, other=False) for kind in kinds]
    recorded = 0
    for index, one in enumerate(asked):
        count = len(desk.facts)
        answer(desk, one, ANN if same or index % 2 else BOB, timedelta(0))
        recorded += len(desk.facts) > count

    assert recorded == 1
