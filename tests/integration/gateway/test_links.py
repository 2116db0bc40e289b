"""Each link of the OpenAPI document, followed with what its own answer gave."""

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from gateway.links import FIRST, GIVEN, LINKS, SAME, SENT, Link
from tests import controls
from tests.integration.gateway.office import DOMAIN, NOW, Lead, Office, page
from tests.unit.projections.stories import ADA, Step

FILE = f"Work Email,Full Name,Company\namy@new.{DOMAIN},Amy Engel,New Works\nnobody,,\n".encode()
START = {"mode": "staging"}
TEXT = "Hello Ada,\n\nmay I call on Tuesday?\n"
BODIES: dict[str, dict[str, Any]] = {
    "edit": {"body": TEXT},
    "reject": {"tag": "weak_cta", "reason": "It asks for nothing."},
    "request-changes": {"instruction": "Name the one thing they should do."},
    "snooze": {"until": (NOW + timedelta(hours=1)).isoformat()},
    "comment": {"text": "I know her."},
    "drop": {"reason": "It needs no answer."},
    "mapping": {"mapping": {"email": "Work Email"}},
    "run": {**START, "synthetic": True},
    "roles": {"roles": ["operator"]},
    "/api/exclusions": {"who": "customer.example"},
    "/api/runs": {"mode": "sandbox", "source": "default"},
    "/api/users": {"login": "amy", "name": "Amy", "roles": ["reviewer"]},
    "/api/tokens": {"label": "desk", "days": 1},
}
"""What else a request says, by its path or by the last part of it; none says nothing."""


class Followed:
    """One link, by somebody who signed in and may do everything."""

    def __init__(self, office: Office, session: str) -> None:
        self.office = office
        self.headers = page(session)

    async def ask(self, operation: str, parameters: dict[str, str], body: dict[str, Any]) -> httpx.Response:
        method, path = operation.split(" ")
        said = {**BODIES.get(path, BODIES.get(path.rpartition("/")[2], {})), **body}
        more: dict[str, Any] = {"json": said} if method == "POST" else {}
        if operation == "POST /api/imports":
            more = {"files": {"file": ("leads.csv", FILE)}}
        answer = await self.office.http.request(method, path.format(**parameters), headers=self.headers, **more)
        assert answer.status_code < 300, (operation, answer.text)
        await self.office.caught_up()
        return answer

    async def follow(self, link: Link) -> httpx.Response:
        """First whatever leads to the answer that it is a link of, then that, then itself."""
        before = next((one for one in LINKS if one.to == link.after), None)
        sent: dict[str, Any] = {}
        parameters: dict[str, str] = {}
        if before is not None:
            card = await self.ask(before.after, {}, {})
            parameters = {name: _value(where, card, {}, {}) for name, where in before.parameters.items()}
            sent = {name: _value(where, card, {}, {}) for name, where in before.body.items()}
        answer = await self.ask(link.after, parameters, sent)
        sent = {**BODIES.get(link.after.split(" ")[1], {}), **sent}
        taken = {name: _value(where, answer, sent, parameters) for name, where in link.parameters.items()}
        body = {name: _value(where, answer, sent, parameters) for name, where in link.body.items()}
        return await self.ask(link.to, taken, body)


def _value(where: str, answer: httpx.Response, sent: dict[str, Any], parameters: dict[str, str]) -> Any:
    """What an expression of a link stands for (OpenAPI 3.1, 4.8.20.4)."""
    for beginning, values in ((SAME, parameters), (SENT, sent)):
        if where.startswith(beginning):
            return values[where.removeprefix(beginning)]
    told = answer.json()
    return told["items"][0][where.removeprefix(FIRST)] if where.startswith(FIRST) else told[where.removeprefix(GIVEN)]


@pytest.mark.parametrize("link", LINKS, ids=lambda one: f"{one.after} to {one.to}")
async def test_link_leads_on(office: Office, leads: list[Lead], link: Link) -> None:
    stopped = (controls.run_requested(), controls.run_stopped())
    await office.tell(
        Step(0, stopped if "resume" in link.to else stopped[:1], ADA),
        Step(0, (controls.dead_lettered(), controls.excluded())),
    )
    await Followed(office, await office.session("admin")).follow(link)


async def test_links_stand_in_the_document(office: Office) -> None:
    told = json.loads((await office.http.get("/schema/openapi.json")).content)
    ids = {found["operationId"] for operations in told["paths"].values() for found in operations.values()}
    links = [
        one
        for operations in told["paths"].values()
        for found in operations.values()
        for answer in found["responses"].values()
        for one in answer.get("links", {}).values()
    ]
    assert len(links) == len(LINKS)
    assert {one["operationId"] for one in links} <= ids
