"""Imported files on their way: chunks under the hash of the whole, kept until the last run that needs them is over.

This is the one place outside the log where a prospect's data waits, so it also expires by itself after a week.
"""

from collections.abc import Sequence
from pathlib import Path

from services.runtime import keys
from services.runtime.redis_client import Client, ask, named_failures

KEPT_S = 7 * 24 * 3600
DROP = (Path(__file__).parent / "drop_file.lua").read_text()


class FileStore:
    """Chunks of files by content; one namespace never sees another's."""

    def __init__(self, client: Client, namespace: str) -> None:
        self._client = client
        self._namespace = namespace

    async def put(self, sha256: str, run_id: str, chunks: Sequence[bytes]) -> None:
        """Keep a file for a run. Storing the same content again only adds the run."""
        name = keys.file(self._namespace, sha256)
        runs = keys.file_runs(self._namespace, sha256)
        async with named_failures():
            # Each write brings its own end along: a process that dies here must not leave personal data for ever.
            await self._write(runs, "SADD", runs, run_id)
            for index, chunk in enumerate(chunks):
                await self._write(name, "HSET", name, index, chunk)

    async def _write(self, name: str, *command: str | int | bytes) -> None:
        pipeline = self._client.pipeline(transaction=True)
        pipeline.execute_command(*command)
        pipeline.expire(name, KEPT_S)
        await pipeline.execute()

    async def chunk(self, sha256: str, index: int) -> bytes | None:
        """One chunk; None where the file is not, or no longer, stored."""
        async with named_failures():
            found: bytes | None = await ask(self._client, "HGET", keys.file(self._namespace, sha256), index)
        return found

    async def drop(self, sha256: str, run_id: str) -> None:
        """The run is over; the file goes with the last of its runs. Repeating it does nothing."""
        names = (keys.file_runs(self._namespace, sha256), keys.file(self._namespace, sha256))
        async with named_failures():
            await ask(self._client, "EVAL", DROP, len(names), *names, run_id)
