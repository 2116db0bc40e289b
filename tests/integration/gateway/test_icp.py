"""The ideal customer over HTTP: read, compared page by page, explained, and activated by an admin alone."""

from typing import Any

import httpx
import pytest

from contracts.codec import to_json
from gateway.answers import POSITION
from services.segmentor.model import own_text, parse_model
from tests.integration.gateway.office import Lead, Office

OWN = own_text()
STRICT = OWN.replace("my-icp-1", "my-icp-2").replace("tier_1 = 80, tier_2 = 60", "tier_1 = 100, tier_2 = 99")
NO_TITLES = OWN.replace("my-icp-1", "my-icp-3")
for _level, _points in (("c_suite", 25), ("director", 15), ("manager", 8)):
    NO_TITLES = NO_TITLES.replace(f"{_level} = {{ points = {_points}", f"{_level} = {{ points = 0")
NO_TITLES = NO_TITLES.replace("vp = { points = 22", "vp = { points = 25")
"""A chief officer is worth something, and nobody else."""


async def compared(office: Office, text: str, **more: object) -> dict[str, Any]:
    answer = await office.post("/api/icp/compare", {"text": text, **more}, "auditor")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def refused(answer: httpx.Response, status: int, slug: str) -> dict[str, Any]:
    """The problem document of an answer."""
    told: dict[str, Any] = answer.json()
    assert (answer.status_code, told["type"]) == (status, f"urn:swarm:{slug}"), answer.text
    return told


async def test_one_in_force_is_told_with_its_whole_file(office: Office) -> None:
    answer = await office.get("/api/icp")
    told = answer.json()
    assert (told["active"]["model_id"], told["active"]["way"], told["active"]["text"]) == ("my-icp-1", "file", OWN)
    assert told["versions"] == []
    assert answer.headers[POSITION] == f"0:{await office.backend.log.head(0)}"


async def test_admin_activates_one_and_every_version_can_be_read(office: Office) -> None:
    body = {"text": STRICT, "reason": "Only the best."}
    answer = await office.post("/api/icp/activate", body, "admin", headers={"Idempotency-Key": "k1"})
    again = await office.post("/api/icp/activate", body, "admin", headers={"Idempotency-Key": "k1"})
    assert (answer.status_code, answer.json()["receipt"]["status"]) == (200, "recorded")
    assert again.json()["receipt"]["status"] == "repeated"
    assert (await office.post("/api/icp/activate", body, "admin")).json() == {"receipt": None}
    told = (await office.get("/api/icp")).json()
    assert (told["active"]["model_hash"], told["active"]["reason"]) == (parse_model(STRICT).hash, "Only the best.")
    assert [(one["model_id"], one["active"]) for one in told["versions"]] == [("my-icp-2", True)]
    version = (await office.get("/api/icp/versions/my-icp-2")).json()
    assert version["text"] == STRICT
    refused(await office.get("/api/icp/versions/my-icp-9"), 404, "not-found")
    changed = STRICT.replace("tier_3 = 40", "tier_3 = 41")
    found = refused(await office.post("/api/icp/activate", {"text": changed}, "admin"), 409, "refused")
    assert (found["values"]["field"], "my-icp-3" in found["remedy"]) == ("id", True)
    await office.caught_up()
    acts = (await office.get("/api/audit", "auditor")).json()["items"]
    ours = [one for one in acts if one["category"] == "policy"]
    assert [(one["act"], one["words"]) for one in ours] == [("policy.model_activated", "my-icp-2: Only the best.")]


@pytest.mark.parametrize("where", ["compare", "activate"])
@pytest.mark.parametrize(
    ("text", "field", "line"),
    [
        (OWN.replace("tier_1 = 80", "tier_1 = 180"), "tiers.tier_1", 17),
        (OWN.replace("post_commenter = 5", "post_comenter = 5"), "source_bonus.post_comenter", None),
        ("id = ", "model", 1),
        (f"{OWN}\n# ada@engines.example", "text", OWN.count("\n") + 2),
    ],
    ids=["bound", "name", "no TOML", "address"],
)
async def test_fault_of_the_file_names_its_field_and_line(
    office: Office, where: str, text: str, field: str, line: int | None
) -> None:
    before = await office.backend.log.head(0)
    found = refused(await office.post(f"/api/icp/{where}", {"text": text}, "admin"), 422, "bad-input")
    assert found["values"]["field"] == field
    assert found["values"]["line"] == line if line else found["values"]["line"] > 200
    assert found["remedy"]
    assert "ada@" not in found["detail"]
    assert await office.backend.log.head(0) == before


async def test_pages_are_one_comparison_and_nothing_is_recorded(office: Office, leads: list[Lead]) -> None:
    before = await office.backend.log.head(0)
    whole = await compared(office, NO_TITLES, limit=200)
    assert whole["next"] == ""
    moves = whole["items"]
    assert len(moves) == whole["compared"]["moving"] > 1
    first = await compared(office, NO_TITLES, limit=1)
    cursor, paged = first["next"], list(first["items"])
    while cursor:
        following = await compared(office, NO_TITLES, limit=1, cursor=cursor)
        assert following["compared"] == whole["compared"]
        paged += following["items"]
        cursor = following["next"]
    assert to_json(paged) == to_json(moves)
    assert await office.backend.log.head(0) == before


@pytest.mark.parametrize("cursor", ["x", "0" * 24 + ".1"])
async def test_cursor_of_something_else_is_refused(office: Office, leads: list[Lead], cursor: str) -> None:
    assert leads
    answer = await office.post("/api/icp/compare", {"text": OWN, "cursor": cursor}, "reviewer")
    assert refused(answer, 422, "bad-input")["values"]["field"] == "cursor"


async def test_lead_is_explained_by_id_and_by_address(office: Office, leads: list[Lead]) -> None:
    lead = leads[0]
    told = (await office.post("/api/icp/explain", {"about": lead.lead_id[:13]}, "auditor")).json()
    assert (told["lead_id"], told["model_id"]) == (lead.lead_id, "my-icp-1")
    assert [part["name"] for part in told["components"]] == ["size", "title", "industry", "technology", "intent"]
    named = await office.post("/api/icp/explain", {"about": lead.address.upper()}, "reviewer")
    assert named.json() == told
    assert lead.address not in named.text
    refused(await office.post("/api/icp/explain", {"about": "nobody@engines.example"}, "reviewer"), 404, "not-found")
    refused(await office.post("/api/icp/explain", {"about": "abcdef012345"}, "reviewer"), 404, "not-found")


async def test_who_may_not_see_what_belongs_to_people_asks_by_no_address(office: Office, leads: list[Lead]) -> None:
    answer = await office.post("/api/icp/explain", {"about": leads[0].address}, "auditor")
    refused(answer, 403, "forbidden")
