"""Approvals of waiting drafts, sixteen at once, beside bare one-unit commits of the same sizes."""

from dataclasses import replace
from functools import partial
from typing import NamedTuple
from uuid import UUID, uuid5

from contracts.codec import check
from contracts.commands import ApproveDraft
from contracts.email import Email
from contracts.envelope import Actor
from contracts.errors import StoreUnavailable
from contracts.facts import Ref
from contracts.identity import CONTROL
from services.cli.bench.figures import Place
from services.cli.bench.pace import Pace, in_turns
from services.cli.bench.pipeline import in_one_process, opened
from services.cli.bench.recording import RecordingLog
from services.cli.bootstrap import Swarm
from services.projections.views import QUEUE
from services.runtime.execute import command_id
from services.runtime.log import CommandKey, Unit

REVIEWER = Actor(kind="person", id="bench@local")
IDS = UUID("6d1a7a43-7ad2-5a1f-bb3f-0a9c5b7b6f11")


class Approvals(NamedTuple):
    """The approvals, and the bare commits beside them."""

    answered: Pace
    bare: Pace


async def approvals(place: Place, namespace: str, seed: int) -> Approvals:
    """Let a staging run's drafts wait, then approve each; nothing else works on them meanwhile.

    Raises:
        StoreUnavailable: too few drafts wait.
    """
    sizes = place.sizes
    # Some more, for leads that get no draft; and one, whose approval shows what a bare commit has to weigh.
    await in_one_process(place, namespace, sizes.approvals * 5 // 4 + 2, seed, mode="staging")
    async with opened(place, namespace) as swarm, opened(place, f"{namespace}-bare") as beside:
        commands = await waiting(swarm, sizes.approvals + 1)
        weighed = await shown(place, swarm, commands.pop())
        drafts = swarm.drafts()

        async def answer(command: ApproveDraft) -> None:
            await drafts.answer(command, REVIEWER, command_id(REVIEWER, command.email_id))

        async def commit(unit: Unit) -> None:
            [given] = await beside.log.commit(CONTROL, [unit])
            if given.outcome != "done":
                raise StoreUnavailable(f"A bare commit of the bench was answered {given.outcome}.")

        units = [like(weighed, number) for number in range(sizes.approvals)]
        kinds = [partial(answer, one) for one in commands], [partial(commit, one) for one in units]
        return Approvals(*await in_turns(kinds, sizes.at_once))


async def waiting(swarm: Swarm, count: int) -> list[ApproveDraft]:
    """The commands that approve so many of the drafts that wait.

    Raises:
        StoreUnavailable: fewer wait.
    """
    found = [key for key, _ in await swarm.views.by_rank(QUEUE, count=count)]
    if len(found) < count:
        raise StoreUnavailable(f"Only {len(found)} drafts wait, not {count}.")
    loaded = await swarm.log.load(CONTROL, [Ref("email", one) for one in found])
    return [_approve(ref.id, snapshot.state) for ref, snapshot in loaded.items()]


async def shown(place: Place, swarm: Swarm, command: ApproveDraft) -> Unit:
    """Approve one draft: the unit that this commits is what a bare commit has to weigh."""
    recording = RecordingLog(place.url, swarm.log.namespace, swarm.log.partitions)
    try:
        answering = replace(swarm.drafts(), log=recording)
        await answering.answer(command, REVIEWER, command_id(REVIEWER, command.email_id))
        [(weighed, _)] = recording.committed
        return weighed
    finally:
        await recording.close()


def _approve(email_id: str, state: object) -> ApproveDraft:
    if not isinstance(state, Email):
        raise TypeError(f"{email_id} waits in the queue and has no state")
    return ApproveDraft(email_id=email_id, draft_version=state.draft_version, content_hash=state.content_hash)


def like(unit: Unit, number: int) -> Unit:
    """A unit of the same sizes about an aggregate of its own, encoded beforehand."""
    about = str(uuid5(IDS, str(number)))
    facts = []
    for category, entry in unit.facts:
        moved = entry._replace(a=about.encode(), n=b"1")
        facts.append((category, moved._replace(h=check(*moved[:5]))))
    command = unit.command or CommandKey("", "", b"")
    return Unit(
        expects=[(Ref("email", about), 0)],
        facts=facts,
        saves=[save._replace(ref=Ref("email", about), version=len(facts), state=None) for save in unit.saves],
        command=command._replace(id=about),
    )
