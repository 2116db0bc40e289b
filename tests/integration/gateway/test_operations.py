"""What holds for every send, what services gave up, and how drafts fared."""

from uuid import uuid4

import pytest

from contracts.email import EmailSendRequested
from contracts.envelope import Actor
from contracts.policy import Phase, Policy, SendDenied, SendGranted
from gateway.answers import POSITION
from gateway.gates import standing
from services.commands.dead import DeadLetters
from services.operator.decide import reserve
from tests import controls
from tests.integration.gateway.office import FOUNDER, Lead, Office
from tests.integration.gateway.test_export import rows
from tests.unit.projections.stories import ADA, Step


async def test_policy_says_what_holds_for_every_send(office: Office) -> None:
    answer = await office.get("/api/policy", "auditor")
    told = answer.json()
    assert (told["phase"], told["halted"], told["simulated"]) == ("shadow", False, True)
    assert (told["undo_window_s"], told["review_expires_h"], told["caps"]) == (3_600, 72, {})
    assert {gate["gate"]: gate["open"] for gate in told["gates"]} == {
        "halted": True,
        "suppressed": None,
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
    asked: EmailSendRequested = controls.email_send_requested(approved_by=ADA)
    (verdict,) = reserve(controls.envelope(asked), policy, None, None)
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
    await commands.drop(found[1], "It needs no answer.", FOUNDER, str(uuid4()))
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
    assert (mine["label"], mine["drafts"], mine["approved"], mine["rejected"]) == ("grace@swarm", 3, 2, 1)
    assert (mine["share"], mine["low"], mine["high"]) == (0.6667, 0.2077, 0.9385)
    by_tier = (await office.get("/api/feedback/summary", by="tier")).json()["rows"]
    assert {row["key"]: row["share"] for row in by_tier} == {
        "tier_1": 1.0,
        "tier_2": 1.0,
        "tier_3": 0.0,
        "tier_4": 0.0,
        "needs_data": None,
    }
    invented = (await office.get("/api/feedback/summary", synthetic="true")).json()
    assert (invented["rows"], "invented" in invented["about"]) == ([], True)
    assert (await office.get("/api/feedback/summary", by="weather")).status_code == 422
