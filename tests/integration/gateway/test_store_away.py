"""While the store is away nothing is answered as done, nobody is let in, and it says so; then it goes on by itself."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.runtime.server_process import ThrowAwayServer
from tests.integration.gateway.office import Lead, Office


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> ThrowAwayServer:
    return ThrowAwayServer(Path(tmp_path_factory.mktemp("s")))


@pytest.fixture
async def redis_url(server: ThrowAwayServer) -> AsyncIterator[str]:
    """A store of this test's own, which it may kill."""
    with server:
        yield server.url


async def test_I16_store_away_is_503_for_all_and_nothing_is_lost(
    office: Office, leads: list[Lead], server: ThrowAwayServer
) -> None:
    path = f"/api/emails/{leads[0].email_id}/approve"
    server.kill()
    for answer in (
        await office.get("/api/health/ready"),
        await office.get("/api/me"),
        await office.post(path, {"expected_version": 1}, headers={"Idempotency-Key": "k"}),
    ):
        assert (answer.status_code, answer.json()["type"]) == (503, "urn:swarm:store-unavailable")
        assert int(answer.headers["retry-after"]) > 0
    assert (await office.get("/api/health/live")).status_code == 200
    server.start()
    answer = await office.post(path, {"expected_version": 1}, headers={"Idempotency-Key": "k"})
    assert (answer.status_code, answer.json()["status"]) == (200, "recorded")
    assert (await office.get("/api/health/ready")).status_code == 200
