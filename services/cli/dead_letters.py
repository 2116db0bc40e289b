"""Dead letters: what a service could not do, listed and answered."""

from pathlib import Path

import msgspec

from contracts.codec import outward
from contracts.errors import Ambiguous, NotFound
from services.cli import csv_file
from services.cli.command import FILED
from services.cli.dead_desk import Dead, DeadDesk, answering, at_dead
from services.cli.given import Given
from services.cli.opening import call
from services.cli.printing import document, marked, say, table, warn
from services.cli.words import line, short, where

NAMED = 5
STATUS = {"retry": "retried", "drop": "dropped"}
DONE = {"retry": "sent back and worked off", "drop": "dropped"}


async def show(given: Given, path: Path | None = None) -> int:
    """List those that nobody answered, or write them to a file."""
    csv_file.check(path)
    async with at_dead(given) as desk:
        if path is not None:
            return csv_file.write(given, path, await desk.table(FILED))
        found, namespace = await desk.waiting(), await desk.namespace()
    if given.json:
        document(marked(namespace) | {"dead": [msgspec.structs.asdict(one) for one in found]})
    elif not found:
        say(f"No dead letter waits. {where(namespace)}")
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
        say(where(namespace), table(("id", "service", "fact", "tries", "why", "run"), rows, right=("tries",)))
        first = short(found[0].dead_id)
        drop = call(given, f"dead drop {first} --reason 'It needs no answer.'")
        say(f"Next: {call(given, f'dead retry {first}')} or {drop}")
    return 0


async def answer(given: Given, what: str, prefix: str, reason: str) -> int:
    """Send one back to its service, or drop it; 1 where it failed again."""
    async with answering(given) as desk:
        one = await _only(desk, prefix)
        receipt = await (desk.retry(one.dead_id) if what == "retry" else desk.drop(one.dead_id, reason))
        # That of an answer that stood before names it; that of this very command, sent again, does not.
        stood = receipt.answer != ""
        known = what == "retry" and not stood and desk.worked_off
        again, namespace = await desk.waiting(one.dead_id) if known else [], await desk.namespace()
    name = f"{short(one.dead_id)} of {one.service}"
    if given.json:
        failed = bool(again) if known else None
        told = {"dead_id": one.dead_id, "status": STATUS[what], "failed": failed, "receipt": outward(receipt)}
        document(marked(namespace) | told)
    elif stood:
        by, at = receipt.by.partition(":")[2], receipt.at[:16].replace("T", " ")
        say(f"{name} was {STATUS[what]} before by {by} at {at} UTC; nothing changed. {where(namespace)}")
    elif what == "retry" and not known:
        say(f"{name} is sent back. Should it fail again, {call(given, 'dead list')} shows it. {where(namespace)}")
    elif not again:
        say(f"{name} is {DONE[what]}. {where(namespace)}")
    if again:
        warn(f"error: {name} failed again: {line(again[0].reason).rstrip('.')}. Mend the cause and retry, or drop it.")
    return 1 if again else 0


async def _only(desk: DeadDesk, prefix: str) -> Dead:
    """The one that is meant: among several, the one that waits."""
    meant = await desk.waiting(prefix.lower()) or await desk.every(prefix.lower())
    if not meant:
        raise NotFound(f"There is no dead letter {prefix!r}.", "`swarm dead list` shows those that wait.")
    if len(meant) > 1:
        names = ", ".join(one.dead_id for one in meant[:NAMED])
        more = ", …" if len(meant) > NAMED else ""
        raise Ambiguous(f"{prefix!r} is the beginning of several ids: {names}{more}.", "Type more of it.")
    return meant[0]
