"""The texts over HTTP: which there are, and how one reads for a lead, which is recorded as read."""

from pathlib import Path
from typing import get_args

from contracts.access import PersonalRead
from contracts.identity import CONTROL
from gateway.routes.templates import Language
from services.cli.template_desk import TemplateDesk
from services.crafter.languages import LANGUAGES
from services.crafter.library import shipped_file
from tests.integration.gateway.office import Lead, Office


async def test_every_angle_is_listed_by_language(office: Office) -> None:
    found = (await office.get("/api/templates", "auditor")).json()
    assert found["languages"] == ["de", "en", "fr"]
    assert len(found["templates"]) == 33
    assert found["problems"] == []
    german = await office.http.get("/api/templates?language=de", headers=office.headers("auditor"))
    assert {one["language"] for one in german.json()["templates"]} == {"de"}
    refused = await office.http.get("/api/templates?language=it", headers=office.headers("auditor"))
    assert refused.status_code == 422
    assert "language" in refused.text
    assert get_args(get_args(get_args(Language)[0])[0]) == LANGUAGES


async def test_own_files_are_named_as_from_their_folder_and_nothing_says_where_it_lies(
    office: Office, tmp_path: Path
) -> None:
    desk = office.backend.templates
    assert isinstance(desk, TemplateDesk)
    object.__setattr__(desk, "settings", desk.settings.model_copy(update={"templates": tmp_path}))
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "quick_win.j2").write_text(shipped_file("en", "quick_win").read_text())
    (tmp_path / "en" / "tech_stack.j2").write_text("+++\n")
    (tmp_path / "stray.j2").write_text("+++\n")
    answer = await office.get("/api/templates", "auditor")
    found = answer.json()
    assert [one["file"] for one in found["templates"] if one["own"]] == ["en/quick_win.j2"]
    assert {one["file"] for one in found["problems"]} == {"en/tech_stack.j2", "stray.j2"}
    assert found["folder"] == tmp_path.name
    assert str(tmp_path.parent) not in answer.text


async def test_a_preview_is_what_would_be_written_and_is_recorded_as_read(office: Office, leads: list[Lead]) -> None:
    path = f"/api/templates/nothing/preview?lead={leads[0].lead_id}"
    assert (await office.http.get(path, headers=office.headers("reviewer"))).status_code == 404
    path = "/api/templates/quick_win/preview?lead=00000000-0000-5000-8000-000000000000"
    assert (await office.http.get(path, headers=office.headers("reviewer"))).status_code == 404
    path = f"/api/templates/quick_win/preview?lead={leads[0].lead_id}"
    answer = await office.http.get(path, headers=office.headers("reviewer"))
    assert answer.status_code == 200
    found = answer.json()
    assert found["passed"]
    assert not found["stops"]
    assert "Head of Engines" in found["text"]
    assert {"company", "title"} <= {claim["field"] for claim in found["claims"]}
    told = [one.decode(CONTROL).event for one in await office.backend.log.tail(CONTROL, ["access"], 0, count=1_000)]
    assert [one.people for one in told if isinstance(one, PersonalRead)] == [(leads[0].lead_id,)]
    assert (await office.http.get(path, headers=office.headers("auditor"))).status_code == 403
