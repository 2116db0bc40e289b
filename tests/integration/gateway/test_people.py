"""People and tokens over HTTP: who is let in as what, tokens for oneself, and no secret but the one just made."""

from datetime import timedelta
from uuid import uuid4

import httpx
import pytest

from contracts.access import account_id_of
from services.access.credential import parse
from tests.integration.gateway.office import FOUNDER, HERE, NOW, Office, cookie, page

NEW = {"login": "Kim", "name": "Kim Lee", "roles": ["reviewer", "auditor"]}


async def in_page(office: Office, role: str, path: str, body: object, **headers: str) -> httpx.Response:
    """Command as somebody of this role who signed in."""
    return await office.http.post(path, json=body, headers=page(await office.session(role)) | headers)


async def items(office: Office, path: str, role: str, **query: str | int) -> list[dict[str, object]]:
    await office.caught_up()
    answer = await office.get(path, role, **query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, object]] = answer.json()["items"]
    return found


async def test_somebody_is_let_in_changed_and_let_in_no_more(office: Office) -> None:
    added = await in_page(office, "admin", "/api/users", NEW)
    assert (added.status_code, added.json()["receipt"]["by"]) == (200, "person:alan@swarm")
    assert added.headers["x-swarm-position"] == added.json()["receipt"]["position"]
    assert (await in_page(office, "admin", "/api/users", NEW)).json() == {"receipt": None}
    changed = await office.post("/api/users/kim/roles", {"roles": ["operator"]}, "admin")
    assert changed.json()["receipt"]["about"] == account_id_of("kim")
    closed = await office.post("/api/users/kim/close", {"reason": "left"}, "admin")
    assert closed.json()["receipt"]["status"] == "recorded"
    kim = (await items(office, "/api/users", "admin"))[-1]
    assert (kim["login"], kim["name"], kim["roles"], kim["open"]) == ("kim", "Kim Lee", ["operator"], False)
    said = {row["words"] for row in await items(office, "/api/audit", "admin") if row["about"] == account_id_of("kim")}
    assert said == {"left", "operator", "kim as reviewer, auditor"}


async def test_command_sent_again_is_carried_out_once(office: Office) -> None:
    keyed = {"Idempotency-Key": "k"}
    first, again = [await office.post("/api/users", NEW, "admin", headers=keyed) for _ in range(2)]
    assert [one.json()["receipt"]["status"] for one in (first, again)] == ["recorded", "repeated"]
    other = await office.post("/api/users", NEW | {"login": "lee"}, "admin", headers=keyed)
    assert (other.status_code, other.json()["type"]) == (422, "urn:swarm:idempotency-key-reused")


@pytest.mark.parametrize(
    ("path", "body", "status", "field"),
    [
        ("/api/users", NEW | {"login": "k im"}, 422, "login"),
        ("/api/users", NEW | {"roles": []}, 422, "roles"),
        ("/api/users", NEW | {"roles": ["king"]}, 422, "roles"),
        ("/api/users", NEW | {"name": "x" * 201}, 422, "name"),
        ("/api/users/k im/roles", {"roles": ["admin"]}, 422, "login"),
        ("/api/users/nobody/roles", {"roles": ["admin"]}, 404, None),
        ("/api/users/nobody/link", {}, 404, None),
        ("/api/users/nobody/close", {}, 404, None),
        ("/api/users/alan/close", {}, 409, None),
        ("/api/users/alan/roles", {"roles": ["reviewer"]}, 409, None),
        ("/api/users?login=kim", NEW, 422, "query"),
    ],
)
async def test_what_cannot_be_is_refused(
    office: Office, path: str, body: object, status: int, field: str | None
) -> None:
    answer = await office.post(path, body, "admin")
    assert (answer.status_code, answer.json()["values"].get("field")) == (status, field)


async def test_list_of_people_counts_what_lives_and_holds_no_secret(office: Office) -> None:
    text = await office.session("reviewer")
    await office.backend.sign_ins.set_password("vera", "correct horse battery", FOUNDER)
    found = {str(row["login"]): row for row in await items(office, "/api/users", "admin")}
    assert sorted(found) == ["alan", "grace", "otto", "vera"]
    assert (found["grace"]["tokens"], found["grace"]["sessions"], found["grace"]["password_at"]) == (1, 1, None)
    assert found["vera"]["password_at"] == NOW.isoformat().replace("+00:00", "Z")
    assert not any(one in str(found) for one in ("argon2", "hash", text))


async def test_link_is_of_the_address_that_was_asked_and_says_who_made_it(office: Office) -> None:
    made = (await in_page(office, "admin", "/api/users/grace/link", {})).json()
    assert made["expires_at"] == (NOW + timedelta(minutes=10)).isoformat().replace("+00:00", "Z")
    address, _, secret = made["link"].partition("#sign-in=")
    assert address == f"{HERE}/"
    answer = await office.http.post("/api/session/link", json={"secret": secret})
    assert (answer.status_code, answer.json()["login"]) == (200, "grace")
    office.http.cookies.clear()
    signed_in = (await items(office, "/api/tokens", "reviewer", kind="session"))[0]
    assert (signed_in["way"], signed_in["label"]) == ("link", "link of alan@swarm")
    said = [row["words"] for row in await items(office, "/api/audit", "admin")]
    assert f"{signed_in['token_id']}: signed in by link, link of alan@swarm" in said


async def test_token_for_oneself_is_told_once(office: Office) -> None:
    session = await office.session("reviewer")
    wish = {"label": "laptop", "scopes": ["read"], "days": 7}
    keyed = page(session) | {"Idempotency-Key": "k"}
    made = await office.http.post("/api/tokens", json=wish, headers=keyed)
    told = made.json()
    assert (made.status_code, told["token_id"]) == (200, parse(told["token"]).token_id)
    assert told["expires_at"] == (NOW + timedelta(days=7)).isoformat().replace("+00:00", "Z")
    person = await office.backend.accounts.authenticate(told["token"])
    assert (person.login, person.permissions) == ("grace", ("read",))
    again = await office.http.post("/api/tokens", json=wish, headers=keyed)
    assert (again.status_code, again.json()["type"]) == (409, "urn:swarm:secret-already-shown")
    listed = await items(office, "/api/tokens", "reviewer", kind="token")
    assert sorted((str(one["label"]), one["scopes"], one["lives"], one["ours"]) for one in listed) == [
        ("", [], True, True),
        ("laptop", ["read"], True, False),
    ]
    assert told["token"] not in str(listed)
    assert "hash" not in str(listed)


@pytest.mark.parametrize(
    ("wish", "status"),
    [
        ({"days": 0}, 422),
        ({"days": 367}, 422),
        ({"scopes": ["fly"]}, 422),
        ({"scopes": ["admin"]}, 409),
        ({"label": "x" * 65}, 422),
        ({"login": "alan"}, 422),
    ],
)
async def test_token_that_cannot_be_is_refused(office: Office, wish: dict[str, object], status: int) -> None:
    assert (await in_page(office, "reviewer", "/api/tokens", wish)).status_code == status


async def test_everybody_sees_their_own_and_an_admin_all(office: Office) -> None:
    await office.session("operator")
    by_role = {role: await items(office, "/api/tokens", role) for role in ("reviewer", "operator", "admin")}
    assert {one["login"] for one in by_role["reviewer"]} == {"grace"}
    assert [(one["login"], one["kind"]) for one in by_role["operator"]].count(("otto", "session")) == 1
    assert {one["login"] for one in by_role["admin"]} == {"grace", "otto", "vera", "alan"}
    assert {one["login"] for one in await items(office, "/api/tokens", "admin", login="otto")} == {"otto"}
    assert await items(office, "/api/tokens", "reviewer", login="otto") == []


async def test_tokens_come_in_pages_and_each_once(office: Office) -> None:
    for _ in range(5):
        await office.session("reviewer")
    await office.caught_up()
    found, cursor = list[str](), ""
    while True:
        answer = (await office.get("/api/tokens", "reviewer", limit=2, cursor=cursor)).json()
        assert len(answer["items"]) <= 2
        found += [one["token_id"] for one in answer["items"]]
        cursor = answer["next"]
        if not cursor:
            break
    assert len(found) == len(set(found)) == 6


async def test_own_token_and_session_are_ended_and_others_are_not_found(office: Office) -> None:
    mine, other = await office.session("reviewer"), await office.session("operator")
    await office.caught_up()
    paths = {text: f"/api/tokens/{parse(text).token_id}/revoke" for text in (mine, other, office.tokens["reviewer"])}
    at_page = page(await office.session("reviewer"))

    async def revoke(path: str) -> httpx.Response:
        return await office.http.post(path, json={"reason": "lost"}, headers=at_page)

    refused, unknown = await revoke(paths[other]), await revoke(f"/api/tokens/{'0' * 16}/revoke")
    assert (refused.status_code, unknown.status_code) == (404, 404)
    assert refused.json() | {"instance": ""} == unknown.json() | {"instance": ""}
    for text in (mine, office.tokens["reviewer"]):
        assert (await revoke(paths[text])).json()["receipt"]["status"] == "recorded"
        assert (await revoke(paths[text])).json() == {"receipt": None}
    assert (await office.http.get("/api/me", headers=cookie(mine))).status_code == 401
    assert (await office.get("/api/me", "reviewer")).status_code == 401
    assert (await in_page(office, "admin", paths[other], {})).status_code == 200
    assert (await office.http.get("/api/me", headers=cookie(other))).status_code == 401


async def test_narrowed_admin_sees_no_name(office: Office) -> None:
    _, text = await office.backend.accounts.create_token(
        "alan",
        label="",
        scopes=("read", "admin"),
        life=timedelta(hours=1),
        actor=FOUNDER,
        command_id=str(uuid4()),
    )
    await office.caught_up()
    answer = await office.http.get("/api/users", headers={"Authorization": f"Bearer {text}"})
    assert {row["name"] for row in answer.json()["items"]} == {"[redacted]"}
