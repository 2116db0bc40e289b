"""A list as a file for a spreadsheet: RFC 4180, UTF-8 with a byte order mark, and no cell that a program would run.

Which columns a list has, and what they are called, is said here; their values come from the JSON objects of the list,
so that a file shows nothing that the list would not.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
from litestar.response import Stream

from gateway.answers import POSITION

TRUNCATED = "X-Swarm-Truncated"
"""The header that says whether rows were left out: `true` or `false`."""
NEXT = "X-Swarm-Next"
"""The header with the cursor of what was left out."""
CSV = "text/csv; header=present"
MARK = "\ufeff"
RUNNABLE = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""A cell that begins so may be taken for a formula; the last four are the wide forms of the first."""

COLUMNS: Mapping[str, Mapping[str, str]] = {
    "queue": {
        "email_id": "E-mail",
        "lead_id": "Lead",
        "run_id": "Run",
        "status": "Status",
        "card.tier": "Tier",
        "card.score": "Score",
        "card.company": "Company",
        "card.name": "Name",
        "card.title": "Title",
        "content.recipient": "To",
        "content.subject": "Subject",
        "content.text": "Text",
        "writing.campaign": "Campaign",
        "writing.angle": "Angle",
        "draft_version": "Version",
        "drafted_at": "Drafted at",
        "expires_at": "Expires at",
        "can_approve": "Can be approved",
        "synthetic": "Invented",
    },
    "leads": {
        "id": "Lead",
        "status": "Status",
        "stands": "Stands",
        "why": "Why",
        "tier": "Tier",
        "score": "Score",
        "could_reach": "Could reach",
        "company": "Company",
        "name": "Name",
        "title": "Title",
        "campaign": "Campaign",
        "missing": "Missing",
        "remedy": "What mends it",
        "email_id": "E-mail",
        "email_status": "E-mail status",
        "run_id": "Run",
        "origin.source": "Source",
        "origin.row": "Row",
        "updated_at": "Changed at",
        "synthetic": "Invented",
    },
    "runs": {
        "run_id": "Run",
        "status": "Status",
        "terms.mode": "Mode",
        "source": "Source",
        "file_name": "File",
        "asked_by": "Asked by",
        "started_at": "Started at",
        "ended_at": "Ended at",
        "rows": "Rows",
        "waiting": "Waiting for a person",
        "failed_stage": "Failed at",
        "failure": "Failure",
        "remedy": "What mends it",
        "synthetic": "Invented",
    },
    "feedback": {
        "email_id": "E-mail",
        "lead_id": "Lead",
        "run_id": "Run",
        "outcome": "Outcome",
        "reviewer": "Reviewer",
        "decided_at": "Answered at",
        "tag": "Tag",
        "reason": "Reason",
        "edit_class": "Edit",
        "distance": "Distance",
        "tier": "Tier",
        "campaign": "Campaign",
        "angle": "Angle",
        "template": "Template",
        "original_subject": "Subject",
        "original_text": "Text",
        "edited_subject": "Edited subject",
        "edited_text": "Edited text",
        "synthetic": "Invented",
    },
    "audit": {
        "at": "At",
        "by": "By",
        "act": "Act",
        "category": "Category",
        "about": "About",
        "words": "Words",
        "run_id": "Run",
        "lead_id": "Lead",
        "draft_version": "Version",
        "tag": "Tag",
        "overridden": "Overridden",
        "position": "Position",
        "event_id": "Fact",
        "synthetic": "Invented",
    },
    "events": {
        "position": "Position",
        "at": "At",
        "type": "Type",
        "actor": "By",
        "about": "About",
        "version": "Version",
        "lead_id": "Lead",
        "correlation_id": "Belongs to",
        "causation_id": "Because of",
        "synthetic": "Invented",
        "data": "Data",
    },
    "dead-letters": {
        "dead_id": "Dead letter",
        "died_at": "Died at",
        "service": "Service",
        "entry_type": "Fact",
        "position": "Position",
        "reason": "Reason",
        "attempts": "Attempts",
        "run_id": "Run",
        "answer": "Answer",
        "answered_by": "Answered by",
    },
}
"""By list: the path of each value, and the heading of its column."""


def table(title: str, rows: Sequence[str], *, following: str, position: str) -> Stream:
    """The answer: a file of rows that `line` wrote.

    Whether it is whole stands in a header, which comes before the body: so the rows are found first, and then sent.
    """
    headers = {
        POSITION: position,
        TRUNCATED: "true" if following else "false",
        "Content-Disposition": f'attachment; filename="swarm-{title}.csv"',
    }
    if following:
        headers[NEXT] = following

    def pieces() -> Iterator[bytes]:
        yield (MARK + _written(COLUMNS[title].values())).encode()
        yield from (row.encode(errors="replace") for row in rows)

    return Stream(pieces(), headers=headers, media_type=CSV)


def line(title: str, item: Mapping[str, object]) -> str:
    """One row of the file."""
    return _written(cell(_at(item, path)) for path in COLUMNS[title])


def cell(value: object) -> str:
    """A value as text that a spreadsheet shows and never runs."""
    match value:
        case None:
            text = ""
        case bool():
            text = "yes" if value else "no"
        case str():
            text = value
        case {"kind": str(kind), "id": str(name)}:
            text = f"{kind}:{name}"
        case {"partition": int(partition), "seq": int(seq)}:
            text = f"{partition}:{seq}"
        case list() if all(isinstance(one, str) for one in value):
            text = "; ".join(value)
        case _:
            text = msgspec.json.encode(value, order="sorted").decode()
    return f"'{text}" if text.startswith(RUNNABLE) else text


def _written(cells: Iterable[str]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue()


def _at(item: Mapping[str, object], path: str) -> object:
    found: object = item
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found
