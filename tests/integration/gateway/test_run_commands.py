"""Commands to runs over HTTP: once, in the name of the token's owner, and nothing from the URL."""

import pytest

from contracts.run import RunCancelled
from gateway.answers import POSITION
from tests import controls
from tests.integration.gateway.office import Office
from tests.unit.projections.stories import ADA, Step

RUN = "run_20260302_090000_abcdef"
BECAUSE = {"reason": "The wrong file."}
COMMANDS = ("cancel", "withdraw", "resume")


@pytest.fixture
async def run(office: Office) -> str:
    """The path of a run that goes on."""
    await office.tell(Step(0, (controls.run_requested(run_id=RUN),), ADA))
    return f"/api/runs/{RUN}"


async def test_cancelled_once_by_whose_token_it_was(office: Office, run: str) -> None:
    first = await office.post(f"{run}/cancel", BECAUSE, "operator", headers={"Idempotency-Key": "one"})
    receipt = first.json()["receipt"]
    assert (first.status_code, receipt["status"], receipt["about"]) == (200, "recorded", RUN)
    assert first.headers[POSITION] == receipt["position"] == f"0:{await office.backend.log.head(0)}"
    again = await office.post(f"{run}/cancel", BECAUSE, "operator", headers={"Idempotency-Key": "one"})
    assert (again.status_code, again.json()["receipt"]) == (200, receipt | {"status": "repeated"})
    [recorded] = await office.backend.log.tail(0, ["run"], int(receipt["position"][2:]) - 1, count=9)
    fact = recorded.decode(0)
    assert (fact.event, str(fact.actor)) == (RunCancelled(run_id=RUN, reason="The wrong file."), "person:otto@swarm")
    seen = await office.get(run, after=first.headers[POSITION])
    assert (seen.json()["status"], seen.json()["failure"]) == ("cancelled", "The wrong file.")


@pytest.mark.parametrize("what", ["cancel", "withdraw"])
async def test_what_already_stands_changes_nothing(office: Office, run: str, what: str) -> None:
    assert (await office.post(f"{run}/{what}", BECAUSE, "operator")).json()["receipt"]["status"] == "recorded"
    head = await office.backend.log.head(0)
    again = await office.post(f"{run}/{what}", BECAUSE, "operator")
    assert (again.status_code, again.json(), again.headers[POSITION]) == (200, {"receipt": None}, f"0:{head}")
    assert await office.backend.log.head(0) == head


async def test_stopped_run_is_resumed(office: Office, run: str) -> None:
    refused = await office.post(f"{run}/resume", {}, "operator")
    assert (refused.status_code, refused.json()["values"]) == (409, {"status": "running"})
    await office.tell(Step(0, (controls.run_stopped(run_id=RUN),)))
    stopped = (await office.get(run)).json()
    assert (stopped["status"], stopped["why"]) == ("stopped", "Stage enrich failed: Too many leads err.")
    assert "resume the run" in stopped["remedy"]
    done = await office.post(f"{run}/resume", {"reason": ""}, "operator")
    assert (done.status_code, done.json()["receipt"]["status"]) == (200, "recorded")
    assert (await office.get(run, after=done.headers[POSITION])).json()["status"] == "running"


@pytest.mark.parametrize("what", COMMANDS)
async def test_refused_commands_record_nothing(office: Office, run: str, what: str) -> None:
    head = await office.backend.log.head(0)
    refusals = [
        (await office.post(f"{run}/{what}", {}, "reviewer"), 403),
        (await office.post(f"{run}/{what}?reason=this", {}, "operator"), 422),
        (await office.post(f"{run}/{what}", {"why": "this"}, "operator"), 422),
        (await office.post(f"{run}/{what}", {"reason": "x" * 2_001}, "operator"), 422),
        (await office.post(f"/api/runs/{RUN[:-1]}/{what}", {}, "operator"), 404),
    ]
    for answer, status in refusals:
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    assert await office.backend.log.head(0) == head


async def test_key_of_another_command_is_refused(office: Office, run: str) -> None:
    key = {"Idempotency-Key": "one"}
    assert (await office.post(f"{run}/cancel", BECAUSE, "operator", headers=key)).status_code == 200
    answer = await office.post(f"{run}/withdraw", BECAUSE, "operator", headers=key)
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:swarm:idempotency-key-reused")
