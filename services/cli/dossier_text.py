"""A lead and its draft for a person: the message as the recipient would see it, why, and where each word comes from."""

from typing import TYPE_CHECKING

from contracts.envelope import reveal
from gateway.dossier import Dossier, Text
from services.cli.printing import heading, say, table
from services.cli.words import at, line, many, minute, short, spoken
from services.projections.approval_queue import Version

if TYPE_CHECKING:
    from rich.console import RenderableType

WHO = 3


def print_dossier(dossier: Dossier) -> None:
    """Print all of it."""
    say(*head(dossier), "")
    if dossier.text:
        say(*message(dossier.text), "")
    if dossier.reasons:
        say(heading("Why this lead"), *(f"  {reason}" for reason in dossier.reasons), "")
    if dossier.text:
        say(heading("What it says of them, and where that comes from"), facts(dossier), "")
        say(*guard(dossier.text), "")
    if versions := _versions(dossier):
        say(heading("Versions and answers"), *versions, "")
    say(heading("History"))
    if dossier.dropped:
        say(f"  {dossier.dropped:,} earlier moments are in the log alone")
    say(*(f"  {at(one.at)}  {one.actor:<12} {line(one.words)}" for one in dossier.moments))


def head(dossier: Dossier) -> list["RenderableType | str"]:
    """Who it is, and how things stand."""
    lead, card = dossier.lead, dossier.card.card if dossier.card else None
    name = reveal(lead.name) if lead.name else "a row without a name"
    who = ", ".join(part for part in (name, lead.title, lead.company) if part)
    score = f"{lead.headline or lead.score}" if lead.score is not None else ""
    about = ", ".join(part for part in (spoken(lead.tier or ""), score, card.industry if card else "") if part)
    lines: list[RenderableType | str] = [heading(line(who))]
    if about:
        lines.append(f"{about}{f', {card.employees:,} employees' if card and card.employees else ''}")
    lines.append(f"stands: {lead.stands}{f' ({lead.why})' if lead.why and not dossier.reasons else ''}")
    if dossier.card and dossier.card.status == "drafted":
        lines.append(f"version {dossier.draft_version}, waits for an answer until {at(dossier.card.expires_at)}")
    elif dossier.card and dossier.card.status == "approved":
        lines.append(f"approved by {dossier.card.answered_by}; can be revoked until {at(dossier.card.send_due_at)}")
    if lead.missing:
        lines.append(f"lacks: {', '.join(map(spoken, lead.missing))}")
    if lead.remedy:
        lines.append(f"remedy: {lead.remedy}")
    lines.append(f"e-mail {dossier.email_id or 'none'}, lead {dossier.lead_id}, run {lead.run_id}")
    return lines


def message(text: Text) -> list["RenderableType | str"]:
    """The message, headers first, exactly as the recipient would get it."""
    content = text.content
    return [
        f"From:     {line(content.sender)}",
        f"To:       {line(reveal(content.recipient))}",
        f"Reply-To: {line(content.reply_to)}",
        *(f"{name}: {line(value)}" for name, value in content.headers.items()),
        heading(f"Subject:  {line(reveal(content.subject))}"),
        "",
        *(f"  {one}".rstrip() for one in reveal(content.text).rstrip().split("\n")),
    ]


def facts(dossier: Dossier) -> "RenderableType":
    """Each claim with its fact."""
    rows = [
        (
            one.words or one.value,
            spoken(one.field),
            one.value,
            one.source,
            one.at[:16].replace("T", " "),
            f"{short(one.fact)} {one.position}",
        )
        for one in dossier.shown
    ]
    return table(("words", "field", "value", "source", "since (UTC)", "fact, position"), rows)


def guard(text: Text) -> list["RenderableType | str"]:
    """The guard's verdict: each rule that stops the text with what it found, and the rules that let it pass."""
    failed = [(one.rule, one.found) for one in text.verdict.results if not one.passed]
    passed = [one.rule for one in text.verdict.results if one.passed]
    lines: list[RenderableType | str] = [heading(f"The guard {'stops this text' if failed else 'lets this text pass'}")]
    if failed:
        lines.append(table(("rule", "found"), failed))
    return [*lines, f"  {many(len(passed), 'rule')} kept: {', '.join(passed)}"]


def _versions(dossier: Dossier) -> list[str]:
    lines = []
    if dossier.card:
        lines += [
            f"  version {one.version}  {minute(one.at)}  {one.by}{_lineage(one, before)}"
            for one, before in zip(dossier.card.versions, (None, *dossier.card.versions), strict=False)
        ]
    row = dossier.feedback
    if row:
        lines += [
            f"  {spoken(one.outcome)}, version {one.draft_version}  {minute(one.at)}  {one.by}"
            f"{f': {line(one.words)}' if one.words else ''}"
            for one in row.history
        ]
        if row.edited_text is not None:
            parts = ", ".join(row.parts) or "nothing"
            lines.append(f"  {row.edit_class} edit: {row.distance:.0%} of the words, in {parts}")
    return lines


def _lineage(one: Version, before: Version | None) -> str:
    """What was asked by whom, and what became of it."""
    asked = f"asked by {one.asked_by}" if one.asked_by else ""
    said = ", ".join(part for part in (f"“{line(one.why)}”" if asked else line(one.why), asked) if part)
    if not one.angle:
        return f": {said}" if said else ""
    wrote = f"{spoken(one.angle)}, opener {(one.variant or 0) + 1}"
    if before and (before.angle, before.variant) == (one.angle, one.variant):
        wrote += " as before"
    return f": {f'{said}; ' if said else ''}{wrote}"


def as_document(dossier: Dossier) -> dict[str, object]:
    """All of it for a program."""
    from contracts.codec import outward

    text = dossier.text
    lead = outward(dossier.lead)
    return {
        "lead_id": dossier.lead_id,
        "email_id": dossier.email_id,
        "status": dossier.status,
        "draft_version": dossier.draft_version,
        "content_hash": dossier.content_hash,
        "lead": lead,
        "content": {k: v for k, v in outward(text.content).items() if k != "salt"} if text else None,
        "reasons": list(dossier.reasons),
        "claims": [outward(one) for one in dossier.shown],
        "verdict": outward(text.verdict) if text else None,
        "card": {
            k: v
            for k, v in outward(dossier.card).items()
            if k in {"writing", "versions", "drafted_at", "expires_at", "send_due_at", "answered_by", "instruction"}
        }
        if dossier.card
        else None,
        "feedback": outward(dossier.feedback) if dossier.feedback else None,
        "timeline": [outward(one) for one in dossier.moments],
        "dropped": dossier.dropped,
    }
