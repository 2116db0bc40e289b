"""The command about texts: list them, take a copy to change, have it checked, and read one as a lead would get it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.command import CsvOption, command, only
from services.cli.given import Given

if TYPE_CHECKING:
    from services.commands.templates import TemplatePreview, TemplateProblem

WHAT = ("list", "copy", "lint", "preview")


def register(app: typer.Typer) -> None:
    """Add this family."""
    command(app)(templates)


async def templates(
    given: Given,
    what: Annotated[str, typer.Argument(metavar="list|copy|lint|preview", show_default=False)] = "list",
    angle: Annotated[str, typer.Argument(metavar="[ANGLE]", show_default=False)] = "",
    lead: Annotated[
        str, typer.Option(metavar="ID", help="For preview: the beginning of a lead's or e-mail's id.")
    ] = "",
    language: Annotated[str, typer.Option(metavar="CODE", help="en, de or fr; the offer's, if not given.")] = "",
    opener: Annotated[int | None, typer.Option(min=1, metavar="N", help="For preview: with this opener.")] = None,
    csv: CsvOption = None,
) -> int:
    """The texts: list them, copy ANGLE to change it, lint the own ones, preview ANGLE for a lead."""
    from contracts.errors import BadInput

    if what not in WHAT:
        raise BadInput(f"templates knows no {what!r}.", f"Use one of {', '.join(WHAT)}.", field="what")
    only(what, lead=(lead, ["preview"]), opener=(opener, ["preview"]), csv=(csv, ["list"]))
    if what in {"copy", "preview"} and not angle:
        raise BadInput(f"Which angle is to {what}?", f"Write it as templates {what} ANGLE.", field="angle")
    if what == "preview" and not lead:
        raise BadInput("For which lead?", f"Write it as templates preview {angle} --lead ID.", field="lead")
    match what:
        case "copy":
            return _copy(given, angle, language)
        case "lint":
            return await _lint(given, angle, language)
        case "preview":
            return await _preview(given, angle, lead, language, opener)
        case _:
            return await _list(given, language, csv)


async def _list(given: Given, language: str, path: Path | None) -> int:
    from contracts.codec import outward
    from services.cli import csv_file
    from services.cli.printing import document, say, table
    from services.cli.texts import at_texts, in_its_language
    from services.cli.words import spoken

    csv_file.check(path)
    async with at_texts(given) as texts:
        found = await texts.catalogue(language)
    if not language:
        found = in_its_language(found)
    if path is not None:
        return csv_file.write(given, path, csv_file.whole("templates", found.templates))
    if given.json:
        document(outward(found))
        return 0
    rows = [
        (
            one.angle,
            one.language,
            "own" if one.own else "shipped",
            ", ".join(map(spoken, one.tiers)),
            str(one.openers),
            ", ".join(one.needs) or "",
        )
        for one in found.templates
    ]
    say(table(("angle", "language", "whose", "for", "openers", "needs"), rows, right=("openers",)))
    say(f"Languages: {', '.join(found.languages)}. Your own: {found.folder or 'no folder is set (templates)'}.")
    _say_problems(found.problems)
    return 0


def _copy(given: Given, angle: str, language: str) -> int:
    from services.cli.printing import document, say
    from services.cli.template_desk import copied

    given.here("a copy of a template is a file on the machine of the swarm")
    settings = given.settings()
    place = copied(settings, angle, language)
    if given.json:
        document({"file": str(place), "set": settings.templates is not None})
        return 0
    say(f"{place} is yours to change; it stands in place of the shipped one.")
    if settings.templates is None:
        say(f'It is not read yet: write templates = "{place.parent.parent}" into swarm.toml, or set SWARM_TEMPLATES.')
    return 0


async def _lint(given: Given, angle: str, language: str) -> int:
    from contracts.codec import outward
    from services.cli.printing import document, say
    from services.cli.texts import at_texts
    from services.cli.words import many

    async with at_texts(given) as texts:
        found = await texts.catalogue(language)
    problems = [one for one in found.problems if not angle or one.angle in {angle, "*", ""}]
    own = [one for one in found.templates if one.own]
    if given.json:
        document({"ok": not problems, "folder": found.folder, "problems": [outward(one) for one in problems]})
        return 1 if problems else 0
    if not found.folder:
        say("No folder of templates is set; the shipped ones are in use. `swarm templates copy ANGLE` begins one.")
    elif not problems:
        say(f"{many(len(own), 'own template')} in {found.folder}: nothing is wrong{' with them' if own else ''}.")
    _say_problems(problems)
    return 1 if problems else 0


def _say_problems(problems: "list[TemplateProblem] | tuple[TemplateProblem, ...]") -> None:
    from services.cli.printing import say

    for one in problems:
        rule = f" ({one.rule})" if one.rule else ""
        say(f"{one.file}:{one.line}: {one.reason}{rule} {one.remedy}")
    blocked = sorted({f"{one.language}/{one.angle}" for one in problems if one.blocks})
    if blocked:
        say(f"Not written until mended: {', '.join(one.replace('/*', ' (all of it)') for one in blocked)}.")


async def _preview(given: Given, angle: str, lead: str, language: str, opener: int | None) -> int:
    from contracts.codec import outward
    from services.cli.printing import document
    from services.cli.texts import at_texts

    async with at_texts(given) as texts:
        preview = await texts.preview(angle, lead, language=language, opener=opener)
    if given.json:
        document(outward(preview))
    else:
        _print(preview)
    return 0


def _print(preview: "TemplatePreview") -> None:
    from services.cli.printing import heading, say
    from services.cli.words import line

    whose = "your own template" if preview.own else "the shipped template"
    say(
        f"{preview.angle} in {preview.language}, opener {preview.variant + 1} of {preview.openers}, {whose}. "
        "Nothing was recorded.",
        heading(f"Subject:  {line(preview.subject)}"),
        "",
        *(f"  {one}".rstrip() for one in preview.text.rstrip().split("\n")),
        "",
    )
    say(*(f"  {one.field}: {one.words or 'in the greeting'} (from {one.source})" for one in preview.claims))
    say(*[f"The guard stops it: {one.found} ({one.rule})" for one in preview.stops] or ["The guard lets it pass."])
