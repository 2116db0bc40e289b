"""Turns the texts that could be written for a lead into facts: one that waits for a person, or why there is none."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeAlias

import msgspec

from contracts.deal import AccountApproached, Wording
from contracts.email import (
    Card,
    Claim,
    Content,
    Email,
    EmailBlocked,
    EmailChangesRequested,
    EmailDrafted,
    Verdict,
    Writing,
    content_hash,
)
from contracts.envelope import Event, Personal
from contracts.identity import email_id
from contracts.lead import Lead, LeadReleased, LeadScored, RunTerms
from services.crafter.headers import is_address, one_line
from services.crafter.sheet import plain

FIRST_STEP = 1
Asked: TypeAlias = LeadScored | LeadReleased | EmailChangesRequested
"""What a text is written for."""
CLOSED = frozenset({"new", "disqualified", "withdrawn", "refused"})
"""Leads in these states are not written to, whatever was heard."""
TAKEN_BACK = frozenset({"withdrawn", "blocked"})
"""E-mails of which nobody got to decide anything: another run may write anew."""


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """One rendered text, judged. `opener` and `shingles` are those of its personal part.

    `altered` says that it is the text before with less of it or another ask, as a person wanted.
    """

    subject: str
    text: str
    claims: tuple[Claim, ...]
    verdict: Verdict
    writing: Writing
    opener: str
    shingles: tuple[int, ...]
    wording: Wording
    altered: bool = False


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What a decision needs from outside: the time, how long a draft may wait, the salt, and who sends."""

    now: datetime
    review_ttl: timedelta
    salt: str
    sender: str
    reply_to: str


def may_draft(lead: Lead | None, email: Email | None, heard: Asked) -> bool:
    """Whether what was heard asks for a text that is not there yet.

    No, in this order: the lead is unknown, closed, or was stopped since; SEGMENTOR said stop; the lead was drafted
    before. A request for changes is answered once, for the version it speaks of.
    """
    if lead is None or lead.run is None or lead.status in CLOSED:
        return False
    status = email.status if email else "none"
    match heard:
        case LeadScored(next=following):
            return following == "draft" and not lead.outcome and _unwritten(lead.run, email, heard.run_id)
        case LeadReleased():
            return lead.status == "scored" and not lead.outcome and _unwritten(lead.run, email, heard.run_id)
        case EmailChangesRequested(draft_version=version):
            return status == "changes_requested" and email is not None and email.draft_version == version


def _unwritten(run: RunTerms, email: Email | None, run_id: str) -> bool:
    """Whether this run has not written to the lead yet, nor anybody before it but a run that was withdrawn."""
    if email is None or email.status == "none":
        return True
    return email.status in TAKEN_BACK and email.run_id != run_id == run.run_id


def unused(option: Option, email: Email | None) -> bool:
    """Whether the guard let the text pass and it was never this e-mail's before."""
    known = email.fingerprints if email else ()
    return option.verdict.passed and (option.altered or option.verdict.fingerprint not in known)


def decide_draft(
    lead: Lead | None,
    email: Email | None,
    heard: Asked,
    options: Sequence[Option],
    *,
    terms: Terms,
    missing: Sequence[str] = (),
    unusable: Sequence[str] = (),
) -> list[Event]:
    """Record the first text that passed, together with what it says at the company; else why there is none.

    Args:
        lead: as it stands.
        email: as it stands; None where nothing was ever drafted.
        heard: the scoring, the release of a held lead, or the request for changes.
        options: best first; one that passed may be the last that was tried.
        terms: what comes from outside.
        missing: the fields without which no text could be tried.
        unusable: templates that are broken, each with file, line, reason and remedy.

    Returns:
        Nothing where `may_draft` says no; `EmailDrafted` with `AccountApproached`; or `EmailBlocked`.
    """
    if lead is None or lead.run is None or not may_draft(lead, email, heard):
        return []
    recipient = plain(lead.fields.get("email")).strip()
    chosen = next((one for one in options if unused(one, email) and one_line(one.subject)), None)
    if chosen is None or not is_address(recipient):
        return [
            EmailBlocked(
                email_id=email_id(heard.lead_id, FIRST_STEP),
                lead_id=heard.lead_id,
                run_id=heard.run_id,
                step=FIRST_STEP,
                reason=_reason(recipient, options, missing, unusable),
                verdict=_best(options) if is_address(recipient) else None,
                redraft=isinstance(heard, EmailChangesRequested),
            )
        ]
    return _drafted(lead, lead.run, email, heard, chosen, recipient, terms)


def _drafted(
    lead: Lead, run: RunTerms, email: Email | None, heard: Asked, chosen: Option, recipient: str, terms: Terms
) -> list[Event]:
    """The text, as its recipient would get it, and what others at the company are not to be written again."""
    mail = email_id(heard.lead_id, FIRST_STEP)
    content = Content(
        recipient=Personal.plain(recipient),
        sender=terms.sender,
        reply_to=terms.reply_to,
        subject=Personal.plain(chosen.subject),
        text=Personal.plain(chosen.text),
        salt=Personal.plain(terms.salt),
    )
    return [
        EmailDrafted(
            email_id=mail,
            lead_id=heard.lead_id,
            account_id=heard.account_id,
            run_id=heard.run_id,
            mode=run.mode,
            step=FIRST_STEP,
            draft_version=(email.draft_version if email else 0) + 1,
            content=content,
            content_hash=content_hash(content),
            card=_card(lead),
            writing=chosen.writing,
            claims=chosen.claims,
            verdict=chosen.verdict,
            anew=email is not None and email.status in TAKEN_BACK and not isinstance(heard, EmailChangesRequested),
            expires_at=terms.now + terms.review_ttl,
        ),
        AccountApproached(
            account_id=heard.account_id,
            lead_id=heard.lead_id,
            email_id=mail,
            run_id=heard.run_id,
            angle=chosen.writing.angle,
            variant=chosen.writing.variant,
            opener=chosen.opener,
            shingles=chosen.shingles,
            wording=chosen.wording,
        ),
    ]


def _best(options: Sequence[Option]) -> Verdict | None:
    """The verdict with the fewest rules against it; of equals the first."""
    verdicts = [one.verdict for one in options]
    return min(verdicts, key=lambda one: sum(not result.passed for result in one.results), default=None)


def _reason(recipient: str, options: Sequence[Option], missing: Sequence[str], unusable: Sequence[str]) -> str:
    if not recipient:
        return "There is nobody to write to: email is missing."
    if not is_address(recipient):
        return "There is nobody to write to: email holds no address that may stand in a header."
    if missing:
        return f"No angle can be written: {' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing."
    best = _best(options)
    if best is None and unusable:
        more = f" And {len(unusable) - 1} more: see `swarm templates lint`." if len(unusable) > 1 else ""
        return f"No template that fits can be used. {unusable[0]}{more}"
    if best is None:
        return "Every angle that fits was rejected for this lead before."
    if best.passed:
        return "Every text that fits was written to this lead before."
    against = ", ".join(result.rule for result in best.results if not result.passed)
    return f"No text passed the guard; against the best try: {against or 'no rule judged it'}."


def _card(lead: Lead) -> Card:
    fields = lead.fields
    name = plain(fields.get("full_name")) or " ".join(
        part for part in (plain(fields.get("first_name")), plain(fields.get("last_name"))) if part
    )
    employees = fields["employees"].value if "employees" in fields else None
    return Card(
        name=Personal.plain(name),
        title=plain(fields.get("title")),
        company=plain(fields.get("company")),
        tier=lead.tier or "needs_data",
        score=lead.score,
        headline=lead.headline,
        reasons=lead.reasons,
        location=plain(fields.get("country")),
        industry=plain(fields.get("industry")),
        employees=employees if isinstance(employees, int) else None,
    )
