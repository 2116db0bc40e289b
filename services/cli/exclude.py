"""Those who are left alone, on the command line: look at the list, put somebody on it, take somebody off it."""

from pathlib import Path

from contracts.codec import outward
from contracts.errors import Ambiguous, BadInput
from contracts.exclusion import PREFIX
from services.cli import csv_file
from services.cli.exclude_desk import changing, looking
from services.cli.given import Given
from services.cli.opening import call
from services.cli.printing import document, say, table, warn
from services.cli.words import cut, many, minute
from services.commands.exclusions import BYTES_MAX

KEY_SHOWN = len(PREFIX) + 12
REASON_SHOWN = 48
REFUSED_SHOWN = 20


async def show(given: Given, path: Path | None = None) -> int:
    """List the keys, or write them to a file; nobody's name is among them."""
    csv_file.check(path)
    async with looking(given) as there:
        rows = await there.rows()
    if path is not None:
        return csv_file.write(given, path, csv_file.whole("exclusions", rows))
    if given.json:
        document({"exclusions": [outward(row) for row in rows]})
    elif not rows:
        say("Nobody is excluded.")
        say(f"Next: {call(given, 'exclude add customer.com --reason')} 'A customer.'")
    else:
        lines = [
            (row.key[:KEY_SHOWN], row.kind, cut(row.reason, REASON_SHOWN), row.source, row.by.id, minute(row.at))
            for row in rows
        ]
        say(table(("id", "what", "why", "from", "by", "since, UTC"), lines))
        say(f"{many(len(rows), 'entry', 'entries')}, kept as keyed hashes. {CHECK.format(call(given, 'exclude list'))}")
    return 0


CHECK = "Is somebody on it? {} --check ADDRESS"


async def check(given: Given, who: str) -> int:
    """Say whether somebody is left alone, and under what."""
    async with looking(given) as there:
        found = await there.check(who)
    if given.json:
        document({"excluded": bool(found), "by": [outward(one) for one in found]})
    elif not found:
        say("Not excluded.")
    for one in () if given.json else found:
        why = f": {cut(one.reason, REASON_SHOWN)}" if one.reason else ""
        say(f"Excluded by its {one.kind} ({one.key[:KEY_SHOWN]}{f', from {one.source}' if one.source else ''}){why}")
    return 0


async def add(given: Given, who: str, reason: str) -> int:
    """Leave somebody alone, and take back the drafts that wait for them."""
    async with changing(given) as there:
        receipt = await there.add(who, reason)
        back = await there.taken_back()
    if given.json:
        document({"key": receipt.about, "taken_back": back, "receipt": outward(receipt)})
    elif receipt.fact:
        say(f"Excluded ({receipt.about[:KEY_SHOWN]}): no draft from any source, and none that waits can be approved.")
        say(_told(back))
    else:
        say("Excluded before; nothing changed.")
    return 0


async def bring(given: Given, path: str, reason: str) -> int:
    """Leave everybody alone whom a file names: one a line, or a table with a column of addresses or domains."""
    content = _content(path)
    async with changing(given) as there:
        brought = await there.bring(Path(path).name, content, reason)
        back = await there.taken_back()
    if given.json:
        document(outward(brought) | {"taken_back": back})
        return 0
    say(f"{many(brought.added, 'entry', 'entries')} new on the list, {brought.known:,} on it before.")
    say(_told(back))
    for one in brought.refused[:REFUSED_SHOWN]:
        warn(f"line {one.line}: {one.reason} {one.remedy}")
    if len(brought.refused) > REFUSED_SHOWN:
        warn(f"and {len(brought.refused) - REFUSED_SHOWN:,} lines more; `--json` names them all.")
    return 0


async def remove(given: Given, who: str) -> int:
    """Leave somebody alone no longer."""
    if who.startswith(PREFIX):
        who = await _whole(given, who)
    async with changing(given) as there:
        receipt = await there.remove(who)
    if given.json:
        document({"key": receipt.about, "receipt": outward(receipt)})
    elif receipt.fact:
        say("Off the list. Leads that were held out come back with the next import; drafts taken back stay back.")
    else:
        say("It was off the list before; nothing changed.")
    return 0


def _content(path: str) -> bytes:
    """What is in a file, as far as one is taken."""
    try:
        with Path(path).open("rb") as opened:
            return opened.read(BYTES_MAX + 1)
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.", "Give the path of a file.", field="file") from error


async def _whole(given: Given, beginning: str) -> str:
    """The key on the list that begins so; what is given where none does, for it may have been there once."""
    async with looking(given) as there:
        found = [row.key for row in await there.rows() if row.key.startswith(beginning)]
    if len(found) > 1:
        raise Ambiguous(f"{len(found)} entries begin with {beginning}.", "Give more of it.", field="who")
    return found[0] if found else beginning


def _told(back: bool) -> str:
    if back:
        return "Drafts that waited for them were taken back; they are in no queue any more."
    return "Drafts that wait for them leave the queue within a second."
