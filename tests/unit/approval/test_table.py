"""The whole table of statuses and commands, written by hand: a cell that changes is a decision that changed."""

from typing import get_args

from contracts.commands import DraftCommand
from contracts.email import Status
from services.approval.table import SAME_AGAIN, markdown, transition_table

COLUMNS = (
    "approve", "approve, edited", "edit", "reject", "request changes", "revoke",
    "claim", "release", "snooze", "comment", "expire",
    "approve, other version", SAME_AGAIN,
)  # fmt: skip
WORDS = {
    "A": "email.approved",
    "E": "email.edited",
    "EA": "email.edited, email.approved",
    "R": "email.rejected",
    "C": "email.changes_requested",
    "V": "email.revoked",
    "H": "email.claimed",
    "S": "email.snoozed",
    "K": "email.commented",
    "X": "email.expired",
    ".": "nothing",
    "no": "refused: refused",
    "who": "refused: already-decided",
    "old": "refused: stale-version",
    "held": "refused: claimed-by-another",
    "404": "refused: not-found",
}
# The status, and what each of COLUMNS leads to in it ("-": no answer yet).
EXPECTED = """
none                          : 404  404  404  404  404  404  404  404  404  404  404  404  -
blocked                       : no   no   no   no   no   no   no   no   no   K    .    no   -
drafted                       : A    EA   E    R    C    no   H    .    S    K    .    old  -
changes_requested             : who  who  who  R    who  who  H    .    S    K    .    who  .
approved                      : who  who  who  who  who  V    who  who  who  K    .    who  .
rejected                      : who  who  who  who  who  who  who  who  who  K    .    who  .
expired                       : no   no   no   no   no   no   no   no   no   K    .    no   -
withdrawn                     : no   no   no   no   no   no   no   no   no   K    .    no   -
send_requested                : who  who  who  who  who  no   who  who  who  K    .    who  .
send_reserved                 : who  who  who  who  who  no   who  who  who  K    .    who  .
send_blocked                  : who  who  who  who  who  no   who  who  who  K    .    who  .
send_started                  : who  who  who  who  who  no   who  who  who  K    .    who  .
sent                          : who  who  who  who  who  no   who  who  who  K    .    who  .
unresolved                    : who  who  who  who  who  no   who  who  who  K    .    who  .
failed                        : who  who  who  who  who  no   who  who  who  K    .    who  .
drafted, claimed              : A    EA   E    R    C    no   held held held K    .    old  -
drafted, time is up           : no   no   no   no   no   no   no   no   no   K    X    old  -
changes_requested, time is up : who  who  who  no   who  who  no   no   no   K    X    who  .
approved, window closed       : who  who  who  who  who  no   who  who  who  K    .    who  .
"""


def expected() -> dict[tuple[str, str], str]:
    rows = (line.split(":") for line in EXPECTED.strip().splitlines())
    return {
        (row.strip(), column): WORDS[cell]
        for row, cells in rows
        for column, cell in zip(COLUMNS, cells.split(), strict=True)
        if cell != "-"
    }


def test_every_cell_is_as_written_here() -> None:
    assert transition_table() == expected()


def test_every_status_and_every_command_is_in_the_table() -> None:
    rows = {row for row, _ in transition_table()}

    assert set(get_args(Status)) <= rows
    assert len(get_args(DraftCommand)) == 10  # An eleventh command needs a column of its own.


def test_markdown_has_a_line_for_each_row_and_a_cell_for_each_column() -> None:
    lines = markdown().splitlines()

    assert len(lines) == 2 + len(EXPECTED.strip().splitlines())
    assert {line.count("|") for line in lines} == {len(COLUMNS) + 2}
    assert "| drafted | email.approved | email.edited, email.approved |" in markdown()
