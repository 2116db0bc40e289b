"""A tail that waits on several streams may be answered by one of them alone, and passes nothing that another holds."""

from typing import Any

import pytest

from services.runtime import log_redis
from services.runtime.namespace import open_log
from services.runtime.redis_client import Client, ask
from tests.conformance.logs import seqs, sourced, together, unit
from tests.controls import email_drafted


async def test_I12_tail_woken_by_one_stream_passes_no_hole_in_the_positions(
    redis_url: str, namespace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = await open_log(redis_url, namespace, identity_key=b"k" * 32, partitions=1)

    async def as_older_servers_do(client: Client, *command: str | int | bytes) -> Any:
        """Servers before Redis 7 wake a reader with the stream that moved first, and nothing else."""
        reply = await ask(client, *command)
        return [one for one in reply if one[0].endswith(b"lead")] if "BLOCK" in command else reply

    monkeypatch.setattr(log_redis, "ask", as_older_servers_do)
    await log.commit(0, [together(together(unit(sourced(1)), unit(email_drafted())), unit(sourced(2)))])
    # Not `tail`: who waits there is only told of what comes later, and looks without waiting before.
    found = await log._tail(0, ["email", "lead"], 0, count=10, block_ms=5_000)
    assert seqs(found) == [1, 2, 3]
    await log.close()
