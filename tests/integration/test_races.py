"""Two people in two processes answer the same drafts at the same moment: one answer stands, the other is told which."""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
import pytest

from contracts.email import Email, EmailApproved, EmailEdited, EmailRejected, content_hash
from contracts.envelope import Actor, AnyEnvelope
from contracts.facts import Ref
from contracts.identity import email_id, lead_id
from services.approval.decide import decide
from services.runtime.clock import utc_now
from services.runtime.execute import command_id
from services.runtime.log import Answer, EventLog, Unit
from services.runtime.log_redis import RedisLog
from services.runtime.namespace import open_log
from services.runtime.record import Cause, record
from tests.controls import ACCOUNT, CONTENT, DAY, email_drafted
from tests.integration.racer import Draft, Outcome, Race, command
from tests.own_offer import OWN_OFFER

ROOT = Path(__file__).parents[2]
KEY = b"k" * 32
DRAFTS = 200
DECISIONS = (EmailApproved, EmailRejected, EmailEdited)
NAMES = {EmailApproved: "approved", EmailRejected: "rejected", EmailEdited: "edited"}
CRAFTER = Actor(kind="agent", id="crafter")
SIDES = ("ann", "bob")


async def drafted(log: EventLog, number: int) -> Draft:
    """One draft that waits for its answer."""
    lead = lead_id(KEY, address=f"{number}@analytical.example", full_name="", company="", domain="")
    mail = email_id(lead, 1)
    event = email_drafted(email_id=mail, lead_id=lead, account_id=ACCOUNT, expires_at=utc_now() + 3 * DAY)
    cause = Cause(id=lead, service="crafter", actor=CRAFTER, correlation_id="race")
    about = Ref("email", mail)
    unit, _, _ = record([event], await log.load(0, [about]), cause, utc_now())
    assert [answer.outcome for answer in await log.commit(0, [unit])] == ["done"]
    return Draft(mail, content_hash(CONTENT))


def settings_of(redis_url: str, namespace: str, home: Path) -> dict[str, str]:
    """What both processes open."""
    return {
        "redis_url": redis_url,
        "namespace": namespace,
        "identity_key": KEY.hex(),
        "home": str(home),
        "offer": str(OWN_OFFER),
    }


async def side(race: Race) -> list[Outcome]:
    """Run one side to its end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.integration.racer",
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        out, _ = await process.communicate(msgspec.json.encode(race))
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0
    return msgspec.json.decode(out, type=list[Outcome])


async def decisions(log: EventLog) -> list[AnyEnvelope]:
    """Every answer of a person that is in the log."""
    found: list[AnyEnvelope] = []
    after = 0
    while page := await log.tail(0, ["email"], after, count=500):
        facts = [one.decode(0) for one in page]
        found += [fact for fact in facts if isinstance(fact.event, DECISIONS)]
        after = page[-1].seq
    return found


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("one", "other"), [("approve", "reject"), ("approve", "edit"), ("approve", "approve")])
async def test_I6_of_two_answers_at_once_one_stands_and_the_other_is_told(
    redis_url: str, namespace: str, tmp_path: Path, one: str, other: str
) -> None:
    log = await open_log(redis_url, namespace, identity_key=KEY)
    drafts = [await drafted(log, number) for number in range(DRAFTS)]
    settings = settings_of(redis_url, namespace, tmp_path)
    races = [
        Race(settings=settings, who=who, answer=answer, drafts=drafts, starts=f"{namespace}:start")
        for who, answer in zip(SIDES, (one, other), strict=True)
    ]
    outcomes = await asyncio.gather(*map(side, races))
    facts = {fact.aggregate_id: fact for fact in await decisions(log)}
    assert len(await decisions(log)) == len(facts) == DRAFTS
    for both in zip(*outcomes, strict=True):
        fact = facts[both[0].email_id]
        [won], [lost] = [x for x in both if x.receipt], [x for x in both if not x.receipt]
        assert won.receipt
        assert (won.receipt.fact, won.receipt.by) == (fact.event_id, str(fact.actor))
        told = {"who": str(fact.actor), "when": fact.recorded_at.isoformat(), "what": NAMES[type(fact.event)]}
        assert lost.values.items() >= told.items()
        # An edit leaves a draft that waits, of another version; the approval was of the one before.
        assert lost.refusal == ("stale-version" if isinstance(fact.event, EmailEdited) else "already-decided")
    await log.close()


@pytest.mark.timeout(120)
async def test_I7_the_same_answer_sent_by_two_processes_at_once_is_one_answer(
    redis_url: str, namespace: str, tmp_path: Path
) -> None:
    log = await open_log(redis_url, namespace, identity_key=KEY)
    drafts = [await drafted(log, number) for number in range(DRAFTS)]
    settings = settings_of(redis_url, namespace, tmp_path)
    race = Race(settings=settings, who="ann", answer="approve", drafts=drafts, starts=f"{namespace}:start")
    outcomes = await asyncio.gather(side(race), side(race))
    facts = {fact.aggregate_id: fact for fact in await decisions(log)}
    assert len(await decisions(log)) == len(facts) == DRAFTS
    for both in zip(*outcomes, strict=True):
        receipts = [outcome.receipt for outcome in both if outcome.receipt]
        assert {receipt.fact for receipt in receipts} == {facts[both[0].email_id].event_id}
        assert sorted(receipt.status for receipt in receipts) == ["recorded", "repeated"]
    await log.close()


class Careless(RedisLog):
    """A log that expects whatever stands just now instead of what the decision was made on."""

    async def commit(
        self, partition: int, units: Sequence[Unit], acks: Mapping[tuple[str, str], Sequence[int]] | None = None
    ) -> list[Answer]:
        fresh = []
        for unit in units:
            now = await self.load(partition, [ref for ref, _ in unit.expects])
            fresh.append(unit._replace(expects=[(ref, now[ref].version) for ref, _ in unit.expects]))
        return await super().commit(partition, fresh, acks)


@pytest.mark.parametrize(("kind", "stand"), [(RedisLog, 1), (Careless, 2)], ids=["expected", "not expected"])
async def test_I6_without_the_version_that_was_read_both_answers_would_stand(
    redis_url: str, namespace: str, kind: type[RedisLog], stand: int
) -> None:
    """The check can fail: two people decide on the same state, and nothing but the expected version keeps one out."""
    await (await open_log(redis_url, namespace, identity_key=KEY)).close()
    log = kind(redis_url, namespace, 1)
    draft = await drafted(log, 0)
    about = Ref("email", draft.email_id)
    seen = await log.load(0, [about])
    state = seen[about].state
    assert isinstance(state, Email)
    for who, answer in zip(SIDES, ("approve", "reject"), strict=True):
        actor = Actor(kind="person", id=f"{who}@local")
        events = decide(
            state,
            command(answer, draft),
            actor=actor,
            now=utc_now(),
            undo_window_s=30,
            current=None,
            verdict=None,
            salt="",
        )
        cause = Cause(id=command_id(actor, answer), service="command", actor=actor, correlation_id="race")
        unit, _, _ = record(events, seen, cause, utc_now())
        await log.commit(0, [unit])
    assert len(await decisions(log)) == stand
    await log.close()
