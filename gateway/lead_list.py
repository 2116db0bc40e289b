"""The list of leads: which of them are asked for, and each with words for why it stands where it stands."""

from collections.abc import AsyncIterator

import msgspec

from contracts import email
from contracts.email import Status as EmailStatus
from contracts.envelope import reveal
from contracts.lead import Status, Tier
from contracts.run import Stage
from services.projections import plain_words
from services.projections.leads import Row
from services.projections.views import LEADS
from services.runtime.view_store import ViewStore

EMAIL_STAGE: dict[email.Status, Stage] = {
    "blocked": "craft",
    "drafted": "craft",
    "changes_requested": "approve",
    "approved": "approve",
    "rejected": "approve",
    "expired": "approve",
    "withdrawn": "approve",
}
"""The last stage that did its part; whatever is not here is on its way out or went."""
LEAD_STAGE: dict[Status, Stage] = {
    "enriched": "enrich",
    "needs_data": "enrich",
    "scored": "segment",
    "disqualified": "segment",
}


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """Which leads somebody wants to see; None is all of them. `company` and `q` are parts of texts, in any case."""

    status: Status | None = None
    tier: Tier | None = None
    run_id: str | None = None
    campaign: str | None = None
    email_status: EmailStatus | None = None
    stands: str | None = None
    stage: Stage | None = None
    company: str | None = None
    q: str | None = None

    def fits(self, row: Row, *, personal: bool) -> bool:
        """Whether a lead is among them; for who may not see names, none is found by one."""
        return (
            _is(row.status, self.status)
            and _is(row.tier, self.tier)
            and _is(row.run_id, self.run_id)
            and _is(row.campaign, self.campaign)
            and _is(row.email_status, self.email_status)
            and _is(row.stands, self.stands)
            and _is(stage_of(row), self.stage)
            and _says(self.company, row.company)
            and _says(self.q, row.company, row.title, reveal(row.name) if row.name and personal else "")
        )


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """A lead in words: how it came to stand where it stands, what would move it, and where it came from."""

    why: str
    moves: str
    origin: str


def said(row: Row) -> Said:
    """The words for a lead; they name nobody."""
    return Said(why=plain_words.why(row), moves=plain_words.moves(row), origin=plain_words.origin(row))


def stage_of(row: Row) -> Stage:
    """The last stage that did its part for a lead, or failed to."""
    if row.email_status != "none":
        return EMAIL_STAGE.get(row.email_status, "send")
    return "segment" if row.score is not None else LEAD_STAGE.get(row.status, "scrape")


def _is(value: object, wanted: object) -> bool:
    return wanted is None or value == wanted


def _says(wanted: str | None, *texts: str) -> bool:
    return wanted is None or any(wanted.casefold() in text.casefold() for text in texts)


async def everywhere(views: ViewStore) -> AsyncIterator[Row]:
    """Every lead, refused rows among them, in no order; for counts."""
    async for _, row in views.all(LEADS):
        yield row


def by_count(stands: dict[str, int]) -> dict[str, int]:
    """How many stand where, the most first."""
    return dict(sorted(stands.items(), key=lambda one: (-one[1], one[0])))
