"""Whether everything that was caused has had its effect: no delivery waits, and every reader has reached the end."""

from typing import NamedTuple

from redis.exceptions import ResponseError

from contracts.facts import CATEGORIES, Ref
from services.runtime import keys
from services.runtime.follower import Follows
from services.runtime.host import Standing
from services.runtime.log import WATERMARKS
from services.runtime.log_redis import RedisLog
from services.runtime.redis_client import named_failures

PAGE = 1_000


async def group_behind(log: RedisLog, partition: int, group: str) -> bool:
    """Whether a group has deliveries that wait, or entries that it was not handed yet, in any stream it reads.

    One that is not in `ops` yet, which each service opens last, belongs to a service that has only just started.
    """
    places = await _places(log, partition, group)
    # The one in `ops` comes last.
    return any(one.waits for one in places.values()) or "ops" not in places


async def group_standing(log: RedisLog, partition: int, group: str) -> Standing:
    """How far a group was handed its entries and has acknowledged them, whichever process reads for it."""
    places = await _places(log, partition, group)
    place = tuple(number for one in places.values() for number in (one.delivered, one.pending))
    return Standing(place, any(one.waits for one in places.values()))


class _Place(NamedTuple):
    """A group in one stream."""

    delivered: int
    pending: int
    newest: int

    @property
    def waits(self) -> bool:
        return bool(self.pending) or self.delivered < self.newest


async def _places(log: RedisLog, partition: int, group: str) -> dict[str, _Place]:
    """By category, where a group stands in each stream that it reads."""
    names = [keys.stream(log.namespace, partition, category) for category in CATEGORIES]
    async with named_failures():
        pipeline = log.store.pipeline(transaction=False)
        for name in names:
            pipeline.xinfo_groups(name)
            pipeline.xrevrange(name, count=1)
        found = await pipeline.execute(raise_on_error=False)
    places: dict[str, _Place] = {}
    for category, groups, newest in zip(CATEGORIES, found[::2], found[1::2], strict=True):
        if isinstance(groups, ResponseError):
            continue  # The stream is not there yet, so nothing waits in it.
        last = _seq(newest[0][0]) if newest else 0
        for one in groups:
            if _text(one["name"]) == group:
                places[category] = _Place(_seq(one["last-delivered-id"]), int(one["pending"]), last)
    return places


async def follower_behind(log: RedisLog, source: int, target: int, follows: Follows) -> bool:
    """Whether a follower has something to answer past the place that it wrote down."""
    ref = Ref(WATERMARKS, f"{follows.name}:{source}")
    place, tags = (await log.load(target, [ref]))[ref].version, follows.tags()
    while some := await log.tail(source, follows.categories(), place, count=PAGE):
        if any(one.entry.t in tags for one in some):
            return True
        place = some[-1].seq
    return False


def _seq(stream_id: object) -> int:
    return int(_text(stream_id).partition("-")[0])


def _text(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
