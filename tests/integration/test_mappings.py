"""Mappings are kept by name in their namespace, offered for the same header, and bounded."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from contracts.envelope import Actor
from contracts.errors import BadInput, DecisionRefused, NotFound
from services.commands.mappings import Mappings, fitting
from services.runtime import mapping_store
from services.runtime.mapping_store import MappingStore
from services.runtime.redis_client import Client, writer

AT = datetime(2026, 3, 2, tzinfo=UTC)
ADA = Actor(kind="person", id="ada@local")
HEADER = ("Wer", "Adr. perso", "Firma")


@pytest.fixture
async def client(redis_url: str) -> AsyncIterator[Client]:
    client = writer(redis_url)
    yield client
    await client.aclose()


@pytest.fixture
def mappings(client: Client, namespace: str) -> Mappings:
    return Mappings(MappingStore(client, namespace), lambda: AT)


async def test_what_is_kept_comes_back_by_its_name(mappings: Mappings) -> None:
    kept = await mappings.keep("crm", HEADER, {"email": "adr perso"}, ADA)
    assert await mappings.find("crm") == kept
    assert (kept.header, kept.mapping, kept.by, kept.at) == (HEADER, {"email": "adr perso"}, "person:ada@local", AT)


async def test_the_same_name_again_takes_its_place(mappings: Mappings) -> None:
    await mappings.keep("crm", HEADER, {"email": "Adr. perso"}, ADA)
    await mappings.keep("crm", HEADER, {"full_name": "Wer"}, ADA)
    assert [one.mapping for one in await mappings.store.all()] == [{"full_name": "Wer"}]


async def test_it_is_offered_for_the_same_columns_however_ordered_and_spelt(mappings: Mappings) -> None:
    kept = await mappings.keep("crm", HEADER, {"email": "Adr. perso"}, ADA)
    assert fitting([kept], ("firma", "WER", "", "adr perso")) == [kept]
    assert fitting([kept], ("Wer", "Adr. perso")) == []
    assert fitting([kept], (*HEADER, "Ort")) == []


async def test_another_namespace_has_its_own(client: Client, mappings: Mappings, namespace: str) -> None:
    await mappings.keep("crm", HEADER, {"email": "Adr. perso"}, ADA)
    assert await MappingStore(client, f"{namespace}-b").all() == []


async def test_an_unknown_name_is_answered_with_those_there_are(mappings: Mappings) -> None:
    with pytest.raises(NotFound, match="crm") as none:
        await mappings.find("crm")
    assert none.value.remedy == "None is kept yet."
    await mappings.keep("events", HEADER, {"email": "Adr. perso"}, ADA)
    with pytest.raises(NotFound) as told:
        await mappings.drop("crm")
    assert told.value.remedy == "There are: events."
    await mappings.drop("events")
    assert await mappings.store.all() == []


@pytest.mark.parametrize(
    ("name", "mapping", "words"),
    [
        ("../crm", {"email": "Wer"}, "name of a mapping"),
        ("CRM", {"email": "Wer"}, "name of a mapping"),
        ("a" * 41, {"email": "Wer"}, "name of a mapping"),
        ("crm", {}, "nothing is said"),
        ("crm", {"shoe": "Wer"}, "no field `shoe`"),
        ("crm", {"email": "Mail"}, "no column `Mail`"),
    ],
)
async def test_what_cannot_be_meant_is_not_kept(
    mappings: Mappings, name: str, mapping: dict[str, str], words: str
) -> None:
    with pytest.raises(BadInput, match=words):
        await mappings.keep(name, HEADER, mapping, ADA)
    assert await mappings.store.all() == []


async def test_only_so_many_are_kept(mappings: Mappings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mapping_store, "MAPPINGS_MAX", 2)
    for name in ("a", "b", "a"):
        await mappings.keep(name, HEADER, {"email": "Wer"}, ADA)
    with pytest.raises(DecisionRefused, match="the most"):
        await mappings.keep("c", HEADER, {"email": "Wer"}, ADA)
