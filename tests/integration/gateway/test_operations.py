"""What holds for every send, what services gave up, and how drafts fared."""

import asyncio
from datetime import datetime
from uuid import UUID, uuid4

import httpx
import pytest

from contracts.email import EmailSendRequested
from contracts.envelope import Actor, AnyEnvelope
from contracts.ops import DeadLettered
from contracts.policy import Phase, Policy, SendDenied, SendGranted
from gateway.answers import POSITION
from gateway.gates import standing
from services.commands.dead import DeadLetters
from services.operator.decide import reserve
from tests import controls
from tests.integration.gateway.conftest import PEOPLE
from tests.integration.gateway.office import FOUNDER, NOW, Lead, Office
from tests.integration.gateway.test_decisions import problem
from tests.integration.gateway.test_export import rows
from tests.unit.projections.stories import ADA, Step
from tests.unit.runtime_loop.loops import write

DROP = {"reason": "It needs no answer."}


async def test_policy_says_what_holds_for_every_send(office: Office) -> None:
    answer = await office.get("/api/policy", "auditor")
    told = answer.json()
    assert (told["phase"], told["halted"], told["simulated"]) == ("shadow", False, True)
    assert (told["undo_window_s"], told["review_expires_h"], told["caps"]) == (3_600, 72, {})
    assert {gate["gate"]: gate["open"] for gate in told["gates"]} == {
        "halted": True,
        "suppressed": None,
        "excluded": None,
        "approval": None,
        "phase": False,
        "mailer": False,
    }
    assert answer.headers[POSITION] == f"0:{await office.backend.log.head(0)}"
    await office.tell(Step(0, (controls.outbound_halted(reason="A complaint came in."),), ADA))
    told = (await office.get("/api/policy")).json()
    assert (told["halted"], told["halt_reason"], told["gates"][0]["open"]) == (True, "A complaint came in.", False)
    assert told["gates"][0]["words"] == "Sending is halted: A complaint came in."


@pytest.mark.parametrize("phase", ["shadow", "parallel", "assisted", "autonomous"])
@pytest.mark.parametrize("halted", [False, True])
def test_gates_are_told_as_operator_reads_them(phase: Phase, halted: bool) -> None:
    """A person's approval of an address that nobody suppressed: what is told and what is decided agree."""
    policy = Policy(phase=phase, halted=halted)
    told = standing(policy, undo_window_s=30, review_expires_h=72)
    closed = [gate.gate for gate in told.gates if gate.open is False]
    asked: EmailSendRequested = controls.email_send_requested(approved_by=ADA, exclusion_keys=(controls.EXCLUSION,))
    (verdict,) = reserve(controls.envelope(asked), policy, None, [None], None)
    if isinstance(verdict, SendDenied):
        assert verdict.gate in closed
        assert halted or not told.simulated
    else:
        assert isinstance(verdict, SendGranted)
        assert (verdict.simulated, told.simulated, halted) == (True, True, False)


async def test_dead_letters_are_listed_with_their_reason_until_somebody_answers(office: Office) -> None:
    letters = [
        controls.dead_lettered(dead_id=str(uuid4()), entry_seq=number, reason=f"It failed {number} times.")
        for number in (1, 2, 3)
    ]
    await office.tell(*(Step(0, (letter,)) for letter in letters))
    commands = DeadLetters(office.backend.log, office.backend.clock)
    found = [one async for one in commands.all()]
    await commands.drop(found[1].dead_id, "It needs no answer.", FOUNDER, str(uuid4()))
    waiting = (await office.get("/api/dead-letters", "operator")).json()["items"]
    assert [(one["reason"], one["position"], one["answer"]) for one in waiting] == [
        ("It failed 1 times.", "0:1", "waiting"),
        ("It failed 3 times.", "0:3", "waiting"),
    ]
    (dropped,) = (await office.get("/api/dead-letters", "auditor", answer="dropped")).json()["items"]
    assert (dropped["answered_by"], dropped["answer_reason"]) == (str(FOUNDER), "It needs no answer.")
    first = (await office.get("/api/dead-letters", "auditor", answer="all", limit=2)).json()
    second = (await office.get("/api/dead-letters", "auditor", answer="all", cursor=first["next"])).json()
    assert [one["dead_id"] for one in [*first["items"], *second["items"]]] == [one.dead_id for one in letters]
    file = rows(await office.get("/api/dead-letters", "auditor", answer="all", format="csv"))
    assert [row["Answer"] for row in file] == ["waiting", "dropped", "waiting"]
    assert (await office.get("/api/dead-letters", "reviewer")).status_code == 403


async def dead(office: Office, *numbers: int) -> list[str]:
    """The ids of new dead letters."""
    ids = [str(UUID(int=number)) for number in numbers]
    await office.tell(*(Step(0, (controls.dead_lettered(dead_id=one),)) for one in ids))
    return ids


async def answer(
    office: Office, dead_id: str, what: str, body: object, role: str = "operator", key: str = ""
) -> httpx.Response:
    headers = {"Idempotency-Key": key} if key else {}
    return await office.post(f"/api/dead-letters/{dead_id}/{what}", body, role, headers=headers)


async def facts(office: Office) -> list[AnyEnvelope]:
    """Every answer to a dead letter."""
    found = [one.decode(0) for one in await office.backend.log.tail(0, ["ops"], 0, count=100)]
    return [one for one in found if not isinstance(one.event, DeadLettered)]


@pytest.mark.parametrize(("what", "body", "done"), [("retry", {}, "retried"), ("drop", DROP, "dropped")])
async def test_dead_letter_is_answered_once_in_the_name_of_the_token(
    office: Office, what: str, body: object, done: str
) -> None:
    [dead_id] = await dead(office, 1)
    first = await answer(office, dead_id, what, body)
    again = await answer(office, dead_id, what, body, "admin")
    [fact] = await facts(office)
    assert (first.status_code, first.json()["status"], first.json()["about"]) == (200, "recorded", dead_id)
    assert (fact.actor.id, fact.aggregate_id) == (f"{PEOPLE['operator']}@swarm", dead_id)
    assert first.headers[POSITION] == first.json()["position"] == str(fact.position)
    stands = again.json()
    assert (again.status_code, stands["status"], stands["fact"]) == (200, "repeated", first.json()["fact"])
    assert (stands["by"], stands["at"], stands["answer"]) == (str(fact.actor), first.json()["at"], done)
    assert again.headers[POSITION] == first.headers[POSITION]
    assert (await office.get("/api/dead-letters", "operator")).json()["items"] == []
    [row] = (await office.get("/api/dead-letters", "operator", answer="all")).json()["items"]
    assert (row["answer"], row["answered_by"], datetime.fromisoformat(row["answered_at"])) == (
        done,
        str(fact.actor),
        NOW,
    )


@pytest.mark.parametrize(
    ("first", "late", "done"), [(("retry", {}), ("drop", DROP), "retried"), (("drop", DROP), ("retry", {}), "dropped")]
)
async def test_other_answer_to_a_dead_letter_is_told_who_was_first(
    office: Office, first: tuple[str, object], late: tuple[str, object], done: str
) -> None:
    [dead_id] = await dead(office, 1)
    await answer(office, dead_id, *first)
    refused = await answer(office, dead_id, *late, "admin")
    assert problem(refused) == (409, "already-decided")
    assert refused.json()["values"] == {
        "who": f"person:{PEOPLE['operator']}@swarm",
        "when": NOW.isoformat(),
        "what": done,
    }
    assert len(await facts(office)) == 1


async def test_of_two_who_answer_a_dead_letter_at_once_one_is_told_who_was_first(office: Office) -> None:
    for dead_id in await dead(office, *range(1, 21)):
        both = await asyncio.gather(
            answer(office, dead_id, "retry", {}), answer(office, dead_id, "drop", DROP, "admin")
        )
        assert sorted(one.status_code for one in both) == [200, 409]
        [won], [lost] = ([one for one in both if one.status_code == status] for status in (200, 409))
        assert lost.json()["values"]["who"] == won.json()["by"]
    assert len(await facts(office)) == 20


async def test_key_of_an_answer_to_a_dead_letter_is_one_answer(office: Office) -> None:
    [dead_id] = await dead(office, 1)
    both = await asyncio.gather(*(answer(office, dead_id, "drop", DROP, key="k") for _ in range(2)))
    assert [one.status_code for one in both] == [200, 200]
    assert len({one.json()["fact"] for one in both}) == 1
    for other in (("drop", {"reason": "It needs another answer."}), ("retry", {})):
        assert problem(await answer(office, dead_id, *other, key="k")) == (422, "idempotency-key-reused")
    assert len(await facts(office)) == 1


async def test_answer_to_a_dead_letter_that_cannot_be_taken_is_refused(office: Office) -> None:
    [dead_id] = await dead(office, 1)
    for unknown in (dead_id[:8], dead_id[:-1], "nobody", "%00", "%ff", "a" * 3_000):
        assert problem(await answer(office, unknown, "retry", {})) == (404, "not-found")
        assert problem(await answer(office, unknown, "drop", DROP)) == (404, "not-found")
    for reason in ("", " ok ", "x" * 2_001):
        refused = await answer(office, dead_id, "drop", {"reason": reason})
        assert (problem(refused), refused.json()["values"]["field"]) == ((422, "bad-input"), "reason")
    for what, body in (("drop", {}), ("retry", DROP), ("drop", {**DROP, "by": "me"}), ("retry", [])):
        assert problem(await answer(office, dead_id, what, body)) == (422, "bad-input")
    in_url = await office.post(f"/api/dead-letters/{dead_id}/retry?reason=because", {}, "operator")
    assert (problem(in_url), "JSON body" in in_url.json()["remedy"]) == ((422, "bad-input"), True)
    assert await facts(office) == []


async def test_dead_letter_that_fails_again_waits_again(office: Office) -> None:
    [dead_id] = await dead(office, 1)
    assert (await answer(office, dead_id, "retry", {})).status_code == 200
    await write(office.backend.log, controls.dead_lettered(dead_id=dead_id), cause=str(uuid4()))
    [row] = (await office.get("/api/dead-letters", "operator")).json()["items"]
    assert (row["dead_id"], row["answer"], row["answered_at"]) == (dead_id, "waiting", None)
    assert (await answer(office, dead_id, "drop", DROP)).json()["status"] == "recorded"


async def test_answers_of_a_policy_are_test_traffic(office: Office, leads: list[Lead]) -> None:
    policy = Actor(kind="policy", id="sandbox")
    await office.tell(
        Step(0, (controls.email_approved(**leads[0].seen),), policy),
        Step(0, (controls.email_approved(**leads[1].seen),), ADA),
    )
    for traffic, count in (("real", 1), ("test", 1)):
        rows = (await office.get("/api/feedback/summary", traffic=traffic)).json()["rows"]
        assert [row["drafts"] for row in rows] == [count]
        assert len((await office.get("/api/feedback", traffic=traffic)).json()["items"]) == count
    assert len((await office.get("/api/feedback", campaign="engines")).json()["items"]) == 2
    assert (await office.get("/api/feedback", campaign="looms")).json()["items"] == []


async def test_summary_counts_answers_and_keeps_invented_leads_apart(office: Office, leads: list[Lead]) -> None:
    grace = Actor(kind="person", id="grace@swarm")
    await office.tell(
        Step(0, (controls.email_approved(**leads[0].seen), controls.email_approved(**leads[1].seen)), grace),
        Step(0, (controls.email_rejected(**leads[2].seen),), grace),
        Step(0, (controls.email_rejected(**leads[3].seen),), ADA),
    )
    told = (await office.get("/api/feedback/summary", "auditor")).json()
    assert (told["by"], told["about"]) == ("reviewer", "drafts for real leads")
    (mine,) = [row for row in told["rows"] if row["key"] == str(grace)]
    assert (mine["label"], mine["drafts"], mine["approved"], mine["rejected"]) == ("Grace", 3, 2, 1)
    assert (mine["share"], mine["low"], mine["high"]) == (0.6667, 0.2077, 0.9385)
    by_tier = (await office.get("/api/feedback/summary", by="tier")).json()["rows"]
    assert {row["key"]: row["share"] for row in by_tier} == {
        "tier_1": 1.0,
        "tier_2": 1.0,
        "tier_3": 0.0,
        "tier_4": 0.0,
        "needs_data": None,
    }
    assert (mine["rejected_share"]["share"], mine["tags"]) == (0.3333, {"weak_cta": 1})
    invented = (await office.get("/api/feedback/summary", traffic="test")).json()
    assert (invented["rows"], "invented" in invented["about"]) == ([], True)
    openers = (await office.get("/api/feedback/summary", by="opener")).json()["rows"]
    assert [row["drafts"] for row in openers] == [5]
    assert (await office.get("/api/feedback/summary", by="tier", campaign="no_such")).json()["rows"] == []
    assert (await office.get("/api/feedback/summary", by="weather")).status_code == 422
