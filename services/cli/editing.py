"""Editing a draft in the person's own editor, and showing what became of it."""

import asyncio
import os
import shlex
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from contracts.commands import EditDraft
from contracts.envelope import reveal
from contracts.errors import BadInput, DecisionRefused, SwarmError
from services.approval.change import word_diff
from services.approval.rewrite import same_text
from services.cli.desk import AtWork, at_work
from services.cli.given import Given
from services.cli.printing import console, say
from services.cli.words import HIDDEN, clean, short, where
from services.projections.approval_queue import Row

if TYPE_CHECKING:
    from rich.text import Text

SUBJECT = "Subject: "
EDITORS = ("sensible-editor", "nano", "vi")


class Edited(NamedTuple):
    """A subject and a text."""

    subject: str
    body: str


async def edit_one(given: Given, prefix: str) -> int:
    """Edit a draft in $EDITOR and put the result in its place."""
    if given.json or not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise BadInput("An edit without a text needs a terminal.", "Give --subject, --body-file or both.", field="body")
    async with at_work(given) as here:
        found = await here.desk.find(prefix)
        card = await here.desk.card(found.email_id) if found.email_id else None
        if card is None:
            raise DecisionRefused(
                "This draft does not wait for an answer.", f"See `swarm show {short(found.lead_id)}`."
            )
        if await edit_card(here, card):
            say(where(await here.desk.namespace()))
    return 0


async def edit_card(here: AtWork, card: Row) -> bool:
    """Edit the text on a card and record it; False where nothing was changed.

    Raises:
        DecisionRefused: who edits may not see the text.
    """
    before = Edited(reveal(card.content.subject), reveal(card.content.text))
    if before.body == HIDDEN:
        raise DecisionRefused("You may not see this text, so you cannot edit it.", "Use a token that may read it.")
    async with in_editor(before) as after:
        if same_text(card.content, subject=after.subject, body=after.body):
            say("Nothing was changed.")
            return False
        command = EditDraft(
            email_id=card.email_id,
            draft_version=card.draft_version,
            content_hash=card.content_hash,
            subject=None if same_text(card.content, subject=after.subject, body=None) else after.subject,
            body=None if same_text(card.content, subject=None, body=after.body) else after.body,
        )
        await here.answer(command)
    console().print(difference(f"{before.subject}\n\n{before.body}", f"{after.subject}\n\n{after.body}"))
    say(f"Version {card.draft_version + 1} waits for an answer now.")
    return True


@asynccontextmanager
async def in_editor(before: Edited) -> AsyncIterator[Edited]:
    """What the person makes of a text; services of this process go on meanwhile.

    Where it does not read, or something in the block fails, what was typed is kept; an error of ours says where.

    Raises:
        BadInput: there is no editor, it failed, or the file lost its first line or is gone.
    """
    chosen = editor("Set EDITOR, or give --subject and --body-file.")
    file = Path(tempfile.mkdtemp(prefix="swarm-")) / "draft.txt"
    given = f"{SUBJECT}{before.subject}\n\n{before.body}"
    file.write_text(given, encoding="utf-8")
    try:
        await write_in(chosen, file)
        yield parse(_read(file))
    except BaseException as error:
        kept = file.exists() and _read(file) != given
        if kept and isinstance(error, SwarmError):
            error.remedy = f"{error.remedy} What you typed is kept in {file}.".strip()
        if not kept:
            shutil.rmtree(file.parent)
        raise
    shutil.rmtree(file.parent)


def editor(remedy: str) -> str:
    """The editor that this person uses.

    Args:
        remedy: what to do where there is none.

    Raises:
        BadInput: there is none.
    """
    chosen = os.environ.get("VISUAL", "").strip() or os.environ.get("EDITOR", "").strip() or _there()
    if not chosen:
        raise BadInput("There is no editor.", remedy, field="EDITOR")
    return chosen


async def write_in(chosen: str, file: Path) -> None:
    """Let an editor have a file until it ends.

    Raises:
        BadInput: it cannot be started, or it failed.
    """
    try:
        process = await asyncio.create_subprocess_exec(*shlex.split(chosen), str(file))
    except (OSError, ValueError) as error:
        raise BadInput(f"The editor {chosen!r} cannot be started.", "Set EDITOR to one that is there.") from error
    if await process.wait():
        raise BadInput(f"The editor ended with {process.returncode}, so nothing was changed.", "Edit it again.")


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise BadInput("The editor took the file away, so nothing was changed.", "Edit it again.") from error


def parse(text: str) -> Edited:
    """Subject and text of an edited file.

    Raises:
        BadInput: its first line is no subject.
    """
    first, _, rest = text.partition("\n")
    if not first.startswith(SUBJECT.strip()):
        raise BadInput(f"The first line has to begin with `{SUBJECT.strip()}`.", "Edit it again.", field="subject")
    return Edited(first[len(SUBJECT.strip()) :].strip(), rest.removeprefix("\n"))


def difference(before: str, after: str) -> "Text":
    """What was removed and added, word by word; readable without colours, too."""
    from rich.text import Text

    shown = Text()
    for kind, piece in word_diff(before, after):
        match kind:
            case "same":
                shown.append(clean(piece), style="dim")
            case "removed":
                shown.append(f"[-{clean(piece)}-]", style="red")
            case "added":
                shown.append(f"{{+{clean(piece)}+}}", style="green")
    return shown


def _there() -> str:
    return next((name for name in EDITORS if shutil.which(name)), "")
