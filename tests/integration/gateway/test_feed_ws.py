"""The feed over a WebSocket: the same facts, and a close that says why."""

import asyncio
import socket as sockets
from collections.abc import Callable
from datetime import timedelta
from time import monotonic
from uuid import uuid4

import msgspec
import pytest

from contracts.envelope import Personal
from gateway.hub import Bounds
from gateway.personal import feed_opened
from tests import controls
from tests.integration.gateway.office import FOUNDER, Lead, Office
from tests.integration.gateway.sockets import PATIENCE_S, Served, dial, end, hear, served
from tests.unit.projections.stories import ADA, Step

SLOW_S = 0.05
PATIENT = Bounds(slow_s=PATIENCE_S, leave_s=PATIENCE_S)


@pytest.fixture(autouse=True)
async def been_before(office: Office) -> None:
    """The admin opened a feed within the hour, so opening one more records nothing between the facts of a test."""
    await feed_opened(office.backend, await office.backend.accounts.authenticate(office.tokens["admin"], "token"))


async def test_facts_come_in_order_with_their_places_and_a_cut_loses_none(office: Office, leads: list[Lead]) -> None:
    head = await office.backend.log.head(0)
    async with served(office) as server:
        async with dial(server, office.headers("admin"), "?from=0:0") as client:
            first = await hear(client, 7)
        async with dial(server, office.headers("admin"), f"?from={first[-1]['id']}") as client:
            rest = await hear(client, head - 7)
            await office.tell(Lead(number=9).step())
            live = await hear(client, 4)
    told = [*first, *rest, *live]
    assert [one["id"] for one in told] == [f"0:{seq}" for seq in range(1, head + 5)]
    assert {one["event"] == one["data"]["type"] for one in told} == {True}
    assert [one["data"]["email_id"] for one in live] == ["", "", "", Lead(number=9).email_id]


async def test_filters_and_silence(office: Office, leads: list[Lead]) -> None:
    head = await office.backend.log.head(0)
    async with served(office) as server:
        server.hub.bounds = Bounds(quiet_s=0.05)
        actors = "&actor=agent:hunter&actor=agent:crafter"
        query = f"?from=0:0&type=email.drafted.v1&lead_id={leads[2].lead_id}{actors}"
        async with dial(server, office.headers("auditor"), query) as client:
            fact, *silence = await hear(client, 3)
    assert (fact["event"], fact["data"]["lead_id"]) == ("email.drafted.v1", leads[2].lead_id)
    assert "[redacted]" in str(fact["data"])
    assert silence == [{"event": "here", "id": f"0:{head}"}] * 2


async def test_only_what_somebody_did_is_told(office: Office, leads: list[Lead]) -> None:
    async with served(office) as server, dial(server, office.headers("admin"), f"?actor={ADA}") as client:
        await office.tell(Lead(number=9).step())
        await office.tell(Step(0, (controls.email_rejected(**leads[0].seen),), ADA))
        [told] = await hear(client, 1)
    assert (told["event"], told["data"]["actor"]) == ("email.rejected.v1", str(ADA))


async def test_place_that_is_not_in_this_log_is_reset(office: Office) -> None:
    head = await office.backend.log.head(0)
    async with served(office) as server, dial(server, office.headers("admin"), f"?from=0:{head + 1}") as client:
        [told] = await hear(client, 1)
    assert (told["event"], told["id"]) == ("reset", f"0:{head}")


@pytest.mark.parametrize(("what", "code"), [("roles", 4403), ("closed", 4401), ("revoked", 4401)])
async def test_feed_is_closed_when_its_reader_may_not_listen_any_more(office: Office, what: str, code: int) -> None:
    accounts = office.backend.accounts
    await accounts.open_account("temp", name="", roles=["reviewer"], actor=FOUNDER, command_id=str(uuid4()))
    _, text = await accounts.create_token(
        "temp", label="", scopes=(), life=timedelta(days=1), actor=FOUNDER, command_id=str(uuid4())
    )
    headers = {"Authorization": f"Bearer {text}"}
    async with served(office) as server, dial(server, headers) as client:
        if what == "roles":
            await accounts.change_roles("temp", roles=["auditor"], actor=FOUNDER, command_id=str(uuid4()))
        elif what == "closed":
            await accounts.close_account("temp", reason="left", actor=FOUNDER, command_id=str(uuid4()))
        else:
            token_id = (await accounts.authenticate(text)).token_id
            await accounts.revoke_token("temp", token_id, reason="lost", actor=FOUNDER, command_id=str(uuid4()))
        await office.tell(Lead(number=9).step())
        assert await end(client) == (code, [])


async def test_stop_closes_it_as_going_away(office: Office) -> None:
    async with served(office) as server, dial(server, office.headers("admin")) as client:
        server.stopping.set()
        assert await end(client) == (1001, [])


@pytest.mark.parametrize("said", [["x" * 5_000], ["x"] * 70])
async def test_who_says_much_to_a_socket_that_only_tells_is_closed(office: Office, said: list[str]) -> None:
    async with served(office) as server, dial(server, office.headers("admin")) as client:
        for word in said:
            await client.send(word)
        assert await end(client) == (1008, [])


async def test_what_little_is_said_is_disregarded(office: Office) -> None:
    async with served(office) as server, dial(server, office.headers("admin")) as client:
        for word in ("hello", b"\x00", "{"):
            await client.send(word)
        await office.tell(Lead(number=9).step())
        assert len(await hear(client, 4)) == 4


def long(number: int) -> Step:
    """A draft so long that a few of them fill whatever lies between the server and a reader."""
    lead = Lead(number=number)
    content = msgspec.structs.replace(lead.content, text=Personal.plain("x" * 400_000))
    *before, _ = lead.story()
    return Step(0, (*before, lead.drafted(content=content)))


def drain(asking: sockets.socket) -> bytes:
    """What is still on its way, until the connection ends; the last of it."""
    last = b""
    while some := asking.recv(1 << 20):
        last = some
    return last


async def until(seen: Callable[[], bool]) -> None:
    """Wait, within bounds, for something that the server does by itself."""
    async with asyncio.timeout(PATIENCE_S):
        while not seen():  # noqa: ASYNC110 - It tells nobody.
            await asyncio.sleep(0.005)


async def fill(office: Office) -> None:
    for number in range(20, 50):
        await office.teller.tell([long(number)])


def ask_for_feed(server: Served, office: Office, asking: sockets.socket) -> None:
    """Listen without reading."""
    asking.connect(("127.0.0.1", server.port))
    token = office.tokens["admin"]
    asking.sendall(
        f"GET /api/feed HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
    )
    asking.settimeout(PATIENCE_S)


async def test_I16_who_does_not_read_for_a_while_is_told_so_and_nobody_else_is_held_up(office: Office) -> None:
    start = await office.backend.log.head(0)
    async with served(office) as server:
        server.hub.bounds = PATIENT
        async with (
            dial(server, office.headers("admin"), max_queue=1) as slow,
            dial(server, office.headers("admin")) as quick,
        ):
            reading = asyncio.create_task(hear(quick, 120))
            await fill(office)
            assert [one["id"] for one in await reading] == [f"0:{start + n}" for n in range(1, 121)]
            await until(lambda: [one._away for one in server.hub.readers].count(True) == 1)
            server.hub.bounds = PATIENT._replace(slow_s=SLOW_S)
            await until(lambda: any(one._slow_since for one in server.hub.readers))
            code, told = await end(slow)
    assert (code, told[-1]["event"]) == (4408, "slow")
    assert [one["id"] for one in told[:-1]] == [f"0:{start + n}" for n in range(1, len(told))]
    assert (told[-1]["id"], len(told) < 120) == (told[-2]["id"], True)


async def test_I16_who_never_reads_is_cut_off(office: Office) -> None:
    async with served(office) as server:
        server.hub.bounds = Bounds(slow_s=SLOW_S, leave_s=SLOW_S)
        with sockets.socket() as asking:
            ask_for_feed(server, office, asking)
            await until(lambda: len(server.hub.readers) == 1)
            await fill(office)
            await until(lambda: not server.hub.readers)
            left = await asyncio.to_thread(drain, asking)
    assert not left.endswith(b"0\r\n\r\n"), "what was not taken in time is not told any more"


async def test_I18_a_reader_who_does_not_read_does_not_hold_up_the_end(office: Office) -> None:
    with sockets.socket() as asking:
        async with served(office) as server:
            ask_for_feed(server, office, asking)
            await until(lambda: len(server.hub.readers) == 1)
            await fill(office)
            began = monotonic()
        assert monotonic() - began < 2.0
