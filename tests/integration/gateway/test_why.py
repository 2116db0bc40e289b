"""What led to a letter, by facts and their causes; the whole way over a swarm at work is in tests/e2e/test_why.py."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest

from contracts.envelope import Event
from contracts.facts import ref_of
from contracts.identity import CONTROL
from gateway import why as explaining
from services.projections import plain_words
from services.runtime.record import Cause, record
from tests import controls
from tests.integration.gateway.office import Lead, Office
from tests.integration.gateway.test_read_refusals import problem
from tests.unit.projections.stories import ADA, Step


async def told(office: Office, events: Sequence[Event], cause: str, at: datetime) -> str:
    """Record facts of new aggregates because of something; returns the id of the last."""
    loaded = await office.backend.log.load(CONTROL, [ref_of(event) for event in events])
    unit, _, ids = record(events, loaded, Cause(cause, "teller", controls.AGENT, controls.RUN), at)
    assert [one.outcome for one in await office.backend.log.commit(CONTROL, [unit])] == ["done"]
    return ids[-1]


async def why(office: Office, lead_id: str) -> tuple[list[str], set[tuple[str, str, str]]]:
    """The types of the nodes in order, and the edges by type."""
    answer = await office.get(f"/api/leads/{lead_id}/why", "auditor")
    assert answer.status_code == 200, answer.text
    document = answer.json()
    types = {node["id"]: node["type"].rpartition(".")[0] for node in document["nodes"]}
    return list(types.values()), {(types[one["from"]], types[one["to"]], one["how"]) for one in document["edges"]}


async def run_and_lead(office: Office, *, noise: int = 0) -> Lead:
    """A lead of the third chunk of a run, amid facts of other runs."""
    at, lead = controls.AT, Lead(number=1)
    for number in range(noise):
        await told(office, [controls.run_requested(run_id=f"before_{number}")], str(uuid4()), at - timedelta(hours=1))
    cause = await told(office, [controls.run_requested()], str(uuid4()), at)
    for chunk in range(3):
        cause = await told(office, [controls.run_chunk_read(chunk=chunk)], cause, at + timedelta(seconds=chunk))
    await told(office, [controls.run_requested(run_id="another")], str(uuid4()), at + timedelta(seconds=4))
    for event in lead.story():
        at += timedelta(seconds=10)
        cause = await told(office, [event], cause, at)
    await office.caught_up()
    return lead


@pytest.mark.parametrize("noise", [0, 30])
async def test_letter_leads_back_through_the_chunks_to_the_request(
    office: Office, noise: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explaining, "PAGE", 4)
    monkeypatch.setattr(explaining, "LOOK_MAX", 16)
    lead = await run_and_lead(office, noise=noise)
    nodes, edges = await why(office, lead.lead_id)
    chain = ["run.requested", "run.chunk_read", "lead.sourced", "lead.enriched", "lead.scored", "email.drafted"]
    assert list(dict.fromkeys(nodes)) == chain
    assert len(nodes) == 8
    assert edges == {(one, two, "caused") for one, two in pairwise(chain)} | {
        ("run.chunk_read", "run.chunk_read", "caused")
    }


async def test_answer_of_a_person_stands_on_what_they_saw(office: Office) -> None:
    lead = await run_and_lead(office)
    edited = controls.email_edited(**lead.seen)
    for number, event in enumerate((edited, controls.email_rejected(**lead.seen, draft_version=2))):
        await told(office, [event], str(uuid4()), controls.AT + timedelta(minutes=2 + number))
    await office.caught_up()
    nodes, edges = await why(office, lead.lead_id)
    assert nodes[-2:] == ["email.edited", "email.rejected"]
    assert {("email.drafted", "email.edited", "found"), ("email.edited", "email.rejected", "found")} <= edges


async def test_what_is_not_found_is_left_out(office: Office, leads: list[Lead]) -> None:
    """The leads of the office were told without a run."""
    nodes, edges = await why(office, leads[0].lead_id)
    assert nodes == ["lead.sourced", "lead.enriched", "lead.scored", "email.drafted"]
    assert ("lead.sourced", "lead.enriched", "found") in edges


async def test_refused_row_has_no_history_and_an_unknown_lead_is_not_found(office: Office) -> None:
    await office.tell(Step(0, (controls.lead_refused(),), ADA))
    answer = await office.get(f"/api/leads/{controls.REFUSED}/why")
    assert answer.json() == {
        "lead_id": controls.REFUSED,
        "nodes": [],
        "edges": [],
        "dropped": 0,
        "rejections": [],
        "rejected": 0,
    }
    problem(await office.get("/api/leads/nobody/why"), 404, "not-found")


async def test_facts_are_told_in_words_and_by_people_as_they_are_called(office: Office) -> None:
    lead = await run_and_lead(office)
    nodes = (await office.get(f"/api/leads/{lead.lead_id}/why")).json()["nodes"]
    assert nodes[-1]["said"] == "version 1 drafted, angle waiting cards"
    assert nodes[-1]["words"] == "version 1 drafted, angle waiting_cards"
    assert {node["by"] for node in nodes} == {plain_words.who(node["actor"]) for node in nodes}


async def test_what_was_rejected_is_remembered_and_its_words_are_for_who_may_read_them(
    office: Office, leads: list[Lead]
) -> None:
    await office.tell(Step(0, (controls.email_rejected(**leads[0].seen),), ADA))
    path = f"/api/leads/{leads[0].lead_id}/why"
    seen, hidden = (await office.get(path)).json(), (await office.get(path, "auditor")).json()
    (one,) = seen["rejections"]
    assert (seen["rejected"], one["tag"], one["label"]) == (1, "weak_cta", "Ask")
    assert (one["template"], one["reason"]) == ("waiting_cards/2", "It asks for nothing.")
    assert hidden["rejections"] == [one | {"reason": "[redacted]"}]
    assert (await office.get(f"/api/leads/{leads[1].lead_id}/why")).json()["rejections"] == []
