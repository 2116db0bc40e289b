"""Commands to accounts over a log: once per command, one secret, and never a namespace without the admin it had."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.access import AccessAccount, account_id_of
from contracts.errors import BadInput, DecisionRefused, KeyReused, SecretShown, SwarmError, Unauthenticated
from contracts.facts import Ref
from services.access.credential import hash_of, parse, token_id_of, write
from services.commands.accounts import Accounts
from services.runtime.log import Answer, EventLog, Recorded, Unit
from services.runtime.log_memory import MemoryLog
from tests.controls import REVIEWER
from tests.unit.runtime_loop.loops import facts, now

COMMAND = str(uuid4())
LIFE = timedelta(days=90)


LOGINS = ("ann", "bob", "eve")


class Desk:
    """Commands over a log in memory, each under an id of its own unless a test says otherwise."""

    def __init__(self, log: EventLog | None = None) -> None:
        self.log = log or MemoryLog()
        self.drawn = 0
        self.accounts = Accounts(self.log, now, self._draw)

    def _draw(self) -> bytes:
        self.drawn += 1
        return hash_of(b"%d" % self.drawn).encode()[:32]

    async def add(self, login: str, *roles: str) -> None:
        await self.accounts.open_account(login, name="", roles=roles, actor=REVIEWER, command_id=str(uuid4()))

    async def give(self, login: str, *roles: str) -> None:
        await self.accounts.change_roles(login, roles=roles, actor=REVIEWER, command_id=str(uuid4()))

    async def close(self, login: str) -> None:
        await self.accounts.close_account(login, reason="", actor=REVIEWER, command_id=str(uuid4()))

    async def token(self, login: str, command_id: str = "", label: str = "") -> str:
        _, text = await self.accounts.create_token(
            login, label=label, scopes=(), life=LIFE, actor=REVIEWER, command_id=command_id or str(uuid4())
        )
        return text

    async def admins(self) -> set[str]:
        """Who is one, asked of the log's snapshots."""
        refs = {login: Ref("access", account_id_of(login)) for login in LOGINS}
        loaded = await self.log.load(0, list(refs.values()))
        states = {login: loaded[ref].state for login, ref in refs.items()}
        return {login for login, one in states.items() if isinstance(one, AccessAccount) and one.is_admin}


async def test_command_is_carried_out_once_and_repeated_with_its_receipt() -> None:
    desk = Desk()
    receipts = [
        await desk.accounts.open_account("ann", name="", roles=("admin",), actor=REVIEWER, command_id=COMMAND)
        for _ in range(2)
    ]
    assert [one and one.status for one in receipts] == ["recorded", "repeated"]
    with pytest.raises(KeyReused):
        await desk.accounts.open_account("ann", name="", roles=("auditor",), actor=REVIEWER, command_id=COMMAND)
    assert (
        await desk.accounts.open_account("ANN", name="", roles=("admin",), actor=REVIEWER, command_id=str(uuid4()))
        is None
    )
    assert len(await facts(desk.log)) == 1


async def test_token_is_told_once_and_a_repeat_is_told_which_it_was() -> None:
    desk = Desk()
    await desk.add("ann", "reviewer")
    text = await desk.token("ann", COMMAND)
    assert parse(text).token_id == token_id_of(COMMAND)
    with pytest.raises(SecretShown) as caught:
        await desk.token("ann", COMMAND)
    assert caught.value.values == {"token_id": token_id_of(COMMAND)}
    with pytest.raises(KeyReused):
        await desk.token("ann", COMMAND, "another label")
    assert (await desk.accounts.authenticate(text)).login == "ann"
    assert len(await facts(desk.log)) == 2


class Forgetful(MemoryLog):
    """A log that lost what it answered to commands, as after the day for which it keeps that."""

    async def answered(self, partition: int, command_id: str) -> None:
        return None


async def test_repeat_is_known_by_the_token_where_the_command_is_forgotten() -> None:
    desk = Desk(Forgetful())
    await desk.add("ann", "reviewer")
    await desk.token("ann", COMMAND)
    with pytest.raises(SecretShown):
        await desk.token("ann", COMMAND)
    assert len(await facts(desk.log)) == 2


async def test_secret_is_in_no_fact() -> None:
    desk = Desk()
    await desk.add("ann", "reviewer")
    text = await desk.token("ann")
    secret = hash_of(b"1").encode()[:32]
    assert text == write(account_id_of("ann"), parse(text).token_id, secret)
    stored = b"".join(one.entry.b for one in await desk.log.tail(0, ["access"], 0, count=9))
    assert hash_of(secret).encode() in stored
    assert secret not in stored
    assert text.encode() not in stored


async def test_revoked_token_is_dead_at_once_and_the_other_lives() -> None:
    desk = Desk()
    await desk.add("ann", "reviewer")
    lost, kept = await desk.token("ann"), await desk.token("ann")
    await desk.accounts.revoke_token("ann", parse(lost).token_id, reason="", actor=REVIEWER, command_id=COMMAND)
    with pytest.raises(Unauthenticated):
        await desk.accounts.authenticate(lost)
    assert (await desk.accounts.authenticate(kept)).login == "ann"


async def test_half_a_character_is_bad_input() -> None:
    desk = Desk()
    with pytest.raises(BadInput, match="half a character"):
        await desk.accounts.open_account("ann", name="\ud800", roles=("admin",), actor=REVIEWER, command_id=COMMAND)
    with pytest.raises(BadInput):
        await desk.close("\ud800")


class Meeting(MemoryLog):
    """A log on which the next two commits wait for each other: both have loaded by then."""

    def __init__(self, *, careless: bool) -> None:
        super().__init__()
        self.careless = careless
        self.awaited = 0
        self.barrier = asyncio.Barrier(2)

    async def commit(
        self, partition: int, units: Sequence[Unit], acks: Mapping[tuple[str, str], Sequence[int]] | None = None
    ) -> list[Answer]:
        if self.awaited:
            self.awaited -= 1
            await self.barrier.wait()
        if self.careless:
            units = [one._replace(expects=one.expects[:1]) for one in units]
        return await super().commit(partition, units, acks)


@pytest.mark.parametrize(("careless", "left"), [(False, 1), (True, 0)], ids=["expected", "not expected"])
async def test_of_two_admins_who_close_each_other_at_once_one_stays(careless: bool, left: int) -> None:
    """Only the versions of the other admins keep them apart: without them both are gone."""
    log = Meeting(careless=careless)
    desk = Desk(log)
    await desk.add("ann", "admin")
    await desk.add("bob", "admin")
    log.awaited = 2
    done = await asyncio.gather(desk.close("ann"), desk.close("bob"), return_exceptions=True)
    assert len(await desk.admins()) == left
    assert [type(one) for one in done if one] == [DecisionRefused] * left


class Long(MemoryLog):
    """A log that is too long to be followed."""

    async def tail(
        self, partition: int, categories: Sequence[str], after: int, *, count: int, block_ms: int = 0
    ) -> list[Recorded]:
        raise AssertionError("the log was followed")


async def test_who_the_admins_are_is_not_read_from_the_whole_log() -> None:
    desk = Desk(Long())
    for login in LOGINS:
        await desk.add(login, "admin")
    await desk.give("eve", "reviewer")
    await desk.close("bob")
    with pytest.raises(DecisionRefused):
        await desk.close("ann")
    assert await desk.admins() == {"ann"}


STEPS = st.lists(
    st.tuples(
        st.sampled_from(("add", "give", "close")),
        st.sampled_from(LOGINS),
        st.sets(st.sampled_from(("reviewer", "admin")), max_size=2),
    ),
    max_size=15,
)


@settings(max_examples=150, deadline=None)
@given(STEPS)
def test_namespace_that_had_an_open_admin_keeps_one(steps: list[tuple[str, str, set[str]]]) -> None:
    async def walk() -> None:
        desk = Desk()
        had = False
        for what, login, roles in steps:
            try:
                match what:
                    case "add":
                        await desk.add(login, *roles)
                    case "give":
                        await desk.give(login, *roles)
                    case _:
                        await desk.close(login)
            except SwarmError:
                pass
            admins = await desk.admins()
            assert admins or not had
            had = had or bool(admins)

    asyncio.run(walk())
