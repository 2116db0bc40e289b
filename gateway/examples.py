"""Examples of what is sent and answered: one lead, one draft and the people around them, whatever is asked.

Those of answers are made from their types. Bodies are written by hand: what they leave out says as much as what they say.
"""

from collections.abc import Mapping
from typing import Any, TypeAlias

from litestar.exceptions import HTTPException

from contracts.errors import (
    AlreadyDecided,
    BadInput,
    Forbidden,
    LockedOut,
    Misdirected,
    NotFound,
    PreconditionMissing,
    StoreUnavailable,
    SwarmError,
    TooLarge,
    Unauthenticated,
)

Json: TypeAlias = Mapping[str, Any]
REF = "#/components/schemas/"

_EMAIL, _LEAD = "1f2e4a6b-5c1d-5e8f-9a3b-7d6c5b4a3f21", "8c7b6a59-4d3e-5f21-8a9b-0c1d2e3f4a5b"
_ACCOUNT, _RUN = "5d4c3b2a-1f0e-5d9c-8b7a-6f5e4d3c2b1a", "run_20260302_091500_4f2a9c"
_FACT, _CAUSE = "3b9aca00-7f6e-5d4c-8b2a-1e0d9c8b7a6f", "e4d3c2b1-a0f9-5e8d-8c7b-6a5f4e3d2c1b"
_HASH, _PERSON = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "person:grace@swarm"
_EARLIER, _NOW, _LATER = "2026-03-02T09:15:00Z", "2026-03-02T10:00:00Z", "2026-03-05T09:15:00Z"
_COMMENT = "I met her in May; she asked for this."
_MODEL = """\
id = "my-icp-2" # The smallest file there can be; `swarm icp init` writes one that says more.
titles = 1
tiers = { tier_1 = 80, tier_2 = 60, tier_3 = 40 }
review = { least = 70, most = 85 }
source_bonus = {}
multipliers = []
routes = [{ campaign = "factories" }]
technology = { most = 0, kinds = [] }
intent = { most = 0, rules = [], sources = {} }

[size]
most = 40
least_employees = 50
most_employees = 1000
bands = [{ least = 50, most = 1000, points = 40 }]

[title]
most = 40
[title.levels]
c_suite = { points = 40, label = "chief executive" }
vp = { points = 30, label = "vice president" }
director = { points = 20, label = "director" }
manager = { points = 10, label = "manager" }
other = { points = 0, label = "another title" }

[industry]
most = 20
ranks = { first = 20, second = 0, third = 0 }
kinds = [{ name = "factory", label = "factories", rank = "first", phrases = ["manufacturing"] }]

[disqualify]
least_revenue_usd = 0
most_revenue_usd = 1_000_000_000
customers = []
competitors = []
free_mail = ["gmail.com"]
industries = []
"""
_SUBJECT, _TEXT = "Waiting for cards", "Hello Ada,\n\nyour engines wait for cards. Shall we talk?\n"

TEXTS: Mapping[str, str] = {
    "about": _EMAIL,
    "account_id": _ACCOUNT,
    "act": "approved",
    "actor": _PERSON,
    "angle": "waiting_cards",
    "answer": "retried",
    "answer_reason": "It needs no answer.",
    "answered_by": _PERSON,
    "at": _NOW,
    "because": "it holds e-mail addresses",
    "better": "Work Mail",
    "by": _PERSON,
    "campaign": "tier1_priority_outreach",
    "category": "engines",
    "causation_id": _CAUSE,
    "column": "Work Mail",
    "company": "Analytical Works",
    "content_hash": _HASH,
    "correlation_id": _RUN,
    "csrf": "q3J0mV9x",
    "dead_id": "b2a1f0e9-d8c7-5b6a-9f5e-4d3c2b1a0f9e",
    "delimiter": ",",
    "detail": "It asks for nothing.",
    "drafter": "templates",
    "email_id": _EMAIL,
    "encoding": "utf-8",
    "entry_type": "lead.scored.v1",
    "etag": f'"1-{_HASH}"',
    "as_of": "2026-03-02T10:00:00Z",
    "came_before": "",
    "model_hash": _HASH,
    "nobody": "",
    "recorded": "",
    "model_id": "my-icp-1",
    "edited_subject": _SUBJECT,
    "edited_text": _TEXT,
    "event_id": _FACT,
    "fact": _FACT,
    "field": "email",
    "fields": "email",
    "file_name": "leads.csv",
    "language": "en",
    "theme": "tools",
    "file": "templates/en/quick_win.j2",
    "folder": "templates",
    "fingerprint": "waiting_cards-1",
    "format": "csv",
    "found": "",
    "from": _CAUSE,
    "gate": "approval",
    "guard": "1",
    "halt_reason": "",
    "header": "Work Mail",
    "headline": "waits for a person",
    "how": "alias",
    "id": _LEAD,
    "import_id": "imp_7c1e5a9d",
    "instance": "/api/leads/nobody",
    "instruction": "",
    "key": _PERSON,
    "kind": "token",
    "label": "grace@swarm",
    "lead_id": _LEAD,
    "link": "http://127.0.0.1:8080/#sign-in=Zk3v9QxYtT1m",
    "location": "London, United Kingdom",
    "login": "grace",
    "meaning": "It asks for nothing, for too much, or for too many things.",
    "missing": "email",
    "mode": "staging",
    "name": "Ada Lovelace",
    "namespace": "main",
    "next": "",
    "offer_hash": "4b227777d4dd",
    "original_subject": _SUBJECT,
    "original_text": _TEXT,
    "permissions": "read",
    "position": "0:841",
    "preset": "home_made",
    "provider": "",
    "promise": "what is acknowledged is on disk",
    "reason": "It asks for nothing.",
    "reasons": "+20: 51 to 500 employees",
    "recipient": "ada@analytical.example",
    "remedy": "",
    "reply_to": "mara@swarm.example.com",
    "reviewer": _PERSON,
    "roles": "reviewer",
    "rule": "placeholder",
    "run_id": _RUN,
    "sender": "Mara <mara@swarm.example.com>",
    "service": "crafter",
    "source": "leads.csv",
    "stands": "a draft waits for a person",
    "status": "ready",
    "subject": _SUBJECT,
    "template": "waiting_cards",
    "template_hash": "ef2d127de37b",
    "text": _TEXT,
    "title": "Countess",
    "to": _FACT,
    "token": "swarm_7hQ2…",
    "token_id": "849fceb5311258c1",
    "traceparent": "",
    "type": "email.approved.v1",
    "until": _LATER,
    "value": "Analytical Works",
    "way": "",
    "ways": "password",
    "why": "",
    "words": "approved by grace@swarm",
    "zone": "Europe/London",
}
"""By field."""
UNSAID = "?"
"""In place of a text that has to be there and is none of these; a test finds it."""
TIMES: Mapping[str, str] = {"drafted_at": _EARLIER, "opened_at": _EARLIER, "created_at": _EARLIER, "expires_at": _LATER}
"""Of fields that name a time; the others are now."""
NUMBERS: Mapping[str, float] = {
    "approved": 4,
    "attempts": 5,
    "bytes": 48_213,
    "could_reach": 90,
    "draft_version": 1,
    "employees": 180,
    "share": 0.62,
    "low": 0.41,
    "high": 0.79,
    "limit": 200,
    "pending": 16,
    "review_expires_h": 72,
    "rows": 200,
    "score": 82,
    "seq": 841,
    "total": 16,
    "undo_window_s": 30,
}
OBJECTS: Mapping[str, Json] = {
    "behind": {"queue": 0, "leads": 0},
    "by_tier": {"tier_1": 9, "tier_2": 4, "tier_3": 2, "tier_4": 0, "needs_data": 1},
    "checks": {"placeholder": {"passed": True, "found": ""}},
    "claimed": {"grace": 1},
    "counts": {"sourced": 198, "refused": 2},
    "data": {"email_id": _EMAIL, "lead_id": _LEAD, "draft_version": 1},
    "evidence": {"company": {"value": "Analytical Works", "source": "leads.csv", "confidence": 1.0, "at": _EARLIER}},
    "mapping": {"email": "Work Mail"},
    "services": {"crafter": True, "projector": True},
    "stages": {"craft": 16},
    "stands": {"a draft waits for a person": 16},
}
"""Of fields whose keys no type names; the others are empty."""
PREFERRED = (
    "recorded",
    "drafted",
    "waiting_for_review",
    "approved",
    "tier_1",
    "scored",
    "craft",
    "shadow",
    "weak_cta",
    "reviewer",
    "read",
    "import",
    "person",
    "retried",
)
"""Of the values that a field may have, the first of these; else the last."""
FALSE = frozenset({"halted", "simulated", "synthetic"})
OF: Mapping[str, Any] = {
    "Account.closed_at": None,
    "Account.name": "Grace Hopper",
    "Act.category": "email",
    "ActActor.id": "grace@swarm",
    "AccountActor.id": "grace@swarm",
    "CardClaim.words": "your engines wait for cards",
    "Changed.status": "changed",
    "DossierClaim.words": "your engines wait for cards",
    "CardComment.text": _COMMENT,
    "AnsweredDraftComment.text": _COMMENT,
    "DossierComment.text": _COMMENT,
    "DossierOrigin.kind": "import",
    "Edge.how": "caused",
    "Gate.gate": "phase",
    "Gate.open": False,
    "Gate.words": "In SHADOW nothing leaves this machine.",
    "KeptMapping.name": "crm-export",
    "LeadOrigin.kind": "import",
    "Line.approved": 10,
    "Line.drafts": 16,
    "Line.edited": 3,
    "Live.status": "live",
    "Node.by": "Grace",
    "Node.id": _FACT,
    "Node.said": "version 1 approved",
    "Preview.name": "leads.csv",
    "Preview.sample": [{"row": 1, "full_name": "Ada Lovelace", "email": "ada@analytical.example"}],
    "Preview.sample_file": False,
    "Receipt.answer": "",
    "Rejected.label": "Ask",
    "Refused.reason": "There is no e-mail address, and no full name.",
    "Refused.remedy": "Give an address, or a full name and a company.",
    "Result.problem": None,
    "Result.status": 200,
    "Card.snoozed_until": None,
    "DossierApprovalQueue.snoozed_until": None,
    "Run.counts": {"tier": {"tier_1": 9, "tier_2": 4}},
    "Run.ended_at": None,
    "SetUp.campaigns": [
        {
            "name": "founders",
            "audience": {"tiers": ["tier_1"], "industries": [], "titles": ["CEO", "founder"]},
            "angles": ["value_first", "quick_win"],
            "company": "Engine Cards Ltd",
            "sender": "Mara <mara@swarm.example.com>",
            "language": "en",
            "offer_hash": "",
            "missing": [{"key": "reply_to", "why": "is empty", "remedy": "Write the address where answers are read."}],
        }
    ],
    "SetUp.missing": [],
    "SetUp.offer": {
        "whose": "own",
        "hash": _HASH,
        "company": "Engine Cards Ltd",
        "sender": "Mara <mara@swarm.example.com>",
        "sender_title": "Partner",
        "reply_to": "mara@swarm.example.com",
        "postal_address": "Engine Cards Ltd, 12 Mill Lane, London N1 9GU, United Kingdom",
        "opt_out": "If you would rather not hear from me again, reply “no thanks”.",
        "line": "At Engine Cards we cut the cards that engines wait for.",
        "line_evidence": "Price list, page 1.",
        "lines": [
            {"text": "Engines wait for cards, and we cut them at Engine Cards.", "evidence": "Price list, page 1."}
        ],
        "proofs": [{"text": "A first set is cut within a week.", "evidence": "Terms, section 2."}],
        "resource": "",
        "resource_evidence": "",
        "booking_link": "",
        "language": "en",
        "time_zone": "Europe/London",
        "competitors": [],
        "problems": [
            {"topic": "card cutting", "text": "An engine waits for its cards more often than they wait for it."}
        ],
    },
    "SetUp.simulated": True,
    "SignedIn.name": "Grace Hopper",
    "Summary.about": "drafts for real leads",
    "TokenShown.label": "laptop",
    "TokenShown.revoked_at": None,
    "TokenShownActor.id": "grace@swarm",
}
"""By type and field, where the field alone does not say it."""


_ITEMS = [{"email_id": TEXTS["email_id"], "expected_version": 1}]
BODIES: Mapping[str, Json] = {
    "About": {"about": "8c7b6a59"},
    "Activate": {"text": _MODEL, "reason": "We sell to factories now."},
    "Approve": {"expected_version": 1},
    "ApproveMany": {"items": _ITEMS},
    "Because": {"reason": "The file was the wrong one."},
    "ByAddress": {"address": "ada@analytical.example"},
    "ByLink": {"secret": "Zk3v9QxYtT1mP0aLr8sB"},
    "ByPassword": {"login": "grace", "password": "correct horse battery staple"},
    "Candidate": {"text": _MODEL, "limit": 50},
    "Changes": {"expected_version": 1, "instruction": "Name the one thing they should do.", "wishes": ["shorter"]},
    "Drop": {"reason": "It needs no answer."},
    "Exclude": {"who": "customer.example", "reason": "A customer since 2020."},
    "Edit": {"expected_version": 1, "body": "Hello Ada,\n\nmay I call on Tuesday?\n"},
    "KeepMapping": {
        "name": "crm-export",
        "header": ["Work Mail", "Full Name"],
        "mapping": {"email": "Work Mail"},
    },
    "MapColumns": {"mapping": {"email": "Work Mail"}},
    "NewPassword": {"current": "correct horse battery staple", "new": "a longer one than that"},
    "NewRoles": {"roles": ["reviewer", "operator"]},
    "NewToken": {"label": "laptop", "days": 30},
    "NewUser": {"login": "grace", "name": "Grace Hopper", "roles": ["reviewer"]},
    "Nothing": {},
    "Reject": {"expected_version": 1, "tag": "weak_cta", "reason": "It asks for nothing."},
    "RejectMany": {"items": _ITEMS, "tag": "weak_cta", "reason": "They ask for nothing."},
    "Resume": {},
    "Revoke": {"expected_version": 1, "reason": "I read it again."},
    "RevokeMany": {"items": _ITEMS, "reason": "I read them again."},
    "RunFile": {"mode": "staging", "limit": 200},
    "RunSource": {"mode": "sandbox", "source": "default", "limit": 20, "seed": 7},
    "Said": {"text": _COMMENT},
    "Who": {"who": "ada@customer.example"},
    "Snooze": {"until": "2026-03-03T08:00:00Z"},
}
"""A body for each command. It says what most say, and leaves out the rest."""
PROBLEMS: Mapping[int, SwarmError | HTTPException] = {
    400: HTTPException(status_code=400, detail="Input data was truncated"),
    401: Unauthenticated("These credentials are not valid."),
    403: Forbidden("This needs the permission 'decide'.", "An admin gives roles with `swarm user roles`."),
    404: NotFound("There is nothing with this id.", "The lists name what there is."),
    409: AlreadyDecided(
        "grace@swarm approved it at 2026-03-02 10:00 UTC.",
        who="person:grace@swarm",
        when="2026-03-02T10:00:00+00:00",
        what="approve",
    ),
    413: TooLarge("The file has more than 20 MB.", "Split it.", field="file"),
    415: HTTPException(status_code=415, detail="Send the file as multipart/form-data, in a part named `file`."),
    421: Misdirected("This is not evil.example.", "Ask under the address that the swarm says."),
    422: BadInput("reason has 2 characters; it needs 3 to 2,000.", field="reason"),
    428: PreconditionMissing("Which version of the text this is about is not said."),
    429: LockedOut("Too many attempts.", "Try again in 40 s.", retry_after_s=40),
    503: StoreUnavailable(
        "Whether this was recorded is not known after 5 s.",
        "Send it again with the same Idempotency-Key: it is carried out once.",
    ),
}
"""What each refusal may read like."""
STREAM = (
    "id: 0:841\r\nevent: email.approved.v1\r\n"
    'data: {"type":"email.approved.v1","position":"0:841","actor":"person:grace@swarm"}\r\n\r\n'
)
TABLE = "Subject,Tier\r\nWaiting for cards,tier 1\r\n"


def example_of(schema: Json, components: Json, of: str = "", field: str = "") -> Any:
    """What an answer of this type looks like.

    Args:
        of: the type that it stands in, and as which field.
    """
    if (place := f"{of}.{field}") in OF:
        return OF[place]
    if reference := schema.get("$ref"):
        name = reference.removeprefix(REF)
        found = components[name]
        if "examples" in found:
            return found["examples"][0]
        return (
            example_of(found, components, name) if "properties" in found else example_of(found, components, of, field)
        )
    if known := schema.get("enum"):
        return next((one for one in PREFERRED if one in known), schema.get("default", known[-1]))
    if parts := schema.get("allOf"):
        whole: dict[str, Any] = {}
        for part in parts:
            whole |= example_of(part, components, of, field)
        return whole
    if kinds := schema.get("anyOf") or schema.get("oneOf"):
        return example_of(kinds[0], components, of, field)
    return _plain(schema, components, of, field)


def _plain(schema: Json, components: Json, of: str, field: str) -> Any:
    match schema.get("type"):
        case "object" if "properties" in schema:
            return {one: example_of(part, components, of, one) for one, part in schema["properties"].items()}
        case "object":
            return dict(OBJECTS.get(field, {}))
        case "array":
            one = example_of(schema.get("items", {}), components, of, field)
            return [] if one in (None, UNSAID) else [one]
        case "boolean":
            return schema.get("default", field not in FALSE)
        case "integer":
            return int(NUMBERS.get(field, schema.get("default", 1)))
        case "number":
            return NUMBERS.get(field, schema.get("default", 1))
        case "string" if field.endswith(("_at", "_until")):
            return TIMES.get(field, _NOW)
        case "string":
            return TEXTS.get(field, schema.get("default", UNSAID))
        case _:
            return None
