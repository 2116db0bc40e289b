"""What the reads of the gateway refuse, and what they wait for."""

import asyncio
from typing import Any

import httpx
import pytest

from gateway import answers
from gateway.answers import POSITION
from tests import controls
from tests.integration.gateway.office import Lead, Office
from tests.unit.projections.stories import ADA, Step

LISTS = ("/api/pending-emails", "/api/leads", "/api/runs", "/api/feedback", "/api/audit")
COUNTS = ("/api/queue-status", "/api/leads/funnel")


def problem(answer: httpx.Response, status: int, slug: str) -> dict[str, Any]:
    """The values of a problem document of this kind."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    assert answer.json()["type"] == f"urn:swarm:{slug}"
    values: dict[str, Any] = answer.json()["values"]
    return values


@pytest.mark.parametrize("path", ["/api/emails/{}", "/api/leads/{}", "/api/leads/{}/timeline", "/api/runs/{}"])
async def test_ids_are_whole_or_not_found(office: Office, leads: list[Lead], path: str) -> None:
    whole = {"/api/emails/{}": leads[0].email_id, "/api/runs/{}": controls.RUN}.get(path, leads[0].lead_id)
    await office.tell(Step(0, (controls.run_requested(),), ADA))
    assert (await office.get(path.format(whole))).status_code == 200
    for one in (whole[:-1], whole[:8], "nobody", "%2A"):
        problem(await office.get(path.format(one)), 404, "not-found")


@pytest.mark.parametrize(
    "path",
    [*LISTS, *COUNTS, "/api/rejection-tags", "/api/emails/a", "/api/leads/a", "/api/leads/a/timeline", "/api/runs/a"],
)
async def test_misspelt_filter_is_refused_by_name(office: Office, path: str) -> None:
    answer = await office.get(path, "admin", teir="tier_1")
    assert problem(answer, 422, "bad-input") == {"field": "teir"}
    known = "It takes none." if path == "/api/rejection-tags" else "after"
    assert known in answer.json()["remedy"]
    assert "backend" not in answer.json()["remedy"]


@pytest.mark.parametrize(
    ("field", "value"), [("tier", "gold"), ("limit", "0"), ("limit", "201"), ("limit", "ten"), ("q", "q" * 201)]
)
async def test_value_that_a_filter_cannot_have_is_refused(office: Office, field: str, value: str) -> None:
    answer = await office.get("/api/pending-emails", **{field: value})
    assert field in str(problem(answer, 422, "bad-input"))


async def test_filter_that_comes_twice_is_refused(office: Office) -> None:
    answer = await office.http.get("/api/pending-emails?tier=tier_1&tier=tier_2", headers=office.headers("reviewer"))
    assert problem(answer, 422, "bad-input") == {"field": "tier"}


@pytest.mark.parametrize("path", [*LISTS, *COUNTS])
async def test_read_waits_for_a_position_that_comes(office: Office, leads: list[Lead], path: str) -> None:
    head = await office.backend.log.head(0)
    asking = asyncio.create_task(office.get(path, "admin", after=f"0:{head + 4}"))
    await asyncio.sleep(0.1)
    assert not asking.done()
    await office.tell(Lead(number=6).step())
    answer = await asking
    assert (answer.status_code, answer.headers[POSITION]) == (200, f"0:{head + 4}")


@pytest.mark.parametrize("path", [*LISTS, *COUNTS, "EMAIL", "LEAD", "LEAD/timeline", "RUN"])
async def test_position_that_does_not_come_is_503(
    office: Office, leads: list[Lead], path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "AFTER_WITHIN_S", 0.05)
    await office.tell(Step(0, (controls.run_requested(),), ADA))
    places = {"EMAIL": f"/api/emails/{leads[0].email_id}", "RUN": f"/api/runs/{controls.RUN}"}
    whole = places.get(path, path.replace("LEAD", f"/api/leads/{leads[0].lead_id}"))
    head = await office.backend.log.head(0)
    assert (await office.get(whole, "admin", after=f"0:{head}")).status_code == 200
    # What was read may itself be recorded, and moves the log by one.
    late = await office.get(whole, "admin", after=f"0:{head + 2}")
    problem(late, 503, "store-unavailable")
    assert late.headers["retry-after"]
    assert problem(await office.get(whole, "admin", after="soon"), 422, "bad-input") == {"field": "after"}
