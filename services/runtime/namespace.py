"""Opening a namespace: what is fixed when it is created, and what the server must promise before anything runs."""

import hashlib
from dataclasses import dataclass
from typing import Literal

from redis.exceptions import ResponseError

from contracts.errors import BadInput, UnsafeStore
from contracts.facts import KINDS
from services.runtime import keys
from services.runtime.log import WATERMARKS
from services.runtime.log_redis import RedisLog
from services.runtime.redis_client import Client, named_failures, writer

NAME_LENGTH_MAX = 40
NAME_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")
PARTITIONS_MAX = 64


@dataclass(frozen=True)
class Promise:
    """What an acknowledgement of this store means. `checked` is what was found, `accepted` what the operator said."""

    level: Literal["always", "relaxed", "provider"]
    words: str


async def check_server(client: Client, durability: str) -> Promise:
    """Make sure that the store keeps what it acknowledges.

    Args:
        durability: empty, `relaxed`, or `provider:<what it promises>` where a managed server hides its settings.

    Raises:
        UnsafeStore: it may evict, has no append-only file, or does not say, and the operator has not accepted that.
        StoreUnavailable: it does not answer.
    """
    async with named_failures():
        await client.ping()
        try:
            found: dict[str, str] = {}
            for name in ("maxmemory-policy", "appendonly", "appendfsync"):
                found |= {_text(k): _text(v) for k, v in (await client.config_get(name)).items()}
        except ResponseError as error:
            return _hidden(durability, error)
    if "appendonly" not in found:
        return _hidden(durability, None)
    policy = found.get("maxmemory-policy", "")
    if policy.startswith("allkeys") or (policy.startswith("volatile") and durability != "relaxed"):
        raise UnsafeStore(
            f"The store may evict {'facts' if policy.startswith('allkeys') else 'answers'} (maxmemory-policy {policy}).",
            "Set `maxmemory-policy noeviction` on the server.",
        )
    if found.get("appendonly") != "yes":
        if durability == "relaxed":
            return Promise("relaxed", "the store keeps nothing over a restart")
        raise UnsafeStore(
            "The store has no append-only file, so a restart would lose every fact.",
            "Set `appendonly yes` and `appendfsync always` on the server, or SWARM_DURABILITY=relaxed to accept that.",
        )
    if found.get("appendfsync") != "always":
        if durability == "relaxed":
            return Promise("relaxed", f"a power loss may lose a second of facts (appendfsync {found['appendfsync']})")
        raise UnsafeStore(
            f"The store answers before it has written to disk (appendfsync {found.get('appendfsync')}).",
            "Set `appendfsync always` on the server, or SWARM_DURABILITY=relaxed to accept losing about a second.",
        )
    return Promise("always", "what is acknowledged is on disk")


def _hidden(durability: str, error: Exception | None) -> Promise:
    kind, _, promise = durability.partition(":")
    if kind == "relaxed":
        return Promise("relaxed", "the store hides its settings")
    if kind == "provider" and promise:
        return Promise("provider", promise)
    raise UnsafeStore(
        "The store hides its settings, so nobody can tell whether it keeps facts.",
        "Set SWARM_DURABILITY=provider:<what your provider promises>.",
    ) from error


def _text(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def check_name(namespace: str) -> str:
    """The namespace, if it can be one.

    Raises:
        BadInput: it is empty, too long, or holds other characters than lower-case letters, digits, - and _.
    """
    if not (0 < len(namespace) <= NAME_LENGTH_MAX) or not all(c in NAME_CHARACTERS for c in namespace):
        raise BadInput(
            f"A namespace has 1 to {NAME_LENGTH_MAX} lower-case letters, digits, - or _.", "Check SWARM_NAMESPACE."
        )
    return namespace


async def open_log(url: str, namespace: str, *, identity_key: bytes, partitions: int = 1) -> RedisLog:
    """Open a namespace, creating it where it is new.

    Args:
        identity_key: what lead ids are derived from; a namespace takes one key for ever.
        partitions: used only when it is created; an existing namespace keeps its number.

    Raises:
        UnsafeStore: the namespace was made with another identity key, or folded by another version.
    """
    check_name(namespace)
    if not 1 <= partitions <= PARTITIONS_MAX:
        raise BadInput(
            f"A namespace has 1 to {PARTITIONS_MAX} partitions, not {partitions}.", "Check SWARM_PARTITIONS."
        )
    fingerprint = hashlib.sha256(b"identity:" + identity_key).hexdigest()[:16]
    client = writer(url)
    try:
        async with named_failures():
            meta = keys.meta(namespace)
            await client.hsetnx(meta, "identity", fingerprint)
            await client.hsetnx(meta, "partitions", str(partitions))
            fixed = {_text(k): _text(v) for k, v in (await client.hgetall(meta)).items()}
            if fixed["identity"] != fingerprint:
                raise UnsafeStore(
                    f"Namespace {namespace} was made with another identity key; with this one, known leads would be new.",
                    "Restore the identity key file that belongs to it (in SWARM_HOME), or use another namespace.",
                )
            kept = int(fixed["partitions"])
            for partition in range(kept if kept == 1 else kept + 1):
                await _open_partition(client, namespace, partition)
    finally:
        await client.aclose()
    return RedisLog(url, namespace, kept)


async def _open_partition(client: Client, namespace: str, partition: int) -> None:
    """Write down which fold each category is in, or find that another version's is in use."""
    name = keys.folds(namespace, partition)
    wanted = {category: str(keys.fold(category)) for category in (*KINDS, WATERMARKS)}
    pipeline = client.pipeline(transaction=False)
    for category, fold in wanted.items():
        pipeline.hsetnx(name, category, fold)
    pipeline.hgetall(name)
    found = {_text(k): _text(v) for k, v in (await pipeline.execute())[-1].items()}
    for category, fold in wanted.items():
        if found[category] != fold:
            raise UnsafeStore(
                f"The snapshots of {category} are of fold {found[category]}, this program writes fold {fold}.",
                "Run the version that wrote them.",
            )
