"""Logs to fold: leads that go every way there is, as units of commit over a real log."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import uuid5

from contracts import identity
from contracts.envelope import Actor, Event, Personal
from contracts.facts import Ref, ref_of
from contracts.identity import CONTROL, partition_of
from services.runtime.log import EventLog, Snapshot, Unit
from services.runtime.record import Cause, record
from tests import controls

WAVE = 50
ADA = Actor(kind="person", id="ada@local")


class Step(NamedTuple):
    """Facts that are committed together."""

    partition: int
    events: tuple[Event, ...]
    actor: Actor = controls.AGENT


class Teller:
    """Commits steps, each expecting the version that the steps before it left."""

    def __init__(self, log: EventLog, *, told: int = 0) -> None:
        self._log = log
        self._known: dict[tuple[int, Ref], Snapshot] = {}
        self._told = told

    async def tell(self, steps: Sequence[Step]) -> None:
        units: dict[int, list[Unit]] = {}
        for partition, events, actor in steps:
            self._told += 1
            refs = dict.fromkeys(map(ref_of, events))
            loaded = {ref: self._known.get((partition, ref), Snapshot()) for ref in refs}
            cause = Cause(str(uuid5(controls.IDS, str(self._told))), "teller", actor, controls.RUN)
            now = controls.AT + timedelta(seconds=self._told)
            unit, after, _ = record(events, loaded, cause, now)
            self._known.update({(partition, ref): snapshot for ref, snapshot in after.items()})
            units.setdefault(partition, []).append(unit)
        for partition, some in units.items():
            answers = await self._log.commit(partition, some)
            assert {answer.outcome for answer in answers} == {"done"}


async def tell(log: EventLog, leads: int) -> Teller:
    """Commit the story of so many leads; who told it can go on."""
    teller = Teller(log)
    for steps in waves(leads, log.partitions):
        await teller.tell(steps)
    return teller


def waves(leads: int, partitions: int, *, after: int = 0) -> Iterator[list[Step]]:
    """The story in batches: a wave of leads goes on together, stage after stage."""
    yield [Step(CONTROL, (controls.account_opened(), controls.token_created()), ADA)]
    yield [Step(CONTROL, (controls.run_requested(),), ADA)]
    for first in range(after, after + leads, WAVE):
        ways = [list(way(number, partitions)) for number in range(first, min(first + WAVE, after + leads))]
        for stage in range(max(map(len, ways))):
            yield [steps[stage] for steps in ways if stage < len(steps)]
        yield [Step(CONTROL, (controls.run_tallied(through=first + 1),))]
    yield [
        Step(CONTROL, (controls.outbound_halted(),), ADA),
        Step(CONTROL, (controls.excluded(),), ADA),
        Step(CONTROL, (controls.run_completed(),)),
    ]


def way(number: int, partitions: int) -> Iterator[Step]:
    """What happens to one lead: by its number one of ten ways, the commonest being an approval."""
    domain = f"company{number // 3}.example"
    account = identity.account_id(controls.IDENTITY_KEY, domain)
    lead = identity.lead_id(
        controls.IDENTITY_KEY, address=f"p{number}@{domain}", full_name="", company="", domain=domain
    )
    email = identity.email_id(lead, 1)
    here = partition_of(lead, partitions)
    ids = {"lead_id": lead, "email_id": email}
    if number % 20 == 7:
        refused = identity.refusal_id(controls.RUN, number)
        yield Step(partition_of(refused, partitions), (controls.lead_refused(refusal_id=refused),))
        return
    fields = controls.FIELDS | {"full_name": Personal.plain(f"Person {number}"), "company": domain}
    yield Step(here, (controls.lead_sourced(lead_id=lead, account_id=account, fields=fields),))
    if number % 20 == 3:
        yield Step(here, (controls.lead_duplicate(lead_id=lead),))
    yield Step(here, (controls.lead_enriched(lead_id=lead),))
    if number % 20 == 9:
        yield Step(here, (controls.lead_disqualified(lead_id=lead),))
        return
    yield Step(here, (controls.lead_scored(lead_id=lead, account_id=account),))
    drafted = controls.email_drafted(account_id=account, **ids)
    yield Step(here, (drafted, controls.account_approached(account_id=account, **ids)))
    match number % 10:
        case 0:
            yield Step(here, (controls.email_claimed(**ids), controls.email_commented(**ids)), ADA)
            yield Step(here, ((controls.email_released if number % 20 else controls.email_snoozed)(**ids),), ADA)
            return
        case 1:
            yield Step(here, (controls.email_rejected(**ids),), ADA)
            return
        case 2:
            yield Step(here, (controls.email_changes_requested(account_id=account, **ids),), ADA)
            yield Step(here, (controls.email_drafted(account_id=account, draft_version=2, **ids),))
            return
        case 4:
            yield Step(here, (controls.email_expired(**ids),))
            return
        case 5:
            yield Step(here, (controls.email_edited(**ids), controls.email_approved(draft_version=2, **ids)), ADA)
            yield Step(here, (controls.email_revoked(draft_version=2, **ids),), ADA)
            return
        case _:
            yield Step(here, (controls.email_approved(**ids),), ADA)
    yield Step(here, (controls.email_send_requested(**ids),))
    yield Step(CONTROL, (controls.send_granted(**ids),))
    yield Step(here, (controls.email_send_reserved(**ids), controls.email_send_started(**ids)))
    yield Step(here, (controls.email_sent(**ids),))
