"""For who types: the beginning of an id, and everything about one lead."""

from contracts.codec import outward
from contracts.facts import Ref
from gateway.dossier import gather
from gateway.lookup import Found
from tests import controls
from tests.integration.gateway.office import Lead, Office
from tests.integration.gateway.test_personal_reads import recorded
from tests.unit.projections.stories import Step

ONE, TWO = Lead(number=1), Lead(number=2)
RUN = "run_20260102_030405_abc123"


async def test_the_beginning_of_an_id_finds_lead_and_email(office: Office) -> None:
    await office.tell(ONE.step(), TWO.step())
    both = {"lead_id": ONE.lead_id, "email_id": ONE.email_id}
    for given in (ONE.lead_id, ONE.lead_id[:18], ONE.email_id[:18].upper()):
        assert (await office.get("/api/find/lead", id=given)).json() == both
    several = await office.get("/api/find/lead", id="")
    assert (several.status_code, several.json()["type"]) == (404, "urn:swarm:not-found")
    nobody = await office.get("/api/find/lead", id="00000000")
    assert (nobody.status_code, "`swarm queue`" in nobody.json()["remedy"]) == (404, True)
    common = next((n for n in range(1, 9) if ONE.lead_id[:n] != TWO.lead_id[:n]), 9) - 1
    if common:
        assert (await office.get("/api/find/lead", id=ONE.lead_id[:common])).json()["type"] == "urn:swarm:ambiguous-id"


async def test_an_address_finds_its_lead_and_that_is_recorded(office: Office) -> None:
    await office.tell(ONE.step())
    for given in (ONE.address, f" mailto:{ONE.address.upper()} "):
        answer = await office.post("/api/find/lead", {"address": given}, "reviewer")
        assert answer.json() == {"lead_id": ONE.lead_id, "email_id": ONE.email_id}
    assert [(read.where, read.people) for read in await recorded(office)] == [("lead", (ONE.lead_id,))]
    for given, status, slug in ((TWO.address, 404, "not-found"), ("nobody", 422, "bad-input")):
        refused = await office.post("/api/find/lead", {"address": given}, "reviewer")
        assert (refused.status_code, refused.json()["type"]) == (status, f"urn:swarm:{slug}")
        assert given not in refused.text


async def test_a_run_is_found_by_either_end(office: Office) -> None:
    assert (await office.get("/api/find/run", id=RUN)).status_code == 404
    await office.tell(Step(0, (controls.run_requested(run_id=RUN),)))
    for given in (RUN, RUN[:9], RUN[-6:]):
        assert (await office.get("/api/find/run", id=given)).json() == {"run_id": RUN}
    missing = await office.get("/api/find/run", id="run_1999")
    assert missing.json()["detail"] == "There is no run 'run_1999'."


async def test_the_dossier_is_what_lies_in_the_log(office: Office) -> None:
    await office.tell(ONE.step())
    answer = await office.get(f"/api/leads/{ONE.lead_id}/dossier")
    told = answer.json()
    expected = outward(await gather(office.backend.log, office.backend.views, Found(ONE.lead_id, ONE.email_id)))
    for part in ("text", "card"):
        content = expected[part]["content"]  # type: ignore[index]
        del content["salt"]
    assert told == expected
    state = (await office.backend.log.load(0, [Ref("email", ONE.email_id)]))[Ref("email", ONE.email_id)].state
    assert (told["status"], told["content_hash"]) == ("drafted", state.content_hash)  # type: ignore[union-attr]
    assert told["text"]["content"]["recipient"] == ONE.address
    assert answer.headers["X-Swarm-Position"].startswith("0:")


async def test_who_may_not_see_what_is_personal_gets_none_of_it(office: Office) -> None:
    await office.tell(ONE.step())
    told = (await office.get(f"/api/leads/{ONE.lead_id}/dossier", "auditor")).text
    for secret in (ONE.address, "Person 1", "Subject 1", f"{1:032x}"):
        assert secret not in told
    assert "[redacted]" in told


async def test_a_dossier_of_nobody_is_not_found(office: Office) -> None:
    assert (await office.get(f"/api/leads/{TWO.lead_id}/dossier")).status_code == 404


async def test_lists_say_how_many_rows_there_are_whatever_the_page_holds(office: Office) -> None:
    await office.tell(*(Lead(number=n, tier="tier_1" if n < 3 else "tier_2").step() for n in range(1, 6)))
    assert (await office.get("/api/pending-emails", limit=1)).headers["X-Swarm-Total"] == "5"
    narrowed = await office.get("/api/pending-emails", tier="tier_1", q="Works 1")
    assert (len(narrowed.json()["items"]), narrowed.headers["X-Swarm-Total"]) == (1, "2")
    assert (await office.get("/api/runs")).headers["X-Swarm-Total"] == "0"


async def test_whoever_asks_hears_in_which_namespace(office: Office) -> None:
    assert (await office.get("/api/me")).json()["namespace"] == office.backend.log.namespace
