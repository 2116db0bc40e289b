"""The ideal customer as a file: write one to begin with, say what is wrong with it, change it."""

import sys
from pathlib import Path

from contracts.errors import BadInput
from services.cli.given import Given
from services.cli.opening import call
from services.cli.printing import document, say, table, warn
from services.cli.words import many
from services.runtime.settings import Settings, load
from services.segmentor.model import load_model, own_text, text_of
from services.segmentor.wrong import Problem, read

FILE = "icp.toml"


def chosen(given: Given, named: str) -> Path | None:
    """The file that a command is about: the named one, else that of the settings, else `icp.toml` here; None for none."""
    return Path(named) if named else file_of(load(given.namespace))


def file_of(settings: Settings) -> Path | None:
    """The file of the settings, else `icp.toml` in this folder; None where there is neither."""
    here = Path(FILE)
    return settings.model or (here if here.exists() else None)


def must_choose(given: Given, named: str) -> Path:
    """See `chosen`.

    Raises:
        BadInput: there is none.
    """
    found = chosen(given, named)
    if found is None:
        raise BadInput(
            f"There is no {FILE} in this folder.",
            f"`{call(given, 'icp init')}` writes one; or name a file.",
            field="file",
        )
    return found


def init(given: Given, named: str) -> int:
    """Write a file to begin with, never over one that is there."""
    file = Path(named or FILE)
    try:
        with file.open("x", encoding="utf-8") as out:
            out.write(own_text())
    except FileExistsError as error:
        remedy = f"Change it with `{call(given, 'icp edit')}`, or name another file."
        raise BadInput(f"{file} is there already; nothing was written.", remedy, field="file") from error
    except OSError as error:
        raise BadInput(f"{file} cannot be written: {error.strerror}.", "Name another file.", field="file") from error
    if given.json:
        document({"file": str(file), "written": True})
    else:
        name = "" if str(file) == FILE else f" {file}"
        say(
            f"{file} is written: your ideal customer, to begin with the shipped one.",
            f"Next: {call(given, f'icp edit{name}')}, then {call(given, f'icp compare{name}')}",
        )
    return 0


def check(given: Given, named: str) -> int:
    """Say everything that is wrong with a file; 1 where something is."""
    file = must_choose(given, named)
    return tell_problems(given, file, read(text_of(file))[1])


def tell_problems(given: Given, file: Path, problems: list[Problem]) -> int:
    """Print what is wrong with a file, or that nothing is; 1 where something is."""
    if given.json:
        document({"file": str(file), "ok": not problems, "problems": [one._asdict() for one in problems]})
    elif problems:
        rows = [(str(one.line or ""), one.field, f"{one.what}.", one.remedy) for one in problems]
        say(table(("line", "field", "what is wrong", "what mends it"), rows, right=("line",)))
    if problems:
        first = problems[0]
        warn(f"error: {file} has {many(len(problems), 'fault')}, the first at {first.place}. Mend what is named.")
        return 1
    if not given.json:
        model, name = load_model(file), "" if str(file) == FILE else f" {file}"
        say(
            f"{file} is in order: {model.id}, hash {model.hash[:12]}.",
            f"Next: {call(given, f'icp compare{name}')} says who would move, "
            f"{call(given, f'icp activate{name}')} lets every lead be scored by it from then on.",
        )
    return 0


async def edit(given: Given, named: str) -> int:
    """Open a file in the person's own editor, writing one first where there is none, and check it; 1 as `check`."""
    from services.cli.editing import editor, write_in

    if given.json or not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise BadInput("An edit needs a terminal.", "Change the file itself, then `swarm icp check`.", field="file")
    program = editor("Set EDITOR, or change the file itself.")
    file = chosen(given, named) or Path(FILE)
    if not file.exists():
        init(given, str(file))
    await write_in(program, file)
    return tell_problems(given, file, read(text_of(file))[1])
