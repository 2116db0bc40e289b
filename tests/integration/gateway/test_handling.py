"""Two reviewers and one queue: who looks at what, what comes back later, and what they tell each other."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from contracts import identity
from contracts.email import Claim, EmailCommented
from contracts.envelope import Personal
from contracts.lead import Found
from gateway.answers import POSITION
from services.projections.verify import verify
from tests import controls
from tests.integration.gateway.conftest import PEOPLE
from tests.integration.gateway.office import NOW, Lead, Office
from tests.integration.gateway.test_decisions import REJECTION, problem, send
from tests.integration.gateway.test_pages import walk
from tests.unit.projections.stories import ADA, Step

MINUTES = timedelta(minutes=1)
HOURS = timedelta(hours=1)


async def listed(office: Office, leads: list[Lead], **query: str | int) -> list[int]:
    """The listed leads by their numbers, in order."""
    await office.caught_up()
    known = {lead.email_id: lead.number for lead in leads}
    return [known[one] for one in await walk(office, "/api/pending-emails", None, **query)]


async def card(office: Office, lead: Lead, role: str = "reviewer") -> dict[str, Any]:
    await office.caught_up()
    answer = await office.get(f"/api/emails/{lead.email_id}", role)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


async def test_of_two_who_claim_at_once_one_does_and_the_other_is_told_who_and_until_when(
    office: Office, leads: list[Lead]
) -> None:
    roles = ("reviewer", "admin")
    answers = await asyncio.gather(*(send(office, leads[0], "claim", {}, role) for role in roles))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    winner = next(role for role, answer in zip(roles, answers, strict=True) if answer.status_code == 200)
    [late] = [answer for answer in answers if answer.status_code == 409]
    assert problem(late) == (409, "claimed-by-another")
    document = late.json()
    assert document["values"]["who"] == f"person:{PEOPLE[winner]}@swarm"
    assert moment(document["values"]["until"]) == NOW + 15 * MINUTES
    assert document["detail"] == f"{PEOPLE[winner]}@swarm has claimed it until 2026-03-02 10:15 UTC."
    assert document["remedy"]
    shown = await card(office, leads[0])
    assert (shown["claimed_by"], moment(shown["claimed_until"])) == (document["values"]["who"], NOW + 15 * MINUTES)


async def test_claim_is_renewed_released_and_over_by_itself(office: Office, leads: list[Lead]) -> None:
    first = await send(office, leads[0], "claim", {})
    assert first.headers[POSITION] == first.json()["position"]
    assert await listed(office, leads, claimed_by="grace") == [1]
    assert await listed(office, leads, claimed_by="person:grace@swarm") == [1]
    assert await listed(office, leads, claimed_by="alan") == []
    assert problem(await send(office, leads[0], "release", {}, "admin")) == (409, "claimed-by-another")
    office.watch.now = NOW + 10 * MINUTES
    assert (await send(office, leads[0], "claim", {})).status_code == 200
    office.watch.now = NOW + 20 * MINUTES
    assert problem(await send(office, leads[0], "claim", {}, "admin")) == (409, "claimed-by-another")
    office.watch.now = NOW + 25 * MINUTES
    assert ((await card(office, leads[0]))["claimed_by"], await listed(office, leads, claimed_by="grace")) == ("", [])
    assert (await send(office, leads[0], "claim", {}, "admin")).status_code == 200
    released = await send(office, leads[0], "release", {}, "admin")
    assert released.json()["status"] == "recorded"
    nothing = (await send(office, leads[0], "release", {}, "admin")).json()
    assert (nothing["status"], nothing["fact"], nothing["position"]) == ("repeated", "", released.json()["position"])


async def test_approval_of_what_somebody_else_has_claimed_is_taken_and_ends_the_claim(
    office: Office, leads: list[Lead]
) -> None:
    await send(office, leads[0], "claim", {})
    assert (await send(office, leads[0], "approve", {"expected_version": 1}, "admin")).status_code == 200
    late = await send(office, leads[0], "claim", {})
    assert problem(late) == (409, "already-decided")
    assert late.json()["detail"].startswith("alan@swarm approved it at ")
    await send(office, leads[0], "revoke", {"expected_version": 1}, "admin")
    assert (await card(office, leads[0]))["claimed_by"] == ""


async def test_snoozed_card_leaves_the_list_and_comes_back_by_itself(office: Office, leads: list[Lead]) -> None:
    await send(office, leads[1], "claim", {})
    until = NOW + 3 * HOURS
    answer = await send(office, leads[1], "snooze", {"until": until.isoformat()})
    assert (answer.status_code, answer.json()["status"]) == (200, "recorded")
    assert await listed(office, leads) == [1, 3, 4, 5]
    assert await listed(office, leads, snoozed="true") == [2]
    shown = await card(office, leads[1])
    assert (moment(shown["snoozed_until"]), shown["claimed_by"]) == (until, "")
    office.watch.now = until
    assert await listed(office, leads) == [1, 2, 3, 4, 5]
    assert await listed(office, leads, snoozed="true") == []
    assert (await card(office, leads[1]))["snoozed_until"] is None


async def test_edit_and_other_answers_bring_a_snoozed_card_back(office: Office, leads: list[Lead]) -> None:
    for lead in leads[:2]:
        await send(office, lead, "snooze", {"until": (NOW + HOURS).isoformat()})
    assert await listed(office, leads) == [3, 4, 5]
    await send(office, leads[0], "edit", {"expected_version": 1, "subject": "Another subject"})
    assert await listed(office, leads) == [1, 3, 4, 5]
    await send(office, leads[1], "request-changes", {"expected_version": 1, "instruction": "Shorter."})
    assert await listed(office, leads) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("until", "words"),
    [
        ("2026-03-02T09:59:00Z", "over already"),
        ("2026-03-09T09:00:00Z", "expires at 2026-03-09 09:00 UTC"),
        ("2027-01-01T00:00:00Z", "expires at 2026-03-09 09:00 UTC"),
        ("2026-03-03T09:00:00", "in which zone"),
    ],
)
async def test_snooze_to_where_nothing_comes_back_names_the_field(
    office: Office, leads: list[Lead], until: str, words: str
) -> None:
    answer = await send(office, leads[0], "snooze", {"until": until})
    assert problem(answer) == (422, "bad-input")
    assert answer.json()["values"]["field"] == "until"
    assert words in answer.json()["detail"]


@pytest.mark.parametrize(
    ("what", "body"),
    [("claim", {"for": "ever"}), ("release", {"why": "x"}), ("snooze", {}), ("snooze", {"until": "tomorrow"}),
     ("comment", {}), ("comment", {"text": " "}), ("comment", {"text": "x" * 2_001}), ("comment", {"text": "a\u0007"})],
)  # fmt: skip
async def test_body_that_does_not_read_is_refused(
    office: Office, leads: list[Lead], what: str, body: dict[str, str]
) -> None:
    assert problem(await send(office, leads[0], what, body)) == (422, "bad-input")


async def test_nothing_is_handled_that_is_not_there_or_by_a_link(office: Office) -> None:
    for what, body in (("claim", {}), ("release", {}), ("comment", {"text": "x"})):
        assert problem(await send(office, Lead(number=99), what, body)) == (404, "not-found")
        link = f"/api/emails/{Lead(number=99).email_id}/{what}?now=1"
        assert problem(await office.post(link, body)) == (422, "bad-input")


async def said(office: Office) -> list[str]:
    """Every comment in the log."""
    page = await office.backend.log.tail(0, ["email"], 0, count=1_000)
    facts = [one.decode(0).event for one in page]
    return [fact.text.content.decode() for fact in facts if isinstance(fact, EmailCommented)]


async def test_comment_is_recorded_once_per_key_and_stays_with_the_email_after_the_answer(
    office: Office, leads: list[Lead]
) -> None:
    texts = {"text": "  She moved to Turin. "}
    first = await send(office, leads[0], "comment", texts, Idempotency_Key="c")
    again = await send(office, leads[0], "comment", texts, Idempotency_Key="c")
    assert (first.json()["status"], again.json()["status"]) == ("recorded", "repeated")
    assert first.json()["fact"] == again.json()["fact"]
    other = await send(office, leads[0], "comment", {"text": "x"}, Idempotency_Key="c")
    assert problem(other) == (422, "idempotency-key-reused")
    [comment] = (await card(office, leads[0]))["comments"]
    assert (comment["by"], comment["text"]) == ("person:grace@swarm", "She moved to Turin.")
    assert moment(comment["at"]) == NOW
    await send(office, leads[0], "reject", {"expected_version": 1, **REJECTION})
    assert (await send(office, leads[0], "comment", {"text": "Rightly so."}, "admin")).status_code == 200
    past = await card(office, leads[0])
    assert (past["outcome"], [one["text"] for one in past["comments"]]) == (
        "rejected",
        ["She moved to Turin.", "Rightly so."],
    )
    assert await said(office) == ["She moved to Turin.", "Rightly so."]
    lead = (await office.get(f"/api/leads/{leads[0].lead_id}")).json()
    assert (lead["stands"], lead["email_status"]) == ("rejected by a person", "rejected")


async def test_what_people_typed_is_shown_to_those_who_may_see_the_person(office: Office, leads: list[Lead]) -> None:
    typed = ["Kim is on leave", "Kim asked for less", "Kim said no", "Kim was fine", "Kim will not mind"]
    await send(office, leads[0], "comment", {"text": typed[0]})
    await send(office, leads[0], "request-changes", {"expected_version": 1, "instruction": typed[1]})
    await send(office, leads[1], "reject", {"expected_version": 1, "tag": "other", "reason": typed[2]})
    await send(office, leads[2], "approve", {"expected_version": 1, "feedback": typed[3]})
    await send(office, leads[2], "revoke", {"expected_version": 1, "reason": typed[4]})
    await office.caught_up()
    paths = ["/api/pending-emails", "/api/feedback", "/api/audit", *(f"/api/emails/{one.email_id}" for one in leads)]
    answers = {role: [await office.get(path, role) for path in paths] for role in ("admin", "auditor")}
    seen = {role: "".join(answer.text for answer in some) for role, some in answers.items()}
    assert {answer.status_code for some in answers.values() for answer in some} == {200}
    assert [text for text in typed if text not in seen["admin"]] == []
    assert "Kim" not in seen["auditor"]
    # What we say, and what was chosen from a list, stays.
    assert '"tag":"other"' in seen["auditor"].replace(" ", "")


@pytest.mark.parametrize("limit", [1, 2, 50])
@pytest.mark.parametrize(
    ("sort", "expected"),
    [("rank", [4, 5, 1, 3, 2]), ("oldest", [1, 2, 3, 4, 5]), ("newest", [5, 4, 3, 2, 1]), ("score", [3, 1, 2, 4, 5])],
)
async def test_list_is_walked_in_each_order(office: Office, sort: str, expected: list[int], limit: int) -> None:
    tiers, scores = ("tier_2", "tier_3", "tier_2", "tier_1", "tier_1"), (60, 50, 90, 40, 30)
    leads = [Lead(number=number, tier=tier) for number, tier in enumerate(tiers, start=1)]  # type: ignore[arg-type]
    for lead, score in zip(leads, scores, strict=True):
        shown = msgspec.structs.replace(controls.CARD, tier=lead.tier, score=score)
        await office.tell(Step(0, (lead.drafted(card=shown),)))
    assert await listed(office, leads, sort=sort, limit=limit) == expected
    narrowed = [one for one in expected if one in {1, 3}]
    assert await listed(office, leads, sort=sort, limit=limit, tier="tier_2") == narrowed


async def test_cursor_is_of_one_order_and_holds_while_cards_come_and_go(office: Office, leads: list[Lead]) -> None:
    first = (await office.get("/api/pending-emails", sort="oldest", limit=2)).json()
    for other in ("newest", "score", "rank"):
        refused = await office.get("/api/pending-emails", sort=other, cursor=first["next"])
        assert problem(refused) == (422, "bad-input")
    # Told from the last to the first: the oldest are five and four.
    assert [one["email_id"] for one in first["items"]] == [leads[4].email_id, leads[3].email_id]
    newer = Lead(number=9)
    await office.tell(Step(0, (controls.email_rejected(**leads[3].seen),), ADA), newer.step())
    rest = (await office.get("/api/pending-emails", sort="oldest", cursor=first["next"])).json()
    assert [one["email_id"] for one in rest["items"]] == [one.email_id for one in (leads[2], leads[1], leads[0], newer)]
    assert problem(await office.get("/api/pending-emails", sort="best"))[0] == 422


async def test_status_says_what_waits_who_is_at_it_and_what_was_done_today(office: Office, leads: list[Lead]) -> None:
    one, two, three, four, five = leads
    await send(office, one, "claim", {})
    await send(office, two, "claim", {}, "admin")
    await send(office, five, "snooze", {"until": (NOW + HOURS).isoformat()})
    await send(office, three, "approve", {"expected_version": 1})
    await send(office, four, "approve", {"expected_version": 1})
    await send(office, four, "revoke", {"expected_version": 1})
    await send(office, four, "edit", {"expected_version": 1, "subject": "Another subject"})
    await send(office, four, "reject", {"expected_version": 2, **REJECTION})
    await office.caught_up()
    told = (await office.get("/api/queue-status")).json()
    today = {"approved": 1, "rejected": 1, "changes_requested": 0, "edited": 1}
    assert (told["pending"], told["approved"], told["rejected"], told["snoozed"]) == (3, 1, 1, 1)
    assert (told["claimed"], told["decided_today"]) == ({"alan": 1, "grace": 1}, today)
    # The oldest of all is put off; of the others the last one told is the first in the list.
    assert moment(told["oldest_at"]) == moment((await card(office, two))["drafted_at"])
    office.watch.now = NOW + timedelta(days=1)
    tomorrow = (await office.get("/api/queue-status")).json()
    assert (tomorrow["decided_today"], tomorrow["claimed"], tomorrow["snoozed"]) == (dict.fromkeys(today, 0), {}, 0)
    assert (tomorrow["approved"], tomorrow["rejected"]) == (1, 1)
    assert moment(tomorrow["oldest_at"]) == moment((await card(office, five))["drafted_at"])


async def test_empty_queue_has_no_oldest(office: Office) -> None:
    told = (await office.get("/api/queue-status")).json()
    assert (told["pending"], told["oldest_at"], told["claimed"]) == (0, None, {})


async def test_card_knows_colleagues_clock_and_evidence(office: Office, leads: list[Lead]) -> None:
    one, domain = leads[0], f"c{leads[0].number}.engines.example"
    colleague = identity.lead_id(
        controls.IDENTITY_KEY, address=f"kim@{domain}", full_name="", company="", domain=domain
    )
    mail = identity.email_id(colleague, 1)
    named = {"lead_id": colleague, "email_id": mail}
    city = Found(value=Personal.plain("Oslo"), source="directory", confidence=0.7, observed_at=controls.AT)
    await office.tell(
        Step(0, (controls.lead_enriched(lead_id=one.lead_id, fields={"city": city}),)),
        Step(0, (controls.account_approached(account_id=one.account_id, lead_id=one.lead_id, email_id=one.email_id),)),
        Step(0, (controls.lead_sourced(lead_id=colleague, account_id=one.account_id, fields=controls.FIELDS),)),
        Step(0, (controls.email_drafted(account_id=one.account_id, content=one.content, **named),)),
        Step(0, (controls.account_approached(account_id=one.account_id, **named),)),
        Step(0, (controls.email_rejected(**named),), ADA),
    )
    shown = await card(office, one)
    assert shown["others"] == [
        {
            **named,
            "name": "Ada Lovelace",
            "title": "Head of Engines",
            "status": "rejected",
            "stands": "rejected by a person",
            "subject": "Subject 1",
        }
    ]
    evidence = shown["evidence"]
    assert list(evidence) == [controls.CLAIM.field] == ["title"]
    assert {name: evidence["title"][name] for name in ("value", "source", "confidence")} == {
        "value": "Head of Engines",
        "source": "leads.csv",
        "confidence": 1.0,
    }
    assert shown["zone"] == "Europe/Oslo"
    hidden = await card(office, one, "auditor")
    assert (hidden["others"][0]["name"], hidden["others"][0]["subject"]) == ("[redacted]", "[redacted]")
    # The city belongs to the person, and the country is not known.
    assert hidden["zone"] == ""


async def test_personal_evidence_is_hidden_from_those_who_may_not_see_it(office: Office) -> None:
    lead = Lead(number=1)
    claims = tuple(
        Claim(words="Person", field=field, fact=controls.CAUSE, source="leads.csv")
        for field in ("full_name", "company", "nothing_known")
    )
    *before, _ = lead.story()
    await office.tell(Step(0, (*before, lead.drafted(claims=claims))))
    seen, hidden = [(await card(office, lead, role))["evidence"] for role in ("reviewer", "auditor")]
    assert {name: one["value"] for name, one in seen.items()} == {"full_name": "Person 1", "company": "Works 1"}
    assert {name: one["value"] for name, one in hidden.items()} == {"full_name": "[redacted]", "company": "Works 1"}


async def test_all_that_is_kept_is_what_the_log_says(office: Office, leads: list[Lead]) -> None:
    await send(office, leads[0], "claim", {})
    await send(office, leads[1], "comment", {"text": "Hm."})
    await send(office, leads[1], "snooze", {"until": (NOW + HOURS).isoformat()})
    await send(office, leads[0], "release", {})
    await office.caught_up()
    report = await verify(office.backend.log, office.backend.views)
    assert (report.total, report.first) == (0, None)


async def test_audit_and_timeline_tell_who_did_what_with_a_draft(office: Office, leads: list[Lead]) -> None:
    for what, body in (("claim", {}), ("release", {}), ("comment", {"text": "Hm."})):
        assert (await send(office, leads[0], what, body)).status_code == 200
    await send(office, leads[0], "snooze", {"until": (NOW + HOURS).isoformat()})
    await office.caught_up()
    acts = (await office.get("/api/audit", "admin")).json()["items"]
    mine = {act["act"]: act["words"] for act in acts if act["category"] == "email"}
    assert mine == {
        "email.claimed": "until 2026-03-02 10:15 UTC",
        "email.released": "",
        "email.commented": "Hm.",
        "email.snoozed": "until 2026-03-02 11:00 UTC",
    }
    told = (await office.get(f"/api/leads/{leads[0].lead_id}/timeline")).json()["moments"]
    assert [one["words"] for one in told[-4:]] == [
        "claimed until 10:15 UTC",
        "left to the others",
        "commented on",
        "put off until 2026-03-02 11:00 UTC",
    ]
