"""Dead letters: what a service could not do, listed and answered."""

from uuid import uuid4

from contracts.errors import Ambiguous, NotFound
from services.cli.given import Given
from services.cli.opening import acting, call
from services.cli.printing import document, say, table
from services.cli.store import open_store
from services.cli.words import line, short
from services.commands.dead import DeadLetters, Listed
from services.runtime.clock import utc_now


async def show(given: Given) -> int:
    """List those that nobody answered."""
    async with open_store(given.settings()) as store:
        found = [one async for one in DeadLetters(store.log, utc_now).waiting()]
    if given.json:
        document({"dead": [_plain(one) for one in found]})
    elif not found:
        say("No service gave anything up.")
    else:
        rows = [
            (
                short(one.dead_id),
                one.letter.service,
                f"{one.letter.entry_type} {one.partition}:{one.letter.entry_seq}",
                str(one.letter.attempts),
                line(one.letter.reason),
                one.letter.run_id,
            )
            for one in found
        ]
        say(table(("id", "service", "fact", "tries", "why", "run"), rows, right=("tries",)))
        first = short(found[0].dead_id)
        say(f"Next: {call(given, f'dead retry {first}')} or {call(given, f'dead drop {first} --reason …')}")
    return 0


async def answer(given: Given, what: str, prefix: str, reason: str) -> int:
    """Send one back to its service, or drop it."""
    async with acting(given) as at_work:
        letters = at_work.swarm.dead_letters()
        one = _only([each async for each in letters.waiting() if each.dead_id.startswith(prefix.lower())], prefix)
        actor, command_id = given.actor(), str(uuid4())
        receipt = await (
            letters.retry(one, actor, command_id) if what == "retry" else letters.drop(one, reason, actor, command_id)
        )
        await at_work.effect(receipt)
        again = {each.letter.entry_seq for each in [each async for each in letters.waiting()]}
    failed = what == "retry" and one.letter.entry_seq in again
    if given.json:
        document({"dead_id": one.dead_id, "status": "retried" if what == "retry" else "dropped", "failed": failed})
    else:
        done = "sent back, and failed again" if failed else "sent back, and done" if what == "retry" else "dropped"
        say(f"{short(one.dead_id)} of {one.letter.service} is {done}.")
    return 1 if failed else 0


def _only(found: list[Listed], prefix: str) -> Listed:
    if not found:
        raise NotFound(f"No dead letter {prefix!r} waits.", "`swarm dead list` shows them.")
    if len(found) > 1:
        names = ", ".join(one.dead_id for one in found[:5])
        raise Ambiguous(f"{prefix!r} is the beginning of several ids: {names}.", "Type more of it.")
    return found[0]


def _plain(one: Listed) -> dict[str, object]:
    letter = one.letter
    return {
        "dead_id": one.dead_id,
        "service": letter.service,
        "position": f"{one.partition}:{letter.entry_seq}",
        "entry_type": letter.entry_type,
        "reason": letter.reason,
        "attempts": letter.attempts,
        "run_id": letter.run_id,
    }
