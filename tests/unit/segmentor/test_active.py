"""SEGMENTOR scores by the model that a person activated, and knows of it within a quarter of a second."""

import asyncio
from collections.abc import Sequence

import pytest

from contracts.errors import BadInput, StoreUnavailable
from contracts.facts import Ref
from contracts.lead import LeadEnriched, LeadScored
from contracts.policy import ModelActivated
from services.runtime.log_memory import MemoryLog
from services.runtime.service import States
from services.segmentor.active import ModelBoard
from services.segmentor.model import Model, own_text, parse_model
from services.segmentor.service import build
from tests.controls import LEAD, envelope, lead_enriched
from tests.unit.runtime_loop.loops import until, write
from tests.unit.segmentor.leads import MODEL, fitting

STRICT = own_text().replace("tier_1 = 80", "tier_1 = 99")


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def said(text: str) -> ModelActivated:
    model = parse_model(text)
    return ModelActivated(model_id=model.id, model_hash=model.hash, text=text)


def looks_of(log: MemoryLog) -> list[Sequence[Ref]]:
    """Every look at the store from here on."""
    looked: list[Sequence[Ref]] = []
    load = log.load

    async def counted(partition: int, refs: Sequence[Ref]) -> object:
        looked.append(refs)
        return await load(partition, refs)

    log.load = counted  # type: ignore[method-assign,assignment]
    return looked


async def test_model_that_was_given_holds_until_another_is_activated() -> None:
    log, seconds = MemoryLog(), Seconds()
    board = ModelBoard(log, seconds, MODEL)
    assert await board.model() is MODEL
    await write(log, said(STRICT))
    seconds.now = 0.25
    assert (await board.model()).hash == parse_model(STRICT).hash
    await write(log, said(own_text().replace("my-icp-1", "my-icp-2")))
    seconds.now = 0.5
    assert (await board.model()).id == "my-icp-2"


async def test_many_leads_share_one_look_and_its_text_is_read_once() -> None:
    log, seconds = MemoryLog(), Seconds()
    board = ModelBoard(log, seconds, MODEL)
    await write(log, said(STRICT))
    looked = looks_of(log)
    models = await asyncio.gather(*(board.model() for _ in range(200)))
    assert len({id(model) for model in models}) == 1
    assert len(looked) == 1
    for _ in range(200):
        await board.model()
    assert len(looked) == 1
    seconds.now = 0.3
    assert await board.model() is models[0]
    assert len(looked) == 2


async def test_next_model_is_looked_up_before_any_lead_has_to_wait_for_it() -> None:
    log, seconds = MemoryLog(), Seconds()
    board = ModelBoard(log, seconds, MODEL)
    await board.model()
    await write(log, said(STRICT))
    seconds.now = 0.2
    asked = board.model()
    with pytest.raises(StopIteration) as answered:
        asked.send(None)  # It answers at once,
    assert isinstance(answered.value.value, Model)
    assert answered.value.value is MODEL

    async def followed() -> bool:  # and the look that it began tells the next.
        return (await board.model()).id == "my-icp-1"

    await until(followed)


async def test_store_that_is_away_stops_the_scoring_and_not_for_good() -> None:
    log, seconds = MemoryLog(), Seconds()
    board = ModelBoard(log, seconds, MODEL)
    load = log.load

    async def away(partition: int, refs: Sequence[Ref]) -> object:
        raise StoreUnavailable("The store does not answer.")

    log.load = away  # type: ignore[method-assign,assignment]
    with pytest.raises(StoreUnavailable):
        await board.model()
    log.load = load  # type: ignore[method-assign]
    assert await board.model() is MODEL


async def test_active_model_that_does_not_read_scores_nobody() -> None:
    log = MemoryLog()
    await write(log, ModelActivated(model_id="old-1", model_hash="0" * 64, text='id = "old-1"\n'))
    with pytest.raises(BadInput, match="old-1 that is active"):
        await ModelBoard(log, Seconds(), MODEL).model()


async def test_service_scores_by_the_active_model_and_names_it() -> None:
    log = MemoryLog()
    await write(log, said(STRICT))
    hears = build(models=ModelBoard(log, Seconds(), MODEL)).hears[LeadEnriched]
    heard = envelope(lead_enriched())
    (fact,) = await hears.handler(heard, States({Ref("lead", LEAD): fitting()}))
    assert isinstance(fact, LeadScored)
    assert (fact.model_id, fact.model_hash) == ("my-icp-1", parse_model(STRICT).hash)
