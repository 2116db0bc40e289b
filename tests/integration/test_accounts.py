"""Tokens over a real store: only the one text opens, in its own namespace, for as long as it should."""

import asyncio
import base64
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from contracts.access import account_id_of
from contracts.errors import DecisionRefused, StoreUnavailable, Unauthenticated
from services.access.credential import LENGTH, PREFIX, SECRET_BYTES, parse, write
from services.commands.accounts import Accounts
from services.projections.rebuild import rebuild
from services.projections.verify import verify
from services.projections.views import ACCOUNTS, AUDIT, VIEWS
from services.runtime.log_redis import RedisLog
from services.runtime.namespace import open_log
from services.runtime.server_process import ThrowAwayServer
from services.runtime.view_store import ViewStore
from tests.controls import AT, REVIEWER

KEY = b"k" * 32
LIFE = timedelta(hours=1)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@dataclass
class Desk:
    """Commands over a real log, at a time that a test holds."""

    log: RedisLog
    now: datetime = AT
    accounts: Accounts = field(init=False)

    def __post_init__(self) -> None:
        self.accounts = Accounts(self.log, lambda: self.now, lambda: secrets.token_bytes(SECRET_BYTES))

    async def add(self, login: str, *roles: str) -> None:
        await self.accounts.open_account(login, name="", roles=roles, actor=REVIEWER, command_id=str(uuid4()))

    async def token(self, login: str) -> str:
        _, text = await self.accounts.create_token(
            login, label="", scopes=(), life=LIFE, actor=REVIEWER, command_id=str(uuid4())
        )
        return text

    async def close(self, login: str) -> None:
        await self.accounts.close_account(login, reason="", actor=REVIEWER, command_id=str(uuid4()))

    async def revoke(self, login: str, text: str) -> None:
        await self.accounts.revoke_token(
            login, parse(text).token_id, reason="", actor=REVIEWER, command_id=str(uuid4())
        )

    async def opens(self, text: str) -> bool:
        """Whether somebody is let in with this."""
        try:
            await self.accounts.authenticate(text)
        except Unauthenticated:
            return False
        return True


@pytest.fixture(params=[1, 4], ids=["one partition", "four partitions"])
async def desk(request: pytest.FixtureRequest, redis_url: str, namespace: str) -> AsyncIterator[Desk]:
    log = await open_log(redis_url, namespace, identity_key=KEY, partitions=request.param)
    desk = Desk(log)
    await desk.add("ann", "reviewer")
    yield desk
    await log.close()


async def test_token_opens_for_its_owner(desk: Desk) -> None:
    person = await desk.accounts.authenticate(await desk.token("ann"))
    assert (person.login, person.roles, person.expires_at) == ("ann", ("reviewer",), AT + LIFE)


async def test_token_with_any_character_changed_opens_nothing(desk: Desk) -> None:
    text = await desk.token("ann")
    for place in range(LENGTH):
        changed = LETTERS[(LETTERS.index(text[place]) + 1) % len(LETTERS)]
        assert not await desk.opens(text[:place] + changed + text[place + 1 :])
    assert await desk.opens(text)


async def test_token_with_any_byte_changed_opens_nothing(desk: Desk) -> None:
    text = await desk.token("ann")
    content = base64.urlsafe_b64decode(text.removeprefix(PREFIX) + "=")
    for place in range(len(content)):
        changed = bytearray(content)
        changed[place] ^= 1
        assert not await desk.opens(PREFIX + base64.urlsafe_b64encode(changed).rstrip(b"=").decode())


async def test_token_of_somebody_else_opens_nothing_of_mine(desk: Desk) -> None:
    await desk.add("bob", "admin")
    mine, other = await desk.token("ann"), await desk.token("bob")
    content = base64.urlsafe_b64decode(other.removeprefix(PREFIX) + "=")
    assert (await desk.accounts.authenticate(other)).login == "bob"
    assert not await desk.opens(write(parse(mine).account_id, parse(other).token_id, content[-SECRET_BYTES:]))


async def test_token_of_another_namespace_opens_nothing(desk: Desk, redis_url: str) -> None:
    elsewhere = await open_log(redis_url, f"{desk.log.namespace}x", identity_key=KEY)
    other = Desk(elsewhere)
    await other.add("ann", "reviewer")
    text = await other.token("ann")
    assert await other.opens(text)
    assert not await desk.opens(text)
    await elsewhere.close()


async def test_token_expires(desk: Desk) -> None:
    text = await desk.token("ann")
    desk.now = AT + LIFE - timedelta(microseconds=1)
    assert await desk.opens(text)
    desk.now = AT + LIFE
    assert not await desk.opens(text)


async def test_revoked_token_is_dead_at_once(desk: Desk) -> None:
    text, other = await desk.token("ann"), await desk.token("ann")
    await desk.revoke("ann", text)
    assert not await desk.opens(text)
    assert await desk.opens(other)


async def test_tokens_of_a_closed_account_are_dead_and_stay_so(desk: Desk) -> None:
    text = await desk.token("ann")
    await desk.close("ann")
    assert not await desk.opens(text)
    await desk.add("ann", "reviewer")
    assert not await desk.opens(text)
    assert await desk.opens(await desk.token("ann"))


async def test_of_admins_who_all_close_each_other_at_once_one_stays(desk: Desk) -> None:
    admins = [f"admin{number}" for number in range(4)]
    for login in admins:
        await desk.add(login, "admin")
    done = await asyncio.gather(*(desk.close(login) for login in admins), return_exceptions=True)
    assert [type(one) for one in done if one] == [DecisionRefused]


async def test_views_tell_the_story_and_stand_as_the_log_says(desk: Desk, redis_url: str) -> None:
    lost = await desk.token("ann")
    await desk.token("ann")
    await desk.revoke("ann", lost)
    await desk.add("bob", "admin")
    await desk.close("ann")
    store = ViewStore(redis_url, desk.log.namespace)
    await rebuild(desk.log, store, list(VIEWS.values()), grace_s=0)
    rows = dict(await store.by_rank(ACCOUNTS, count=9))
    assert [(row.login, row.open, len(row.tokens)) for row in rows.values()] == [("ann", False, 2), ("bob", True, 0)]
    assert set(rows) == {account_id_of("ann"), account_id_of("bob")}
    assert await store.count(AUDIT) == 6
    report = await verify(desk.log, store)
    assert (report.first, report.facts, report.aggregates) == (None, 6, 2)
    await store.close()


async def test_door_stays_shut_while_the_store_is_away(server: ThrowAwayServer, namespace: str) -> None:
    log = await open_log(server.url, namespace, identity_key=KEY)
    desk = Desk(log)
    await desk.add("ann", "reviewer")
    text = await desk.token("ann")
    server.stop()
    with pytest.raises(StoreUnavailable):
        await desk.accounts.authenticate(text)
    await log.close()
