"""Those who are left alone, on the command line: look at the list, put somebody on it, take somebody off it."""

from contracts.codec import outward
from contracts.exclusion import PREFIX
from services.cli.exclude_desk import changing, looking
from services.cli.given import Given
from services.cli.opening import call
from services.cli.printing import document, say, table
from services.cli.words import cut, many, minute

KEY_SHOWN = len(PREFIX) + 12
REASON_SHOWN = 48


async def show(given: Given) -> int:
    """List the keys; nobody's name is among them."""
    async with looking(given) as there:
        rows = await there.rows()
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


async def remove(given: Given, who: str, reason: str) -> int:
    """Leave somebody alone no longer."""
    async with changing(given) as there:
        receipt = await there.remove(who, reason)
    if given.json:
        document({"key": receipt.about, "receipt": outward(receipt)})
    elif receipt.fact:
        say("Off the list. Leads that were held out come back with the next import; drafts taken back stay back.")
    else:
        say("It was off the list before; nothing changed.")
    return 0


def _told(back: int | None) -> str:
    if back is None:
        return "Drafts that wait for them leave the queue within a second."
    return f"{many(back, 'draft')} that waited {'was' if back == 1 else 'were'} taken back."
