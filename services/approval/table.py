"""The table of statuses and commands, made by asking `decide` about every pair."""

from datetime import UTC, datetime, timedelta
from typing import Literal, get_args

import msgspec

from contracts.commands import (
    ApproveDraft,
    ClaimDraft,
    CommentDraft,
    DraftCommand,
    EditDraft,
    ExpireDraft,
    RejectDraft,
    ReleaseDraft,
    RequestChanges,
    RevokeApproval,
    SnoozeDraft,
)
from contracts.email import Claimed, Content, Decision, Email, RuleResult, Status, Verdict, content_hash
from contracts.envelope import Actor, Personal
from contracts.errors import SwarmError
from services.approval.decide import decide

NOTHING = "nothing"
"""No fact, and no refusal: the same answer stands already, or nothing is due."""

TIME_IS_UP = "time is up"
WINDOW_CLOSED = "window closed"
SAME_AGAIN = "same again"
CLAIMED = "claimed"
STALE = "approve, other version"

_NOW = datetime(2026, 1, 5, 10, 0, tzinfo=UTC)
_HOUR = timedelta(hours=1)
_ANN = Actor(kind="person", id="ann@local")
_BOB = Actor(kind="person", id="bob@local")
_CLOCK = Actor(kind="system", id="queen")
_TEXT = Content(
    recipient=Personal.plain("kim@north.example"),
    sender="sam@ours.example",
    reply_to="sam@ours.example",
    subject=Personal.plain("Shift plans at North"),
    text=Personal.plain("Hi Kim,\n\nWho plans the shifts at North?\n\nBest,\nSam\n"),
    salt=Personal.plain("00" * 16),
)
_HASH = content_hash(_TEXT)
_PASSED = Verdict(guard="table", passed=True, results=(RuleResult(rule="any", passed=True),), fingerprint="f")
_EMAIL = "an-email"

_UNTOUCHED = frozenset({"drafted", "blocked", "expired", "withdrawn"})
"""The statuses that are shown as nobody having answered; in all others but `none` Bob has."""


_BOBS: dict[Status, tuple[Literal["rejected", "changes_requested"], str]] = {
    "rejected": ("rejected", "weak_cta"),
    "changes_requested": ("changes_requested", "Shorter, please."),
}
"""Bob's answer and its detail, by status; in all others that have one it is an approval."""


def _states() -> dict[str, Email]:
    """Every status, and beside them what a claim makes of one and time of three. Answers and the claim are Bob's."""
    states = {status: _state(status) for status in get_args(Status)}
    claimed = Claimed(by=_BOB, until=_NOW + _HOUR)
    states[f"drafted, {CLAIMED}"] = msgspec.structs.replace(states["drafted"], claimed=claimed)
    for status in ("drafted", "changes_requested"):
        states[f"{status}, {TIME_IS_UP}"] = msgspec.structs.replace(states[status], expires_at=_NOW)
    states[f"approved, {WINDOW_CLOSED}"] = msgspec.structs.replace(states["approved"], send_due_at=_NOW)
    return states


def _state(status: Status) -> Email:
    if status == "none":
        return Email()
    decision = None
    if status not in _UNTOUCHED:
        answered: Literal["approved", "rejected", "changes_requested"]
        answered, detail = _BOBS.get(status, ("approved", ""))
        decision = Decision(answer=answered, by=_BOB, at=_NOW - _HOUR, draft_version=1, fact="a-fact", detail=detail)
    return Email(
        status=status,
        lead_id="a-lead",
        run_id="a-run",
        mode="staging",
        draft_version=1,
        content_hash=_HASH,
        verdict_passed=True,
        expires_at=_NOW + _HOUR,
        send_due_at=_NOW + _HOUR,
        decision=decision,
    )


def _commands() -> dict[str, DraftCommand]:
    approve = ApproveDraft(email_id=_EMAIL, draft_version=1, content_hash=_HASH)
    return {
        "approve": approve,
        "approve, edited": msgspec.structs.replace(approve, subject="Shifts at North"),
        "edit": EditDraft(email_id=_EMAIL, draft_version=1, content_hash=_HASH, subject="Shifts at North"),
        "reject": RejectDraft(
            email_id=_EMAIL, draft_version=1, content_hash=_HASH, tag="weak_cta", reason="It asks for nothing."
        ),
        "request changes": RequestChanges(
            email_id=_EMAIL, draft_version=1, content_hash=_HASH, instruction="Shorter, please."
        ),
        "revoke": RevokeApproval(email_id=_EMAIL, draft_version=1, content_hash=_HASH),
        "claim": ClaimDraft(email_id=_EMAIL),
        "release": ReleaseDraft(email_id=_EMAIL),
        "snooze": SnoozeDraft(email_id=_EMAIL, until=_NOW + _HOUR / 2),
        "comment": CommentDraft(email_id=_EMAIL, text="Do they not buy from us already?"),
        "expire": ExpireDraft(email_id=_EMAIL),
    }


def transition_table() -> dict[tuple[str, str], str]:
    """What each command leads to in each status: the facts' names, `nothing`, or `refused: <slug>`.

    Ann commands, and where an answer or a claim stands it is Bob's. Two columns more: `approve, other version`, and `same again`,
    where Bob repeats his answer.
    """
    table: dict[tuple[str, str], str] = {}
    commands = _commands()
    for row, state in _states().items():
        for column, command in commands.items():
            table[row, column] = _outcome(state, command, _CLOCK if isinstance(command, ExpireDraft) else _ANN)
        stale = ApproveDraft(email_id=_EMAIL, draft_version=2, content_hash=_HASH)
        table[row, STALE] = _outcome(state, stale, _ANN)
        if state.decision is not None:
            again = {"rejected": "reject", "changes_requested": "request changes"}.get(state.decision.answer, "approve")
            table[row, SAME_AGAIN] = _outcome(state, commands[again], _BOB)
    return table


def _outcome(state: Email, command: DraftCommand, actor: Actor) -> str:
    try:
        facts = decide(
            state,
            command,
            actor=actor,
            now=_NOW,
            undo_window_s=30,
            current=_TEXT,
            verdict=_PASSED,
            salt="11" * 16,
        )
    except SwarmError as refusal:
        return f"refused: {refusal.slug}"
    return ", ".join(fact.type_tag().rsplit(".", 1)[0] for fact in facts) or NOTHING


def markdown() -> str:
    """The table for ARCHITECTURE.md: a row per status, a column per command, a dash where the pair has no meaning."""
    table = transition_table()
    columns = list(dict.fromkeys(column for _, column in table))
    lines = [f"| status | {' | '.join(columns)} |", f"| --- |{' --- |' * len(columns)}"]
    for row in dict.fromkeys(row for row, _ in table):
        cells = (table.get((row, column), "–").replace("refused: ", "✗ ") for column in columns)
        lines.append(f"| {row} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"
