"""Answers over HTTP: bound to what was shown, carried out once, in the name of whoever's token they came with."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from litestar.openapi.spec import OpenAPI

from contracts.email import EmailApproved, EmailEdited, EmailRejected
from contracts.envelope import AnyEnvelope
from gateway import commanding
from gateway.app import create_app
from gateway.etag import etag
from tests.integration.gateway.conftest import PEOPLE
from tests.integration.gateway.office import Lead, Office, hire

DRAFTS = 500
DECISIONS = (EmailApproved, EmailEdited, EmailRejected)
REJECTION = {"tag": "weak_cta", "reason": "It asks for nothing."}
BODY = "Hello Person 1,\n\nyour engines wait for cards. May I call on Tuesday?\n"


async def answers(office: Office) -> list[AnyEnvelope]:
    """Every decision in the log."""
    found: list[AnyEnvelope] = []
    after = 0
    while page := await office.backend.log.tail(0, ["email"], after, count=1_000):
        after = page[-1].seq
        found += [fact for one in page if isinstance((fact := one.decode(0)).event, DECISIONS)]
    return found


async def send(
    office: Office, lead: Lead, what: str, body: dict[str, Any], role: str = "reviewer", **headers: str
) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await office.post(f"/api/emails/{lead.email_id}/{what}", body, role, headers=named)


def problem(answer: httpx.Response) -> tuple[int, str]:
    """Status and slug."""
    return answer.status_code, answer.json()["type"].removeprefix("urn:swarm:")


async def test_approval_is_recorded_in_the_name_of_the_token_and_repeated_as_it_was(
    office: Office, leads: list[Lead]
) -> None:
    first = await send(office, leads[0], "approve", {"expected_version": 1})
    again = await send(office, leads[0], "approve", {"expected_version": 1})
    assert (first.status_code, first.json()["status"]) == (200, "recorded")
    assert (again.status_code, again.json()["status"], again.json()["fact"]) == (200, "repeated", first.json()["fact"])
    [fact] = await answers(office)
    assert fact.actor.id == f"{PEOPLE['reviewer']}@swarm"
    assert first.headers["x-swarm-position"] == first.json()["position"] == str(fact.position)


@pytest.mark.parametrize(
    ("what", "body"),
    [("reject", REJECTION), ("edit", {"body": BODY}), ("approve", {"body": BODY, "feedback": "shorter", "override_reason": "Agreed with Ada by telephone."}),
     ("request-changes", {"instruction": "A softer ask, please."})],
)  # fmt: skip
async def test_each_answer_is_taken_with_the_etag_that_was_shown(
    office: Office, leads: list[Lead], what: str, body: dict[str, Any]
) -> None:
    shown = etag(1, leads[0].drafted().content_hash)
    answer = await send(office, leads[0], what, body, If_Match=shown)
    assert (answer.status_code, answer.json()["status"]) == (200, "recorded"), answer.json()


async def test_approval_is_taken_back_while_it_can_be(office: Office, leads: list[Lead]) -> None:
    await send(office, leads[0], "approve", {"expected_version": 1})
    answer = await send(office, leads[0], "revoke", {"expected_version": 1, "reason": "too early"})
    assert (answer.status_code, answer.json()["status"]) == (200, "recorded"), answer.json()
    assert problem(await send(office, leads[1], "revoke", {"expected_version": 1})) == (409, "refused")


async def test_answer_that_does_not_say_what_it_is_about_is_refused(office: Office, leads: list[Lead]) -> None:
    content_hash = leads[0].drafted().content_hash
    assert problem(await send(office, leads[0], "approve", {})) == (428, "precondition-missing")
    assert problem(await send(office, leads[0], "approve", {"expected_version": 2})) == (409, "stale-version")
    assert problem(await send(office, leads[0], "approve", {}, If_Match='"1"')) == (422, "bad-input")
    other = {"expected_version": 2, "content_hash": content_hash}
    assert problem(await send(office, leads[0], "approve", other, If_Match=etag(1, content_hash))) == (422, "bad-input")
    wrong = {"expected_version": 1, "content_hash": "00" * 32}
    assert problem(await send(office, leads[0], "approve", wrong))[0] == 409
    assert await answers(office) == []


@pytest.mark.parametrize(
    ("body", "named"),
    [({"expected_version": 0}, "expected_version"), ({"expected_version": 1, "why": "x"}, "why"),
     ({"expected_version": "one"}, "expected_version")],
)  # fmt: skip
async def test_body_that_does_not_read_is_refused_and_the_field_named(
    office: Office, leads: list[Lead], body: dict[str, Any], named: str
) -> None:
    answer = await send(office, leads[0], "approve", body)
    assert problem(answer) == (422, "bad-input")
    assert named in answer.text


async def test_reason_in_the_url_is_refused_with_the_remedy(office: Office, leads: list[Lead]) -> None:
    path = f"/api/emails/{leads[0].email_id}/reject?reason=because"
    answer = await office.post(path, {"expected_version": 1, **REJECTION})
    assert problem(answer) == (422, "bad-input")
    assert "JSON body" in answer.json()["remedy"]
    assert await answers(office) == []


async def test_unknown_email_is_not_found(office: Office) -> None:
    for nobody in ("00000000-0000-4000-8000-000000000000", "x", "%00", "a" * 3_000):
        answer = await office.post(f"/api/emails/{nobody}/approve", {"expected_version": 1})
        assert problem(answer) == (404, "not-found")


async def test_I7_one_key_is_one_answer_and_another_body_under_it_is_refused(office: Office, leads: list[Lead]) -> None:
    key = {"Idempotency_Key": "k-1"}
    body = {"expected_version": 1, "body": BODY}
    both = await asyncio.gather(*(send(office, leads[0], "edit", body, **key) for _ in range(2)))
    assert [one.status_code for one in both] == [200, 200]
    assert len({one.json()["fact"] for one in both}) == 1
    late = await send(office, leads[0], "edit", body, **key)  # The version moved on; the answer is still the first.
    assert (late.status_code, late.json()["fact"]) == (200, both[0].json()["fact"])
    other = await send(office, leads[0], "edit", body | {"body": BODY + "Ada"}, **key)
    assert problem(other) == (422, "idempotency-key-reused")
    elsewhere = await send(office, leads[1], "edit", body, **key)
    assert problem(elsewhere) == (422, "idempotency-key-reused")
    assert len(await answers(office)) == 1


async def test_I6_of_two_who_answer_at_once_one_is_told_who_was_first(office: Office) -> None:
    """Drafts by the hundred, approved by one and rejected by another at the same moment."""
    people = {"ann": await hire(office.backend.accounts, "ann", "reviewer"), "bob": office.tokens["reviewer"]}
    some = [Lead(number=number) for number in range(1, DRAFTS + 1)]
    await office.teller.tell([lead.step() for lead in some])

    async def answer(lead: Lead, who: str, what: str, body: dict[str, Any]) -> httpx.Response:
        headers = {"Authorization": f"Bearer {people[who]}"}
        path = f"/api/emails/{lead.email_id}/{what}"
        return await office.http.post(path, json={"expected_version": 1, **body}, headers=headers)

    for lead in some:
        approved, rejected = await asyncio.gather(
            answer(lead, "ann", "approve", {}), answer(lead, "bob", "reject", REJECTION)
        )
        assert sorted((approved.status_code, rejected.status_code)) == [200, 409]
        won, lost = (approved, rejected) if approved.status_code == 200 else (rejected, approved)
        assert problem(lost) == (409, "already-decided")
        assert won.json()["by"] in str(lost.json()["values"])
    assert len(await answers(office)) == DRAFTS


async def test_outcome_that_is_not_known_in_time_says_so_and_the_key_finds_out(
    office: Office, leads: list[Lead], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commanding, "ANSWER_WITHIN_S", 0.0)
    lost = await send(office, leads[0], "approve", {"expected_version": 1}, Idempotency_Key="k-2")
    assert problem(lost) == (503, "store-unavailable")
    assert lost.headers["retry-after"]
    monkeypatch.undo()
    found = await send(office, leads[0], "approve", {"expected_version": 1}, Idempotency_Key="k-2")
    assert found.status_code == 200
    assert len(await answers(office)) == 1


async def test_many_are_answered_each_for_itself_and_one_that_cannot_does_not_hold_up_the_others(
    office: Office, leads: list[Lead]
) -> None:
    await send(office, leads[1], "reject", {"expected_version": 1, **REJECTION})
    items = [{"email_id": lead.email_id, "expected_version": 1} for lead in leads]
    items += [{"email_id": "nobody", "expected_version": 1}, {"email_id": leads[2].email_id}]
    answer = await office.post("/api/bulk/approve", {"items": items}, headers={"Idempotency-Key": "b"})
    told = answer.json()
    assert [one["status"] for one in told["results"]] == [200, 409, 200, 200, 200, 404, 428]
    assert [one["email_id"] for one in told["results"]] == [one["email_id"] for one in items]
    assert (answer.status_code, told["done"]) == (200, 4)
    assert told["results"][1]["problem"]["type"] == "urn:swarm:already-decided"
    again = await office.post("/api/bulk/approve", {"items": items}, headers={"Idempotency-Key": "b"})
    facts = [[one["receipt"] and one["receipt"]["fact"] for one in each["results"]] for each in (told, again.json())]
    assert facts[0] == facts[1]
    assert len(await answers(office)) == 5


@pytest.mark.parametrize("items", [[], [{"expected_version": 1}], [{"email_id": "x", "why": "y"}], "all"])
async def test_bulk_that_names_nothing_is_refused(office: Office, items: object) -> None:
    assert problem(await office.post("/api/bulk/approve", {"items": items})) == (422, "bad-input")


async def test_bulk_that_does_nothing_names_a_position_that_everybody_has(office: Office) -> None:
    answer = await office.post("/api/bulk/approve", {"items": [{"email_id": "nobody", "expected_version": 1}]})
    assert (answer.json()["done"], answer.headers["X-Swarm-Position"]) == (0, "0:0")


async def test_many_are_rejected_for_one_reason(office: Office, leads: list[Lead]) -> None:
    items = [{"email_id": lead.email_id, "expected_version": 1} for lead in leads]
    answer = await office.post("/api/bulk/reject", {"items": items, **REJECTION})
    assert answer.json()["done"] == len(leads)
    assert all(isinstance(fact.event, EmailRejected) for fact in await answers(office))


async def test_many_approvals_are_taken_back_and_one_that_cannot_be_does_not_hold_up_the_others(
    office: Office, leads: list[Lead]
) -> None:
    edited = {"expected_version": 1, "body": BODY, "override_reason": "Agreed with Ada by telephone."}
    assert (await send(office, leads[0], "approve", edited)).status_code == 200
    await send(office, leads[1], "approve", {"expected_version": 1})
    office.watch.now += timedelta(minutes=1)
    for lead in leads[2:4]:
        await send(office, lead, "approve", {"expected_version": 1})
    office.watch.now += timedelta(minutes=59)  # The undo window of the second one closes now.
    items: list[dict[str, Any]] = [{"email_id": lead.email_id, "expected_version": 1} for lead in leads[1:]]
    items += [{"email_id": leads[0].email_id, "expected_version": version} for version in (1, 2)]
    items += [{"email_id": "nobody", "expected_version": 1}, {"email_id": leads[2].email_id}]
    answer = await office.post("/api/bulk/revoke", {"items": items, "reason": "too early"})
    told = answer.json()
    assert [one["email_id"] for one in told["results"]] == [one["email_id"] for one in items]
    assert [one["status"] for one in told["results"]] == [409, 200, 200, 409, 409, 409, 404, 428]
    problems = [one["problem"] and one["problem"]["type"].removeprefix("urn:swarm:") for one in told["results"]]
    assert problems[:6] == ["refused", None, None, "refused", "stale-version", "refused"]
    assert [one["receipt"] is None for one in told["results"]] == [one is not None for one in problems]
    assert told["done"] == 2
    position = answer.headers["X-Swarm-Position"]
    assert position == f"0:{await office.backend.log.head(0)}"
    waiting = (await office.get("/api/pending-emails", after=position)).json()["items"]
    assert {one["email_id"] for one in waiting} == {lead.email_id for lead in leads[2:]}


async def test_undo_of_many_under_one_key_is_carried_out_once(office: Office, leads: list[Lead]) -> None:
    items = [{"email_id": lead.email_id, "expected_version": 1} for lead in leads]
    approved = await office.post("/api/bulk/approve", {"items": items}, headers={"Idempotency-Key": "a"})
    assert approved.json()["done"] == len(leads)
    same = await office.post("/api/bulk/revoke", {"items": items}, headers={"Idempotency-Key": "a"})
    assert {one["status"] for one in same.json()["results"]} == {422}
    both = [await office.post("/api/bulk/revoke", {"items": items}, headers={"Idempotency-Key": "u"}) for _ in range(2)]
    facts = [[one["receipt"]["fact"] for one in each.json()["results"]] for each in both]
    assert facts[0] == facts[1]
    assert len(set(facts[0])) == len(leads)


def test_description_says_what_every_command_on_an_email_takes() -> None:
    schema = create_app().openapi_schema
    assert isinstance(schema, OpenAPI)
    paths = schema.to_schema()["paths"]
    for what in ("approve", "edit", "reject", "request-changes", "revoke", "claim", "release", "snooze", "comment"):
        asked = paths[f"/api/emails/{{email_id}}/{what}"]["post"]
        names = {one["name"] for one in asked["parameters"]}
        answer = what not in {"claim", "release", "snooze", "comment"}
        assert names == {"email_id", "Idempotency-Key"} | ({"If-Match"} if answer else set()), what
        assert asked["requestBody"]["required"]
