"""What the OpenAPI document says of statuses and parameters, wherever they stand."""

from collections.abc import Mapping
from typing import Any

from gateway.examples import TEXTS

ABOUT = """\
All that the page and the command line do. Whoever asks shows a token in the header `Authorization: Bearer …`; \
`swarm token create LOGIN` makes one. A page has a session in a cookie instead, and sends `X-CSRF-Token` with whatever \
changes something.

A list is told a page at a time: `next` of one page is the `cursor` of the one after it, and empty at the end. With \
`format=csv` it is one file. The log, in `/api/events` and in the feed, is read on `from` a place.

A command takes nothing from the URL. With an `Idempotency-Key` it can be sent again whenever no answer came: it is \
carried out once. Its answer names the position that it created; a read with `after` that position has heard of it.

Every refusal is a problem document (RFC 9457): `type` is for programs, `detail` and `remedy` are for people, and \
`values` name the field, or who was first. The feed is a WebSocket, too: `/api/feed/ws`, with the same filters.
"""
MEANING: Mapping[int, str] = {
    400: "The request does not read.",
    401: "Nobody we know.",
    403: "We know who asks, and they may not.",
    404: "There is no such thing here.",
    409: "Somebody else was first, or it is not the time for it.",
    413: "The body is larger than 1 MB, or a file than it may be.",
    415: "The body is of another type than it has to be.",
    421: "The request is meant for another host.",
    422: "What was sent cannot be used; the field is named.",
    428: "Which version of the text is meant was not said.",
    429: "Too often; `Retry-After` says when again.",
    503: "The store is away, or what was asked to be waited for did not come.",
}
PARAMETERS: Mapping[str, tuple[str, Any]] = {
    "angle": ("The angle of the text, as in the rows.", "waiting_cards"),
    "answer": ("What a person made of it; `waiting` for nobody did.", "waiting"),
    "by": ("What the groups go by.", "reviewer"),
    "campaign": ("The campaign, as in the rows.", "tier1_priority_outreach"),
    "category": ("Facts of this category; given several times, of any of them.", ["email"]),
    "claimed_by": ("Cards that this person looks at: a login, or the actor as in the rows.", "grace"),
    "dead_id": ("A dead letter, as the list has it; the whole id.", TEXTS["dead_id"]),
    "email_id": ("An e-mail, as the lists have it; the whole id.", TEXTS["email_id"]),
    "email_status": ("How their newest e-mail stands.", "drafted"),
    "id": ("Its beginning is enough.", TEXTS["id"][:8]),
    "import_id": ("A file that waits, as the answer to bringing it named it.", TEXTS["import_id"]),
    "key": ("Somebody on the list, as it names them; the whole key.", f"excl:{TEXTS['content_hash']}"),
    "kind": ("Tokens of programs alone, or sessions at the page.", "token"),
    "lead_id": ("A lead, as the lists have it; the whole id.", TEXTS["lead_id"]),
    "limit": ("So many at the most.", 50),
    "login": ("A person, by the login.", "grace"),
    "mapping_name": ("The name under which a mapping is kept.", "crm-export"),
    "outcome": ("What became of the draft.", "approved"),
    "reviewer": ("Who answered, as in the rows.", "person:grace@swarm"),
    "run_id": ("A run, as the lists have it; the whole id.", TEXTS["run_id"]),
    "snoozed": ("Those that were put off, and no others.", False),
    "sort": ("What the list goes by.", None),
    "stage": ("Where in the pipeline they are.", None),
    "status": ("How they stand.", None),
    "synthetic": ("Invented people, or real ones.", False),
    "tag": ("The reason to reject.", "weak_cta"),
    "traffic": ("Drafts for real leads that people answer, or invented ones and those that a policy answered.", "real"),
    "tier": ("The tier.", "tier_1"),
    "token_id": ("A token or session, as the list has it; the whole id.", TEXTS["token_id"]),
    "version": ("One that was activated: its id, or six digits or more of its hash.", "my-icp-2"),
    "type": ("Facts of this type; given several times, of any of them.", ["email.approved.v1"]),
}
"""By name what a parameter means that does not say it itself, and a value; None where the known ones say enough."""
