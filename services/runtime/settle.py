"""Whether everything that was caused has had its effect: no delivery waits, and every reader has reached the end."""

from collections.abc import Sequence

from redis.exceptions import ResponseError

from contracts.facts import Ref
from services.runtime import keys
from services.runtime.log import WATERMARKS
from services.runtime.log_redis import RedisLog
from services.runtime.redis_client import ask, named_failures


async def groups_behind(log: RedisLog, partition: int, categories: Sequence[str], group: str) -> bool:
    """Whether a group has deliveries that wait, or entries that it was not handed yet."""
    for category in categories:
        name = keys.stream(log.namespace, partition, category)
        async with named_failures():
            try:
                groups = await ask(log.store, "XINFO", "GROUPS", name)
                newest = await ask(log.store, "XREVRANGE", name, "+", "-", "COUNT", 1)
            except ResponseError:
                continue  # The stream is not there yet, so nothing waits in it.
        last = int(newest[0][0].partition(b"-")[0]) if newest else 0
        mine = [dict(zip(raw[::2], raw[1::2], strict=True)) for raw in groups if isinstance(raw, list)] or groups
        for one in mine:
            plain = {_text(k): v for k, v in one.items()}
            if _text(plain["name"]) != group:
                continue
            delivered = int(_text(plain["last-delivered-id"]).partition("-")[0])
            if int(plain["pending"]) or delivered < last:
                return True
    return False


async def follower_behind(log: RedisLog, source: int, target: int, categories: Sequence[str], name: str) -> bool:
    """Whether a follower has not reached the newest entry of what it reads."""
    last = 0
    for category in categories:
        async with named_failures():
            stream = keys.stream(log.namespace, source, category)
            newest = await ask(log.store, "XREVRANGE", stream, "+", "-", "COUNT", 1)
        last = max(last, int(newest[0][0].partition(b"-")[0]) if newest else 0)
    ref = Ref(WATERMARKS, f"{name}:{source}")
    return (await log.load(target, [ref]))[ref].version < last


def _text(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
