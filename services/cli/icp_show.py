"""The commands about the ideal customer that ask a namespace: what is in force, what was, and what another one would do."""

import sys
from pathlib import Path

from contracts.codec import outward
from contracts.errors import BadInput
from services.cli import csv_file
from services.cli.given import Given
from services.cli.icp_desk import at_ideals
from services.cli.icp_file import must_choose
from services.cli.icp_text import (
    campaign_rows,
    explained_lines,
    move_rows,
    named,
    origin_of,
    part_rows,
    rules_of,
    standing_rows,
    summary_of,
    version_row,
)
from services.cli.opening import call
from services.cli.printing import document, heading, marked, say, table
from services.cli.words import where
from services.commands.icp import Ideal
from services.segmentor.model import parse_model, text_of


async def show(given: Given, wanted: str, *, text: bool) -> int:
    """The one in force, or a version; in words, or its file as it is."""
    async with at_ideals(given) as ideals:
        namespace, found = await ideals.namespace(), await ideals.ideal()
        in_force = True
        if wanted:
            version, said = await ideals.version(wanted)
            in_force = version.active
            found = Ideal(
                model_id=version.model_id,
                model_hash=version.model_hash,
                way="activated",
                text=said,
                by=version.by,
                at=version.at,
                reason=version.reason,
            )
    if given.json:
        document(marked(namespace) | outward(found) | {"active": in_force})
    elif text:
        sys.stdout.write(found.text)
    else:
        which = "in force" if in_force else "no longer in force"
        say(f"{named(found.model_id, found.model_hash)} is {which}. {where(namespace)}", origin_of(found), "")
        rules = parse_model(found.text, found.model_id).rules
        say(table(("what counts", "and how much"), rules_of(rules)), "")
        say(f"The whole file: {call(given, ' '.join(filter(None, ('icp show', wanted, '--text'))))}")
    return 0


async def versions(given: Given, csv: Path | None = None) -> int:
    """Every one that was activated, the newest first."""
    csv_file.check(csv)
    async with at_ideals(given) as ideals:
        namespace, found = await ideals.namespace(), await ideals.versions()
    if csv is not None:
        return csv_file.write(given, csv, csv_file.whole("icp-versions", found))
    if given.json:
        document(marked(namespace) | {"versions": [outward(one) for one in found]})
    elif not found:
        say(f"Nothing was ever activated. {call(given, 'icp show')} says what is in force. {where(namespace)}")
    else:
        say(where(namespace), table(("id", "hash", "activated", "by", "why", ""), map(version_row, found)))
    return 0


async def activate(given: Given, file: str, reason: str) -> int:
    """Let leads be scored by a file from now on."""
    path = must_choose(given, file)
    model = parse_model(text := text_of(path), path.name)
    async with at_ideals(given) as ideals:
        namespace, before = await ideals.namespace(), await ideals.ideal()
        receipt = await ideals.activate(text, reason)
    if given.json:
        about = {"model_id": model.id, "model_hash": model.hash, "before": before.model_hash}
        document(marked(namespace) | about | {"receipt": outward(receipt) if receipt else None})
    elif receipt is None:
        say(f"{named(model.id, model.hash)} is in force already; nothing changed. {where(namespace)}")
    else:
        say(
            f"{named(model.id, model.hash)} is in force in place of "
            f"{named(before.model_id, before.model_hash)}. {where(namespace)}",
            "Leads are scored by it from now on; scores that stand stay as they are.",
        )
    return 0


async def compare(given: Given, file: str, most: int, csv: Path | None = None) -> int:
    """Who would move between tiers under a file, and why; as a file everybody who does."""
    csv_file.check(csv)
    path = must_choose(given, file)
    text = text_of(path)
    parse_model(text, path.name)  # A fault is told under the name of the file, before anything is opened.
    async with at_ideals(given) as ideals:
        namespace, found = await ideals.namespace(), await ideals.compare(text)
    if csv is not None:
        return csv_file.write(given, csv, csv_file.whole("icp-moves", found.moves))
    if given.json:
        document(marked(namespace) | outward(found))
        return 0
    say(where(namespace), "", *summary_of(found))
    if found.leads:
        rows = standing_rows(found)
        say("", table(("tier", "in force", "with this", ""), rows, right=("in force", "with this", "")))
    if reached := campaign_rows(found):
        columns = ("campaign", "leads", "in its audience", "with this", "enter", "leave")
        say("", table(columns, reached, right=columns[1:]))
    if found.moves:
        say("", heading("Who moves"))
        say(table(("id", "company", "title", "tier", "score", "why"), move_rows(found, most)))
        if found.moving > most:
            say(f"… and {found.moving - most:,} more; --limit shows more, --json all of them.")
    say("", f"Next: {call(given, f'icp activate {path}')}" if found.moving or found.rescored else "")
    return 0


async def explain(given: Given, about: str) -> int:
    """What the one in force says of one lead as it is known now."""
    if not about:
        raise BadInput(
            "Whom is it about?", "Write it as icp explain EMAIL, or with the beginning of an id.", field="about"
        )
    async with at_ideals(given, views="@" not in about) as ideals:
        namespace, found = await ideals.namespace(), await ideals.explain(about)
    if given.json:
        document(marked(namespace) | outward(found))
        return 0
    first, *rest = explained_lines(found)
    say(heading(first), where(namespace), "")
    if found.components:
        say(table(("part", "points", "of", "why"), part_rows(found), right=("points", "of")), "")
    say(*rest)
    return 0
