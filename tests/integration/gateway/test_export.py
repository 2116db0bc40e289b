"""Every list as a file: what the list shows, whole or said to be cut, for nobody to be run by."""

import csv
import io
from datetime import timedelta

import httpx
import pytest

from contracts.envelope import Personal
from gateway import pages
from gateway.answers import POSITION
from gateway.columns import COLUMNS, NEXT, SUMMARY, TRUNCATED
from tests import controls
from tests.integration.gateway.office import DOMAIN, Lead, Office
from tests.integration.gateway.test_access import routes
from tests.integration.gateway.test_personal_reads import recorded
from tests.unit.projections.stories import ADA, Step

FILES = {
    "/api/pending-emails": "queue",
    "/api/leads": "leads",
    "/api/runs": "runs",
    "/api/feedback": "feedback",
    "/api/feedback/summary": "feedback-summary",
    "/api/audit": "audit",
    "/api/events": "events",
    "/api/dead-letters": "dead-letters",
    "/api/exclusions": "exclusions",
    "/api/users": "users",
    "/api/tokens": "tokens",
}


OF_THE_CONSOLE = {"icp-versions", "icp-moves", "campaigns", "templates", "mappings"}
"""Lists that HTTP gives otherwise, or not as a file."""


def rows(answer: httpx.Response) -> list[dict[str, str]]:
    """The file by its headings."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


@pytest.fixture
async def busy(office: Office, leads: list[Lead]) -> Office:
    """Something in every list."""
    answered = controls.email_rejected(**leads[4].seen)
    await office.tell(Step(0, (controls.run_requested(), answered, controls.dead_lettered(), controls.excluded()), ADA))
    return office


@pytest.mark.parametrize(("path", "title"), FILES.items())
async def test_list_as_a_file_has_the_rows_of_the_list(busy: Office, path: str, title: str) -> None:
    role = {"users": "admin", "exclusions": "operator"}.get(title, "auditor")
    document = (await busy.get(path, role, **({} if title == SUMMARY else {"limit": 200}))).json()
    listed = [row | {"traffic": "real"} for row in document["rows"]] if title == SUMMARY else document["items"]
    answer = await busy.get(path, role, format="csv")
    found = rows(answer)
    assert len(found) == len(listed) > 0
    assert list(found[0]) == list(COLUMNS[title].values())
    assert answer.headers["content-disposition"] == f'attachment; filename="swarm-{title}.csv"'
    assert (answer.headers[TRUNCATED], NEXT in answer.headers) == ("false", False)
    assert answer.headers[POSITION]
    assert answer.content.count(b"\r\n") >= len(found) + 1
    for path_of_value in COLUMNS[title]:  # One that leads nowhere would be a column that is always empty.
        part: object = listed[0]
        for name in path_of_value.split("."):
            assert part is None or (isinstance(part, dict) and name in part), path_of_value
            part = part[name] if isinstance(part, dict) else None


def test_every_list_can_be_a_file() -> None:
    listing = {path for _, path, handler in routes() if "paging" in handler.resolve_dependencies()}
    assert listing | {"/api/events", "/api/feedback/summary"} == set(FILES)
    assert set(COLUMNS) == set(FILES.values()) | OF_THE_CONSOLE


async def test_file_is_filtered_and_redacted_as_the_list_is(busy: Office, leads: list[Lead]) -> None:
    (row,) = rows(await busy.get("/api/pending-emails", format="csv", tier="tier_2"))
    assert (row["To"], row["Name"], row["Company"]) == (leads[1].address, "Person 2", "Works 2")
    hidden = await busy.get("/api/pending-emails", "auditor", format="csv")
    assert DOMAIN not in hidden.text
    assert {row["To"] for row in rows(hidden)} == {"[redacted]"}
    assert rows(await busy.get("/api/leads", format="csv", q="nobody")) == []


async def test_export_of_people_is_recorded_as_one(busy: Office, leads: list[Lead]) -> None:
    for _ in range(2):
        await busy.get("/api/leads", "reviewer", format="csv")
        await busy.get("/api/leads", "auditor", format="csv")
    told = [(read.where, read.exported, read.count, set(read.people)) for read in await recorded(busy)]
    assert told == 2 * [("leads", True, 5, {lead.lead_id for lead in leads})]


async def test_cells_that_people_sent_in_are_not_run(office: Office) -> None:
    lead, formula = Lead(number=1), '=HYPERLINK("http://evil.example","click")'
    fields = controls.FIELDS | {"company": formula, "title": "@SUM(1)", "full_name": Personal.plain("\t=1+1")}
    known = {"lead_id": lead.lead_id, "account_id": lead.account_id}
    await office.tell(Step(0, (controls.lead_sourced(**known, fields=fields),)))
    (row,) = rows(await office.get("/api/leads", format="csv"))
    assert (row["Company"], row["Title"], row["Name"]) == (f"'{formula}", "'@SUM(1)", "'\t=1+1")


async def test_file_that_is_cut_says_so_and_where_it_goes_on(
    office: Office, leads: list[Lead], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "EXPORT_ROWS_MAX", 3)
    first = await office.get("/api/leads", format="csv")
    assert first.headers[TRUNCATED] == "true"
    second = await office.get("/api/leads", format="csv", cursor=first.headers[NEXT])
    assert second.headers[TRUNCATED] == "false"
    ids = [row["Lead"] for row in [*rows(first), *rows(second)]]
    assert ids == [lead.lead_id for lead in leads]


async def test_filter_that_few_rows_fit_ends_in_time_and_says_so(
    office: Office, leads: list[Lead], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "EXPORT_LOOKS_MAX", 1)
    monkeypatch.setattr(pages, "LOOK_MAX", 2)
    events = await office.get("/api/events", "admin", format="csv", type="email.drafted.v1")
    assert (rows(events), events.headers[TRUNCATED]) == ([], "true")


async def test_file_goes_over_many_pages(office: Office) -> None:
    leads = [Lead(number=number) for number in range(1, 451)]
    for first in range(0, 450, 90):
        await office.tell(Step(0, tuple(next(lead.story()) for lead in leads[first : first + 90])))
    assert len({row["Lead"] for row in rows(await office.get("/api/leads", format="csv", limit=1))}) == 450


async def test_unknown_format_is_refused(office: Office) -> None:
    for path in FILES:
        assert (await office.get(path, "admin", format="xlsx")).status_code == 422


async def test_expired_card_says_that_it_cannot_be_approved(office: Office) -> None:
    late = Lead(number=1)
    await office.tell(Step(0, (late.drafted(expires_at=controls.AT + timedelta(minutes=1)),)))
    assert [row["Can be approved"] for row in rows(await office.get("/api/pending-emails", format="csv"))] == ["no"]
