"""What the reads of the gateway list, and what they keep to themselves."""

from typing import get_args

import httpx
import msgspec
import pytest

from contracts.email import RejectionTag, RuleResult
from gateway.answers import POSITION
from gateway.etag import etag
from services.projections.views import FEEDBACK
from services.runtime.view_store import Rows, ViewStore
from tests import controls
from tests.integration.gateway.office import DOMAIN, Lead, Office
from tests.unit.projections.stories import ADA, Step

OTHER_RUN = "run_20260302_100000_abcdef"
OTHERS = ("/api/queue-status", "/api/rejection-tags", "/api/leads/funnel")


def numbers(answer: httpx.Response, leads: list[Lead]) -> list[int]:
    """The listed leads by their numbers, in order."""
    assert answer.status_code == 200, answer.text
    known = {one: lead.number for lead in leads for one in (lead.lead_id, lead.email_id)}
    return [known[item.get("email_id") or item["id"]] for item in answer.json()["items"]]


async def test_queue_lists_cards_in_order_with_what_a_decision_needs(office: Office, leads: list[Lead]) -> None:
    head = await office.backend.log.head(0)
    answer = await office.get("/api/pending-emails")
    assert numbers(answer, leads) == [1, 2, 3, 4, 5]
    assert answer.json()["next"] == ""
    assert answer.json()["position"] == answer.headers[POSITION] == f"0:{head}"
    card = answer.json()["items"][0]
    assert card["checks"] == {"length": {"passed": True, "found": ""}}
    assert card["can_approve"] is True
    assert card["etag"] == etag(1, leads[0].drafted().content_hash)
    assert (card["content"]["recipient"], card["card"]["name"]) == (leads[0].address, "Person 1")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"tier": "tier_2"}, [2]),
        ({"tier": "needs_data"}, [5]),
        ({"run_id": OTHER_RUN}, [6, 8]),
        ({"campaign": "looms"}, [7]),
        ({"angle": "broken_cards"}, [8]),
        ({"q": "wORKS 3"}, [3]),
        ({"q": "head of ENGINES", "tier": "tier_4"}, [4]),
        ({"q": "subject 2"}, [2]),
        ({"q": "person 5"}, [5]),
        ({"q": "nobody"}, []),
        ({"run_id": OTHER_RUN, "angle": "broken_cards"}, [8]),
        ({"run_id": ""}, []),
        ({"limit": "2"}, [1, 6]),
    ],
    ids=str,
)
async def test_queue_is_filtered(office: Office, leads: list[Lead], query: dict[str, str], expected: list[int]) -> None:
    more = [
        Lead(number=6, run_id=OTHER_RUN),
        Lead(number=7, campaign="looms"),
        Lead(number=8, angle="broken_cards", run_id=OTHER_RUN),
    ]
    await office.tell(*(lead.step() for lead in more))
    assert numbers(await office.get("/api/pending-emails", **query), leads + more) == expected


async def test_card_that_a_plain_approval_cannot_let_out_says_so(office: Office, leads: list[Lead]) -> None:
    stopped = Lead(number=6)
    results = (RuleResult(rule="length", passed=True), RuleResult(rule="spam", passed=False, found="It shouts."))
    failed = msgspec.structs.replace(controls.VERDICT, passed=False, results=results)
    late = Lead(number=7)
    asked = controls.email_changes_requested(**leads[0].seen, account_id=leads[0].account_id)
    await office.tell(
        Step(0, (stopped.drafted(verdict=failed), late.drafted(expires_at=controls.AT))), Step(0, (asked,), ADA)
    )
    found = (await office.get("/api/pending-emails")).json()["items"]
    told = {item["email_id"]: item for item in found}
    assert told[stopped.email_id]["checks"]["spam"] == {"passed": False, "found": "It shouts."}
    assert [item["can_approve"] for item in found] == [
        one["email_id"] in {x.email_id for x in leads[1:]} for one in found
    ]
    assert told[leads[0].email_id]["status"] == "changes_requested"


async def test_reader_without_read_personal_sees_no_person(office: Office, leads: list[Lead]) -> None:
    answered = controls.email_rejected(**leads[4].seen)
    edited = controls.email_edited(
        **leads[3].seen, content=msgspec.structs.replace(leads[3].content, html="<p>Person 4")
    )
    await office.tell(Step(0, (answered, edited), ADA))
    paths = [f"/api/emails/{leads[0].email_id}", f"/api/emails/{leads[4].email_id}", f"/api/leads/{leads[0].lead_id}"]
    personal = [DOMAIN, "Person ", "Subject ", "Hello "]
    for path in ["/api/pending-emails", "/api/leads", "/api/feedback", *paths]:
        seen = (await office.get(path, "reviewer")).text
        assert any(text in seen for text in personal), path
        hidden = await office.get(path, "auditor")
        assert hidden.status_code == 200
        assert "[redacted]" in hidden.text, path
        assert not [text for text in personal if text in hidden.text], path
    for path in ["/api/audit", "/api/runs", f"/api/leads/{leads[0].lead_id}/timeline", *OTHERS]:
        hidden = await office.get(path, "auditor")
        assert hidden.status_code == 200
        assert not [text for text in personal if text in hidden.text], path


@pytest.mark.parametrize(
    ("path", "words"), [("/api/pending-emails", ("person 2", "subject 2")), ("/api/leads", ("person 2",))]
)
async def test_search_finds_nothing_in_what_it_would_not_show(
    office: Office, leads: list[Lead], path: str, words: tuple[str, ...]
) -> None:
    for q in words:
        assert numbers(await office.get(path, "reviewer", q=q), leads) == [2]
        assert numbers(await office.get(path, "auditor", q=q), leads) == []
    assert numbers(await office.get(path, "auditor", q="works 2"), leads) == [2]


async def test_salt_never_leaves(office: Office, leads: list[Lead]) -> None:
    for path in ("/api/pending-emails", f"/api/emails/{leads[0].email_id}"):
        answer = await office.get(path, "admin")
        assert '"recipient"' in answer.text
        assert "salt" not in answer.text
        assert f"{leads[0].number:032x}" not in answer.text


async def test_email_is_a_card_while_it_waits_and_what_was_made_of_it_later(office: Office, leads: list[Lead]) -> None:
    path = f"/api/emails/{leads[0].email_id}"
    head = await office.backend.log.head(0)
    card = await office.get(path)
    assert (card.json()["status"], card.headers["etag"]) == ("drafted", card.json()["etag"])
    assert card.headers[POSITION] == f"0:{head}"
    await office.tell(Step(0, (controls.email_rejected(**leads[0].seen),), ADA))
    head = await office.backend.log.head(0)
    past = await office.get(path)
    assert (past.json()["outcome"], past.json()["tag"]) == ("rejected", "weak_cta")
    assert "etag" not in past.headers
    assert past.headers[POSITION] == f"0:{head}"


async def test_email_that_has_just_left_the_queue_is_not_said_to_be_unknown(
    office: Office, leads: list[Lead], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The feedback may be a little behind the queue, and nobody who only looks says from where."""
    await office.tell(Step(0, (controls.email_rejected(**leads[0].seen),), ADA))
    head, feedback_has = await office.backend.log.head(0), [0]
    get, wait_for = ViewStore.get, ViewStore.wait_for

    async def lagging(store: ViewStore, view: Rows[object], key: str) -> object:
        return None if view is FEEDBACK and feedback_has[-1] < head else await get(store, view, key)

    async def waited(store: ViewStore, view: Rows[object], partition: int, seq: int, *, timeout_s: float) -> bool:
        if view is FEEDBACK:
            feedback_has.append(seq)
        return await wait_for(store, view, partition, seq, timeout_s=timeout_s)

    monkeypatch.setattr(ViewStore, "get", lagging)
    monkeypatch.setattr(ViewStore, "wait_for", waited)
    assert (await office.get(f"/api/emails/{leads[0].email_id}")).json()["outcome"] == "rejected"


async def test_queue_status_counts_what_became_of_drafts(office: Office, leads: list[Lead]) -> None:
    more = [Lead(number=number, tier="tier_2") for number in range(6, 12)]
    await office.tell(*(lead.step() for lead in more))
    one, two, three, four, five, _ = more
    out = (controls.email_approved(**two.seen), controls.email_sent(**two.seen))
    done = (controls.email_approved(**one.seen), *out, controls.email_rejected(**three.seen))
    expired = controls.email_expired(**five.seen)
    asked = controls.email_changes_requested(**four.seen, account_id=four.account_id)
    await office.tell(Step(0, (*done, expired, asked), ADA))
    answer = await office.get("/api/queue-status", "auditor")
    by_tier = {"tier_1": 1, "tier_2": 2, "tier_3": 1, "tier_4": 1, "needs_data": 1}
    counts = {"pending": 6, "approved": 2, "rejected": 1, "changes_requested": 1, "expired": 1}
    today = {"approved": 2, "rejected": 1, "changes_requested": 1, "edited": 0}
    later = {"snoozed": 0, "claimed": {}, "oldest_at": answer.json()["oldest_at"], "decided_today": today}
    assert answer.json() == {**counts, "by_tier": by_tier, **later}
    assert answer.headers[POSITION] == f"0:{await office.backend.log.head(0)}"


async def test_rejection_tags_are_the_twelve_with_a_sentence_each(office: Office) -> None:
    tags = (await office.get("/api/rejection-tags")).json()
    assert [one["tag"] for one in tags] == list(get_args(RejectionTag))
    assert len({one["meaning"] for one in tags}) == 12


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, [1, 2, 3, 4, 5, 6, 7]),
        ({"status": "refused"}, [7]),
        ({"status": "sourced"}, [6]),
        ({"tier": "tier_3"}, [3]),
        ({"run_id": OTHER_RUN}, [6]),
        ({"q": "wORKS 4"}, [4]),
        ({"q": "person 6", "status": "sourced"}, [6]),
        ({"q": "head of", "tier": "tier_1"}, [1]),
        ({"email_status": "drafted", "tier": "tier_2"}, [2]),
        ({"email_status": "none"}, [6, 7]),
        ({"campaign": "engines"}, [1, 2, 3, 4, 5]),
        ({"campaign": "looms"}, []),
        ({"company": "wORKS 4"}, [4]),
        ({"company": "person 4"}, []),
        ({"stands": "waits for enrichment"}, [6]),
        ({"stands": "sourced"}, []),
        ({"stage": "craft"}, [1, 2, 3, 4, 5]),
        ({"stage": "scrape", "stands": "refused"}, [7]),
    ],
    ids=str,
)
async def test_leads_are_filtered(
    office: Office, leads: list[Lead], query: dict[str, str], expected: list[int]
) -> None:
    sourced = Lead(number=6, run_id=OTHER_RUN)
    await office.tell(Step(0, (next(sourced.story()), controls.lead_refused())))
    answer = await office.get("/api/leads", **query)
    known = {lead.lead_id: lead.number for lead in [*leads, sourced]} | {controls.REFUSED: 7}
    ids = [item["id"] for item in answer.json()["items"]]
    assert sorted(known[one] for one in ids) == expected
    assert answer.headers[POSITION] == answer.json()["position"]


async def test_lead_says_why_it_stands_where_it_stands_and_what_would_move_it(
    office: Office, leads: list[Lead]
) -> None:
    await office.tell(Step(0, (controls.lead_refused(), controls.email_rejected(**leads[0].seen)), ADA))
    told = {one["id"]: one["said"] for one in (await office.get("/api/leads", "auditor")).json()["items"]}
    assert told[leads[0].lead_id]["why"] == "version 1 rejected: ask"
    refused = {"why": "email: It has no @.", "moves": "Add the domain.", "origin": "leads.csv, row 1"}
    assert told[controls.REFUSED] == refused
    for path in (f"/api/leads/{controls.REFUSED}", f"/api/leads/{leads[0].lead_id}"):
        one = (await office.get(path)).json()
        assert one["said"] == told[one["id"]]


async def test_funnel_counts_every_lead_once(office: Office, leads: list[Lead]) -> None:
    sourced, enriched, scored = (list(Lead(number=number).story()) for number in (6, 7, 8))
    answers_given = (controls.email_rejected(**leads[0].seen), controls.email_approved(**leads[1].seen))
    sent = controls.email_sent(**leads[2].seen)
    await office.tell(
        Step(0, (*sourced[:1], *enriched[:2], *scored[:3], controls.lead_refused(), *answers_given, sent))
    )
    found = (await office.get("/api/leads/funnel")).json()
    assert found["stages"] == {"scrape": 2, "enrich": 1, "segment": 1, "craft": 2, "approve": 2, "send": 1}
    assert found["stands"] == {
        "a draft waits for a person": 2,
        "approved, can still be taken back": 1,
        "enriched": 1,
        "refused": 1,
        "rejected by a person": 1,
        "sent, simulated": 1,
        "waits for enrichment": 1,
        "waits for its draft": 1,
    }
    assert found["total"] == 9


async def test_lead_and_its_timeline(office: Office, leads: list[Lead]) -> None:
    lead = (await office.get(f"/api/leads/{leads[1].lead_id}")).json()
    assert (lead["name"], lead["stands"], lead["tier"]) == ("Person 2", "a draft waits for a person", "tier_2")
    told = (await office.get(f"/api/leads/{leads[1].lead_id}/timeline")).json()
    types = ["lead.sourced.v1", "lead.enriched.v1", "lead.scored.v1", "email.drafted.v1"]
    assert [moment["type"] for moment in told["moments"]] == types
    await office.tell(Step(0, (controls.lead_refused(),)))
    refused = await office.get(f"/api/leads/{controls.REFUSED}/timeline")
    assert refused.json() == {"lead_id": controls.REFUSED, "moments": [], "dropped": 0}


async def test_runs_newest_first_and_one_of_them(office: Office) -> None:
    await office.tell(*(Step(0, (controls.run_requested(run_id=one),), ADA) for one in (controls.RUN, OTHER_RUN)))
    answer = await office.get("/api/runs")
    assert [item["run_id"] for item in answer.json()["items"]] == [OTHER_RUN, controls.RUN]
    one = await office.get(f"/api/runs/{OTHER_RUN}")
    assert (one.json()["status"], one.json()["asked_by"]) == ("running", str(ADA))
    assert one.headers[POSITION] == answer.headers[POSITION] == f"0:{await office.backend.log.head(0)}"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, [4, 3, 2, 1]),
        ({"reviewer": str(controls.REVIEWER)}, [4]),
        ({"outcome": "approved"}, [4, 3]),
        ({"tag": "weak_cta"}, [1]),
        ({"tag": "other"}, [2]),
        ({"angle": "broken_cards"}, []),
        ({"tier": "tier_2"}, [2]),
        ({"run_id": controls.RUN, "outcome": "rejected"}, [2, 1]),
        ({"run_id": OTHER_RUN}, []),
        ({"synthetic": "false"}, [4, 3, 2, 1]),
        ({"synthetic": "true"}, []),
    ],
    ids=str,
)
async def test_feedback_is_filtered(
    office: Office, leads: list[Lead], query: dict[str, str], expected: list[int]
) -> None:
    await office.tell(
        Step(0, (controls.email_rejected(**leads[0].seen),), ADA),
        Step(0, (controls.email_rejected(**leads[1].seen, tag="other"),), ADA),
        Step(0, (controls.email_approved(**leads[2].seen),), ADA),
        Step(0, (controls.email_approved(**leads[3].seen),), controls.REVIEWER),
    )
    assert numbers(await office.get("/api/feedback", **query), leads) == expected


async def test_audit_lists_acts_newest_first_for_those_who_may(office: Office, leads: list[Lead]) -> None:
    await office.tell(
        Step(0, (controls.email_rejected(**leads[0].seen),), ADA), Step(0, (controls.outbound_halted(),), ADA)
    )
    found = (await office.get("/api/audit", "auditor")).json()["items"]
    # Everybody was hired by the clock of the office, an hour after what is told here.
    assert [act["act"] for act in found if act["category"] != "access"] == ["policy.outbound_halted", "email.rejected"]
    assert (found[-1]["tag"], found[-1]["words"]) == ("weak_cta", "[redacted]")
    seen = (await office.get("/api/audit", "admin")).json()["items"]
    assert seen[-1]["words"] == "It asks for nothing."
    assert [act["at"] for act in found] == sorted((act["at"] for act in found), reverse=True)
    assert (await office.get("/api/audit", "reviewer")).status_code == 403
