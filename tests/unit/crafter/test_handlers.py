"""What CRAFTER records: drafted, blocked, rewritten, and nothing where nothing is asked or it was done."""

from collections.abc import Sequence
from datetime import timedelta

import msgspec
import pytest

from contracts.deal import Account, AccountApproached
from contracts.email import Email, EmailBlocked, EmailChangesRequested, EmailDrafted, EmailRevoked, content_hash
from contracts.envelope import Event, reveal
from contracts.errors import ProviderUnavailable
from contracts.facts import Ref
from contracts.identity import email_id
from contracts.lead import Lead, Status, Tier
from services.crafter.service import loads
from services.guard.draft import Rejection, RejectionMemory
from services.guard.text import first_sentence, personal_part
from tests.unit.crafter.controls import (
    ACCOUNT,
    FULL,
    NOW,
    SPARSE,
    Memory,
    World,
    changes,
    crafter,
    envelope,
    lead,
    person,
    scored,
)


def drafted(said: Sequence[Event]) -> EmailDrafted:
    assert [type(one) for one in said] == [EmailDrafted, AccountApproached]
    first = said[0]
    assert isinstance(first, EmailDrafted)
    return first


def blocked(said: Sequence[Event]) -> EmailBlocked:
    assert len(said) == 1
    assert isinstance(said[0], EmailBlocked)
    return said[0]


async def test_scored_lead_is_drafted_and_its_account_approached() -> None:
    world = World().put(person(), lead(FULL))
    said = await world.hear(scored())
    draft = drafted(said)
    assert draft.email_id == email_id(person(), 1)
    assert draft.draft_version == 1
    assert draft.verdict.passed
    assert draft.content_hash == content_hash(draft.content)
    assert reveal(draft.content.recipient) == "dana@northwind.example"
    assert draft.expires_at == NOW + timedelta(hours=72)
    assert draft.card.headline == "68, could reach 80"
    assert draft.writing.angle == draft.writing.template == "hiring_trigger"
    account = world.states[Ref("deal", ACCOUNT)]
    assert isinstance(account, Account)
    assert account.approaches[0].angle == draft.writing.angle
    assert account.approaches[0].shingles


async def test_first_lane_is_the_account() -> None:
    assert loads(envelope(scored())) == (
        Ref("deal", ACCOUNT),
        Ref("lead", person()),
        Ref("email", email_id(person(), 1)),
    )


async def test_no_name_of_the_person_is_outside_of_personal_fields() -> None:
    said = await World().put(person(), lead(FULL)).hear(scored())
    outside = msgspec.json.encode(
        [
            msgspec.structs.replace(one, content=None, card=None) if isinstance(one, EmailDrafted) else one
            for one in said
        ]
    )
    assert b"Dana" not in outside
    assert b"dana@" not in outside


async def test_repeated_fact_is_ignored() -> None:
    world = World().put(person(), lead())
    drafted(await world.hear(scored()))
    assert await world.hear(scored()) == []


async def test_lead_that_is_not_to_be_drafted_is_left_alone() -> None:
    assert await World().put(person(), lead()).hear(scored(following="stop")) == []


@pytest.mark.parametrize("status", ["new", "disqualified", "withdrawn", "refused"])
async def test_closed_lead_is_left_alone(status: Status) -> None:
    closed = msgspec.structs.replace(lead(), status=status)
    assert await World().put(person(), closed).hear(scored()) == []


async def test_lead_stopped_since_is_left_alone() -> None:
    stopped = msgspec.structs.replace(lead(), outcome="tier_not_drafted")
    assert await World().put(person(), stopped).hear(scored()) == []


async def test_unknown_lead_is_left_alone() -> None:
    assert await World().hear(scored()) == []


@pytest.mark.parametrize(
    ("without", "reason"),
    [
        ("email", "There is nobody to write to: email is missing."),
        ("company", "No angle can be written: company is missing."),
        ("title", "No angle can be written: title is missing."),
    ],
)
async def test_missing_field_blocks_by_name(without: str, reason: str) -> None:
    who = lead()
    poor = msgspec.structs.replace(who, fields={name: one for name, one in who.fields.items() if name != without})
    assert blocked(await World().put(person(), poor).hear(scored())).reason == reason


async def test_recipient_that_would_add_a_header_is_refused() -> None:
    who = lead(SPARSE | {"email": "dana@northwind.example\r\nBcc: all@evil.example"})
    fact = blocked(await World().put(person(), who).hear(scored()))
    assert "may stand in a header" in fact.reason
    assert "evil" not in fact.reason


async def drafted_then_asked(memory: Memory) -> tuple[World, EmailChangesRequested]:
    """A draft for which a person wants another text; the memory is of use only from here on."""
    world = World().put(person(), lead())
    drafted(await world.hear(scored()))
    asked = changes("Another angle, please")
    world.fold([asked])
    world.service = crafter(memory)
    return world, asked


async def test_lead_rejected_twice_is_blocked_with_the_verdict() -> None:
    twice = tuple(Rejection(at=NOW, tag="other", fingerprint="x", template="quick_win") for _ in range(2))
    world, asked = await drafted_then_asked(Memory(RejectionMemory(rejections=twice)))
    fact = blocked(await world.hear(asked))
    assert fact.verdict is not None
    assert "GUARD-001" in fact.reason


async def test_memory_that_cannot_be_read_fails_the_delivery() -> None:
    world, asked = await drafted_then_asked(Memory(error=ProviderUnavailable("The memory gave no answer.")))
    with pytest.raises(ProviderUnavailable):
        await world.hear(asked)


@pytest.mark.parametrize("tier", ["tier_1", "tier_2", "tier_3", "needs_data"])
@pytest.mark.parametrize("fields", [SPARSE, FULL])
async def test_people_at_one_company_get_different_first_sentences_and_texts(
    tier: Tier, fields: dict[str, str]
) -> None:
    world = World()
    drafts = []
    for number in range(8):
        world.put(person(number), lead(fields, persona="sales", tier=tier))
        drafts.append(drafted(await world.hear(scored(person(number), tier=tier))))
    firsts = {first_sentence(reveal(draft.content.text)) for draft in drafts}
    assert len(firsts) == 8


async def test_company_with_more_people_than_openers_is_blocked_and_not_repeated() -> None:
    world = World()
    for number in range(70):
        said = await world.put(person(number), lead(persona="sales")).hear(scored(person(number)))
        if isinstance(said[0], EmailBlocked):
            assert "TWIN" in said[0].reason
            return
    pytest.fail("a text was repeated")


async def test_requested_changes_give_another_version() -> None:
    world = World().put(person(), lead())
    first = drafted(await world.hear(scored()))
    asked = changes("Another angle, please")
    world.fold([asked])
    second = drafted(await world.hear(asked))
    assert second.draft_version == 2
    assert second.writing.angle != first.writing.angle
    assert second.writing.instruction == "Another angle, please"
    assert second.verdict.fingerprint != first.verdict.fingerprint
    assert await world.hear(asked) == []


async def test_shorter_text_is_shorter_and_then_no_text_comes_twice() -> None:
    world = World().put(person(), lead())
    first = drafted(await world.hear(scored()))
    seen = {first.verdict.fingerprint}
    for version in range(1, 5):
        asked = changes("Too long, shorten it", version=version)
        world.fold([asked])
        draft = drafted(await world.hear(asked))
        assert draft.verdict.fingerprint not in seen
        seen.add(draft.verdict.fingerprint)
        if version == 1:
            assert len(reveal(draft.content.text)) < len(reveal(first.content.text)) - 60
            assert (draft.writing.angle, draft.writing.variant) == (first.writing.angle, first.writing.variant)


async def test_changes_asked_of_an_older_version_are_ignored() -> None:
    world = World().put(person(), lead())
    drafted(await world.hear(scored()))
    world.fold([changes("Another angle", version=1)])
    assert await world.hear(changes("Another angle", version=7)) == []


async def test_changes_are_ignored_when_the_draft_waits_again() -> None:
    world = World().put(person(), lead())
    drafted(await world.hear(scored()))
    asked = changes("Another angle")
    world.fold([asked])
    world.fold([EmailRevoked(email_id=asked.email_id, lead_id=person(), run_id="r", draft_version=1)])
    assert await world.hear(asked) == []


async def test_same_fact_gives_the_same_draft_again() -> None:
    async def once() -> Sequence[Event]:
        return await World().put(person(), lead(FULL)).hear(scored())

    assert await once() == await once()


def test_states_are_those_of_the_contracts() -> None:
    assert Email().status == "none"
    assert Lead().status == "new"


def parts(fact: EmailDrafted) -> tuple[str, str, str, str]:
    """Subject, opener, middle and ask of a text."""
    own = personal_part(reveal(fact.content.text), "Mara Lindqvist").removesuffix("\n\nBest regards,")
    opener, *middle, ask = own.split("\n\n")
    return reveal(fact.content.subject), opener, "\n".join(middle), ask


async def test_one_wish_after_another_changes_what_it_names_and_nothing_else() -> None:
    world = World().put(person(), lead(FULL, persona="sales"))
    first = drafted(await world.hear(scored()))
    versions = [parts(first)]
    for number, wish in enumerate(("shorter", "softer_ask", "other_subject"), start=1):
        asked = msgspec.structs.replace(changes("", version=number), wishes=(wish,))
        world.fold([asked])
        fact = drafted(await world.hear(asked))
        assert fact.draft_version == number + 1
        assert fact.writing.wishes == (wish,)
        assert (fact.writing.angle, fact.writing.variant) == (first.writing.angle, first.writing.variant)
        versions.append(parts(fact))
    (subject, opener, middle, ask), short, soft, other = versions
    assert short == (subject, opener, short[2], ask)
    assert len(short[2]) < len(middle)
    assert soft[:3] == short[:3]
    assert soft[3] != ask
    assert other[1:] == soft[1:]
    assert other[0] != subject
