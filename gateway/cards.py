"""A card of the queue as one reader sees it now, and what stands around it: colleagues, clock, evidence."""

from datetime import datetime

import msgspec

from contracts.access import Person
from contracts.deal import Account
from contracts.email import Status
from contracts.envelope import Personal, reveal
from contracts.facts import Ref
from contracts.identity import partition_of
from contracts.lead import Lead
from gateway.answers import shown
from gateway.backend import Backend
from gateway.etag import etag
from gateway.zones import zone_of
from services.projections.approval_queue import Row, as_of, can_approve
from services.projections.views import FEEDBACK, LEADS


class Other(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody else at the same company to whom something was written, and where that stands."""

    email_id: str
    lead_id: str
    name: Personal | str
    title: str
    status: Status
    stands: str
    subject: Personal | str


def card(row: Row, person: Person, now: datetime) -> dict[str, object]:
    """A card, whether a plain approval would pass as things stand, and what each rule of the guard found."""
    checks = {one.rule: {"passed": one.passed, "found": one.found} for one in row.verdict.results}
    return shown(as_of(row, now), person) | {
        "checks": checks,
        "can_approve": can_approve(row, now),
        "etag": etag(row.draft_version, row.content_hash),
    }


async def around(row: Row, person: Person, backend: Backend) -> dict[str, object]:
    """What only the open card shows. One read of the log, which has the lead and the company, and two of views.

    The e-mail itself is read, too: it is then at hand when the card is answered.
    """
    about, company, mail = Ref("lead", row.lead_id), Ref("deal", row.account_id), Ref("email", row.email_id)
    loaded = await backend.log.load(partition_of(row.lead_id, backend.log.partitions), [about, company, mail])
    lead, account = loaded[about].state, loaded[company].state
    known = lead.fields if isinstance(lead, Lead) else {}
    city = known["city"].value if "city" in known and person.may("read_personal") else ""
    others = await _others(row, account, backend) if isinstance(account, Account) else []
    fields = dict.fromkeys(claim.field for claim in row.claims)
    return {
        "others": [shown(one, person) for one in others],
        "zone": zone_of(row.card.location, reveal(city) if isinstance(city, Personal) else str(city)),
        "evidence": {field: shown(known[field], person) for field in fields if field in known},
    }


async def _others(row: Row, account: Account, backend: Backend) -> list[Other]:
    """The other people who were written to, the newest text first; the account remembers the last forty."""
    approaches = [one for one in reversed(account.approaches) if one.lead_id != row.lead_id]
    leads = await backend.views.get_many(LEADS, [one.lead_id for one in approaches])
    texts = await backend.views.get_many(FEEDBACK, [one.email_id for one in approaches])
    found = []
    for one in approaches:
        lead, text = leads.get(one.lead_id), texts.get(one.email_id)
        if lead is not None:
            found.append(
                Other(
                    email_id=one.email_id,
                    lead_id=one.lead_id,
                    name=lead.name or "",
                    title=lead.title,
                    status=lead.email_status,
                    stands=lead.stands,
                    subject=(text.edited_subject or text.original_subject) if text else "",
                )
            )
    return found


def login_of(actor: str) -> str:
    """The login of a person as the rows name them: `person:ada@swarm` is ada."""
    name = actor.removeprefix("person:")
    return name.rpartition("@")[0] or name
