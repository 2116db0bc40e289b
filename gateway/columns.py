"""A list as a file for a spreadsheet: RFC 4180, UTF-8 with a byte order mark, and no cell that a program would run.

Which columns a list has, and what they are called, is said here; their values come from the JSON objects of the list,
so that a file shows nothing that the list would not.
"""

from collections.abc import Mapping

import msgspec

from gateway import csv_cells

TRUNCATED = "X-Swarm-Truncated"
"""The header that says whether rows were left out: `true` or `false`."""
NEXT = "X-Swarm-Next"
"""The header with the cursor of what was left out."""

SUMMARY = "feedback-summary"
"""What people made of drafts, by group."""

COLUMNS: Mapping[str, Mapping[str, str]] = {
    "queue": {
        "email_id": "E-mail",
        "lead_id": "Lead",
        "run_id": "Run",
        "status": "Status",
        "claimed_by": "Claimed by",
        "snoozed_until": "Put off until",
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
        "said.why": "Why",
        "said.moves": "What would move it",
        "tier": "Tier",
        "score": "Score",
        "could_reach": "Could reach",
        "company": "Company",
        "name": "Name",
        "title": "Title",
        "campaign": "Campaign",
        "missing": "Missing",
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
    SUMMARY: {
        "label": "Group",
        "key": "Code",
        "traffic": "Traffic",
        "drafts": "Drafts",
        "approved": "Approved",
        "edited": "Edited",
        "rejected": "Rejected",
        "changes_requested": "Changes asked for",
        "share": "Share",
        "low": "Share from",
        "high": "Share to",
        "edited_share.share": "Share edited",
        "edited_share.low": "Share edited from",
        "edited_share.high": "Share edited to",
        "rejected_share.share": "Share rejected",
        "rejected_share.low": "Share rejected from",
        "rejected_share.high": "Share rejected to",
        "edits": "How much was edited",
        "parts": "What was edited",
        "tags": "Why rejected",
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
    "users": {
        "account_id": "Account",
        "login": "Login",
        "name": "Name",
        "roles": "Roles",
        "open": "Open",
        "opened_at": "Opened at",
        "closed_at": "Closed at",
        "password_at": "Password set at",
        "tokens": "Living tokens",
        "sessions": "Living sessions",
    },
    "tokens": {
        "token_id": "Token",
        "login": "Login",
        "kind": "Kind",
        "way": "Way",
        "label": "Label",
        "scopes": "Scopes",
        "by": "By",
        "created_at": "Created at",
        "expires_at": "Expires at",
        "revoked_at": "Revoked at",
        "lives": "Lives",
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
    "exclusions": {
        "key": "Key",
        "kind": "What",
        "reason": "Why",
        "source": "From",
        "by": "By",
        "at": "Since",
    },
    "icp-versions": {
        "model_id": "File",
        "model_hash": "Hash",
        "active": "In force",
        "at": "Activated at",
        "by": "By",
        "reason": "Why",
    },
    "icp-moves": {
        "lead_id": "Lead",
        "company": "Company",
        "title": "Title",
        "before": "Stands",
        "after": "Would stand",
        "score_before": "Score",
        "score_after": "Would score",
        "why": "Why",
        "campaign": "Campaign",
        "audience": "Its audience",
    },
    "campaigns": {
        "name": "Campaign",
        "audience.tiers": "For tiers",
        "audience.industries": "In industries",
        "audience.titles": "With titles",
        "sender": "Who writes",
        "company": "Company",
        "language": "Language",
        "angles": "Angles",
        "offer_hash": "Hash of the offer",
        "missing": "What is missing",
    },
    "templates": {
        "angle": "Angle",
        "language": "Language",
        "own": "Own",
        "tiers": "For tiers",
        "personas": "For people",
        "theme": "Theme",
        "openers": "Openers",
        "needs": "Needs",
        "file": "File",
        "template_hash": "Hash",
    },
    "mappings": {
        "name": "Name",
        "mapping": "Takes",
        "header": "Columns of the file",
        "by": "By",
        "at": "Kept at",
    },
}
"""By list: the path of each value, and the heading of its column."""


def head(title: str) -> str:
    """How a file begins: the byte order mark and the headings."""
    return csv_cells.BOM + csv_cells.row(COLUMNS[title].values())


def line(title: str, item: Mapping[str, object]) -> str:
    """One row of the file."""
    return csv_cells.row(plain(_at(item, path)) for path in COLUMNS[title])


def plain(value: object) -> str:
    """A value as text; that a spreadsheet does not run it is seen to by `gateway.csv_cells`."""
    match value:
        case None:
            return ""
        case dict() if not value:
            return ""
        case bool():
            return "yes" if value else "no"
        case str():
            return value
        case {"kind": str(kind), "id": str(name)}:
            return f"{kind}:{name}"
        case {"partition": int(partition), "seq": int(seq)}:
            return f"{partition}:{seq}"
        case list() if all(isinstance(one, str) for one in value):
            return "; ".join(value)
        case _:
            return msgspec.json.encode(value, order="sorted").decode()


def _at(item: Mapping[str, object], path: str) -> object:
    found: object = item
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found
