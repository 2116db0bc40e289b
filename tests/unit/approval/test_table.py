"""The whole table of statuses and commands, written by hand: a cell that changes is a decision that changed."""

from typing import get_args

from contracts.commands import DraftCommand
from contracts.email import Status
from services.approval.table import SAME_AGAIN, markdown, transition_table

COLUMNS = (
    "approve", "approve, edited", "edit", "reject", "request changes", "revoke", "expire",
    "approve, other version", SAME_AGAIN,
)  # fmt: skip
WORDS = {
    "A": "email.approved",
    "E": "email.edited",
    "EA": "email.edited, email.approved",
    "R": "email.rejected",
    "C": "email.changes_requested",
    "V": "email.revoked",
    "X": "email.expired",
    ".": "nothing",
    "no": "refused: refused",
    "who": "refused: already-decided",
    "old": "refused: stale-version",
    "404": "refused: not-found",
}
# status: approve | edited | edit | reject | changes | revoke | expire | other version | same again ("-": no answer yet)
EXPECTED = """
none                          : 404 404 404 404 404 404 404 404 -
blocked                       : no  no  no  no  no  no  .   no  -
drafted                       : A   EA  E   R   C   no  .   old -
changes_requested             : who who who R   who who .   who .
approved                      : who who who who who V   .   who .
rejected                      : who who who who who who .   who .
expired                       : no  no  no  no  no  no  .   no  -
withdrawn                     : no  no  no  no  no  no  .   no  -
send_requested                : who who who who who no  .   who .
send_reserved                 : who who who who who no  .   who .
send_blocked                  : who who who who who no  .   who .
send_started                  : who who who who who no  .   who .
sent                          : who who who who who no  .   who .
unresolved                    : who who who who who no  .   who .
failed                        : who who who who who no  .   who .
drafted, time is up           : no  no  no  no  no  no  X   old -
changes_requested, time is up : who who who no  who who X   who .
approved, window closed       : who who who who who no  .   who .
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
    assert len(get_args(DraftCommand)) == 6  # A seventh command needs a column of its own.


def test_markdown_has_a_line_for_each_row_and_a_cell_for_each_column() -> None:
    lines = markdown().splitlines()

    assert len(lines) == 2 + len(EXPECTED.strip().splitlines())
    assert {line.count("|") for line in lines} == {len(COLUMNS) + 2}
    assert "| drafted | email.approved | email.edited, email.approved |" in markdown()
