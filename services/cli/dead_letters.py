"""Dead letters: what a service could not do, listed and answered."""

from uuid import uuid4

import msgspec

from contracts.codec import outward
from contracts.errors import Ambiguous, NotFound
from services.cli.given import Given
from services.cli.opening import acting, call
from services.cli.printing import document, say, table, warn
from services.cli.store import open_store
from services.cli.words import line, minute, short
from services.commands.dead import DeadLetters, Listed
from services.runtime.clock import utc_now

NAMED = 5
LISTED_MAX = 100_000
STATUS = {"retry": "retried", "drop": "dropped"}
DONE = {"retry": "sent back and worked off", "drop": "dropped"}


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A dead letter that nobody answered."""

    dead_id: str
    service: str
    position: str
    entry_type: str
    reason: str
    attempts: int
    run_id: str


async def show(given: Given) -> int:
    """List those that nobody answered."""
    found = await (_told(given) if given.elsewhere() else _found(given))
    if given.json:
        document({"dead": [msgspec.structs.asdict(one) for one in found]})
    elif not found:
        say("No dead letter waits.")
    else:
        rows = [
            (
                short(one.dead_id),
                one.service,
                f"{one.entry_type.partition('.v')[0]} {one.position}",
                str(one.attempts),
                line(one.reason),
                short(one.run_id.rpartition("_")[2]),
            )
            for one in found
        ]
        say(table(("id", "service", "fact", "tries", "why", "run"), rows, right=("tries",)))
        first = short(found[0].dead_id)
        drop = call(given, f"dead drop {first} --reason 'It needs no answer.'")
        say(f"Next: {call(given, f'dead retry {first}')} or {drop}")
    return 0


async def answer(given: Given, what: str, prefix: str, reason: str) -> int:
    """Send one back to its service, or drop it; 1 where it failed again."""
    async with acting(given) as at_work:
        letters = at_work.swarm.dead_letters()
        one = _only([each async for each in letters.all() if each.dead_id.startswith(prefix.lower())], prefix)
        actor, command_id = given.actor(), str(uuid4())
        receipt = await (
            letters.retry(one, actor, command_id) if what == "retry" else letters.drop(one, reason, actor, command_id)
        )
        await at_work.effect(receipt)
        # Services that others run take their time; only of our own is it known how it went.
        known = what == "retry" and receipt is not None and bool(at_work.hosted)
        again = [each async for each in letters.waiting() if known and each.dead_id == one.dead_id]
    name = f"{short(one.dead_id)} of {one.letter.service}"
    if given.json:
        failed = bool(again) if known else None
        plain = outward(receipt) if receipt else None
        document({"dead_id": one.dead_id, "status": STATUS[what], "failed": failed, "receipt": plain})
    elif receipt is None:
        by = f" by {one.answer.actor.id} at {minute(one.answer.recorded_at)} UTC" if one.answer else ""
        say(f"{name} was {STATUS[what]} before{by}; nothing changed.")
    elif what == "retry" and not known:
        say(f"{name} is sent back. Should it fail again, {call(given, 'dead list')} shows it.")
    elif not again:
        say(f"{name} is {DONE[what]}.")
    if again:
        warn(
            f"error: {name} failed again: {line(again[0].letter.reason).rstrip('.')}. Mend the cause and retry, or drop it."
        )
    return 1 if again else 0


def _only(found: list[Listed], prefix: str) -> Listed:
    """The one that is meant: among several, the one that waits."""
    if not found:
        raise NotFound(f"There is no dead letter {prefix!r}.", "`swarm dead list` shows those that wait.")
    meant = [one for one in found if one.answer is None] or found
    if len(meant) > 1:
        names = ", ".join(one.dead_id for one in meant[:NAMED])
        more = ", …" if len(meant) > NAMED else ""
        raise Ambiguous(f"{prefix!r} is the beginning of several ids: {names}{more}.", "Type more of it.")
    return meant[0]


async def _found(given: Given) -> list[Waiting]:
    async with open_store(given.settings()) as store:
        return [_waiting(one) async for one in DeadLetters(store.log, utc_now).waiting()]


async def _told(given: Given) -> list[Waiting]:
    from services.cli.remote.inward import inward
    from services.cli.remote.opening import gateway

    async with gateway(given) as there:
        return [inward(Waiting, one) async for one in there.pages("/api/dead-letters", LISTED_MAX)]


def _waiting(one: Listed) -> Waiting:
    letter = one.letter
    return Waiting(
        dead_id=one.dead_id,
        service=letter.service,
        position=f"{one.partition}:{letter.entry_seq}",
        entry_type=letter.entry_type,
        reason=letter.reason,
        attempts=letter.attempts,
        run_id=letter.run_id,
    )
