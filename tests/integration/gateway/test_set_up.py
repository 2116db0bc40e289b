"""What is set up, as whoever works here sees it; and runs and answers by campaign."""

from pathlib import Path

import msgspec
import pytest

from contracts.lead import RunTerms
from gateway.answers import POSITION
from services.cli.set_up import SetUp
from tests import controls
from tests.integration.gateway.office import Lead, Office
from tests.integration.gateway.test_decisions import problem
from tests.integration.gateway.test_imports import brought, requested
from tests.unit.projections.stories import ADA, Step

RUNS = ("run_20260302_090000_aaaaaa", "run_20260302_090000_bbbbbb")


@pytest.fixture
def campaigns(office: Office, tmp_path: Path) -> Path:
    """The folder of the campaigns."""
    (tmp_path / "founders.toml").write_text('[audience]\ntitles = ["CEO"]\n')
    (tmp_path / "broken.toml").write_text("angels = 1\n")
    assert isinstance(office.backend.set_up, SetUp)
    office.backend.set_up.voices.campaigns.folder = tmp_path
    return tmp_path


async def test_it_says_the_offer_the_phase_and_the_campaigns_with_their_problems(
    office: Office, namespace: str, campaigns: Path
) -> None:
    answer = await office.get("/api/setup", "auditor")
    told = answer.json()
    assert answer.headers[POSITION] == f"0:{await office.backend.log.head(0)}"
    assert (told["namespace"], told["phase"], told["simulated"], told["ready"]) == (namespace, "shadow", True, True)
    assert (told["offer"]["whose"], told["offer"]["company"]) == ("own", "Tidewater Calibration")
    assert len(told["offer"]["hash"]) == 64
    assert all(proof["evidence"] for proof in told["offer"]["proofs"])
    broken, founders = told["campaigns"]
    assert (founders["name"], founders["audience"]["titles"], founders["missing"]) == ("founders", ["CEO"], [])
    assert [one["key"] for one in broken["missing"]] == ["angels"]
    (campaigns / "broken.toml").unlink()
    assert [one["name"] for one in (await office.get("/api/setup")).json()["campaigns"]] == ["founders"]
    assert problem(await office.get("/api/setup", "auditor", offer="x")) == (422, "bad-input")


async def test_a_run_is_asked_for_in_the_name_of_a_campaign(office: Office, namespace: str, campaigns: Path) -> None:
    assert campaigns
    path = await brought(office)
    body = {"mode": "production", "confirm": namespace}
    misspelt = await office.post(f"{path}/run", body | {"campaign": "founder"}, "operator")
    assert problem(misspelt) == (422, "bad-input")
    assert misspelt.json()["remedy"] == "Perhaps founders is meant."
    broken = await office.post(f"{path}/run", body | {"campaign": "broken"}, "operator")
    assert problem(broken) == (409, "not-set-up")
    assert broken.json()["values"]["missing"] == "angels"
    assert await requested(office) == []
    answer = await office.post(f"{path}/run", body | {"campaign": "founders"}, "operator")
    assert answer.status_code == 200, answer.text
    [asked] = await requested(office)
    assert asked.terms.campaign == "founders"


async def test_runs_and_answers_are_found_by_their_campaign(office: Office) -> None:
    terms = [RunTerms(run_id=run, mode="staging", campaign=name) for run, name in zip(RUNS, ("looms", ""), strict=True)]
    for run, asked in zip(RUNS, terms, strict=True):
        await office.tell(Step(0, (controls.run_requested(run_id=run, terms=asked),), ADA))
    found = (await office.get("/api/runs", campaign="looms")).json()["items"]
    assert [(one["run_id"], one["terms"]["campaign"]) for one in found] == [(RUNS[0], "looms")]
    assert (await office.get("/api/runs", campaign="engines")).json()["items"] == []
    assert len((await office.get("/api/runs")).json()["items"]) == 2
    lead = Lead(number=7, campaign="looms")
    rejected = msgspec.structs.replace(controls.email_rejected(), **lead.seen)
    await office.tell(lead.step(), Step(0, (rejected,), ADA))
    answers = (await office.get("/api/feedback", campaign="looms")).json()["items"]
    assert [one["email_id"] for one in answers] == [lead.email_id]
    assert (await office.get("/api/feedback", campaign="engines")).json()["items"] == []
