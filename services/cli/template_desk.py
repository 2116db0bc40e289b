"""The texts as CRAFTER would use them, for whoever looks at them: in the console and through the gateway."""

from dataclasses import dataclass
from pathlib import Path

import msgspec
from jinja2 import TemplateError

from contracts.deal import Account
from contracts.errors import BadInput, NotFound, SwarmError
from contracts.facts import Ref
from contracts.identity import partition_of
from contracts.lead import Lead
from services.cli.given import DEMO
from services.commands.templates import BrokenRule, Catalogue, TemplatePreview, TemplateProblem, TemplateRow
from services.crafter.languages import LANGUAGES, known_language
from services.crafter.library import Library, load_library, shipped_file
from services.crafter.lint import weaknesses
from services.crafter.offer import Offer, load_offer
from services.crafter.render import Voice, render, sayable, voice_of
from services.crafter.sheet import Sheet, plain
from services.crafter.template_file import Angle
from services.guard.draft import RejectionMemory
from services.guard.judge import failures, inspect
from services.runtime.clock import Clock, utc_now
from services.runtime.log import EventLog
from services.runtime.settings import Settings


def offer_of(settings: Settings) -> Offer:
    """The offer for a look at texts: one that cannot be used is no reason not to look."""
    try:
        return load_offer(None if settings.namespace == DEMO else settings.offer)
    except SwarmError:
        return load_offer(None)


def voice_in(offer: Offer, library: Library) -> Voice:
    """The sender in the language of these texts."""
    return voice_of(msgspec.structs.replace(offer, language=library.language))


def catalogue_of(settings: Settings, language: str = "") -> Catalogue:
    """Every text, and what is wrong with the user's own; see `Templates`."""
    offer, own = offer_of(settings), settings.templates
    chosen = (known_language(language),) if language else LANGUAGES
    rows: list[TemplateRow] = []
    problems: list[TemplateProblem] = []
    for code in chosen:
        library = load_library(code, own)
        rows += [_row(code, angle, own) for angle in library.angles.values()]
        problems += problems_of(library, voice_in(offer, library), own)
    return Catalogue(
        language=offer.language,
        languages=LANGUAGES,
        folder=own.absolute().name if own else "",
        templates=tuple(rows),
        problems=tuple(dict.fromkeys(problems)),  # What lies in no language's folder is found by each.
    )


def placed(found: Catalogue, settings: Settings) -> Catalogue:
    """The same for whoever sits at this machine: the folder and the files with something wrong, as they can be opened."""
    own = settings.templates
    if own is None:
        return found
    problems = tuple(msgspec.structs.replace(one, file=str(own / one.file)) for one in found.problems)
    return msgspec.structs.replace(found, folder=str(own), problems=problems)


def within(file: Path, own: Path | None) -> str:
    """How a file is named to whoever looks: as from the folder of templates, for the rest is the machine's."""
    return file.relative_to(own).as_posix() if own and own in file.parents else file.name


def problems_of(library: Library, voice: Voice, own: Path | None) -> list[TemplateProblem]:
    """What is wrong with the user's own files, those that block first."""
    found = [
        TemplateProblem(
            file=within(one.file, own),
            line=one.line,
            angle=one.angle,
            language=library.language if one.angle else "",
            rule="",
            reason=f"{one.reason[0].upper()}{one.reason[1:]}.",
            remedy=one.remedy,
            blocks=bool(one.angle),
        )
        for one in library.problems
    ]
    for angle in library.angles.values():
        if angle.file is not None:
            source = angle.file.read_text(encoding="utf-8-sig")
            found += [
                TemplateProblem(
                    file=within(angle.file, own),
                    line=one.line,
                    angle=one.angle,
                    language=library.language,
                    rule=one.rule,
                    reason=one.found,
                    remedy=one.remedy,
                    blocks=False,
                )
                for one in weaknesses(library, voice, angle, source)
            ]
    return found


def copied(settings: Settings, angle: str, language: str) -> Path:
    """Write the shipped template where the user's own are looked for; never over a file that is there.

    Raises:
        NotFound: there is no such angle.
        BadInput: a file is there, or nobody may write there.
    """
    code = known_language(language or offer_of(settings).language)
    source = shipped_file(code, angle)
    if not source.is_file():
        raise _unknown(angle, load_library(code))
    place = (settings.templates or Path("templates")) / code / source.name
    text = source.read_text(encoding="utf-8")
    note = (
        "# Your own copy: it stands in place of the shipped one. `swarm templates lint` says what is wrong with it.\n"
    )
    text = text.replace("+++\n", f"+++\n{note}", 1) if source.suffix == ".j2" else note + text
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise BadInput(f"{place} is there already.", "Change it, or move it away first.", field="angle") from error
    except OSError as error:
        raise BadInput(
            f"{place} cannot be written: {error.strerror}.", "Check its rights.", field="templates"
        ) from error
    return place


@dataclass(frozen=True)
class TemplateDesk:
    """The texts and the leads they are tried on."""

    settings: Settings
    log: EventLog
    clock: Clock = utc_now

    def catalogue(self, language: str = "") -> Catalogue:
        """See `Templates`."""
        return catalogue_of(self.settings, language)

    async def preview(
        self, angle: str, lead_id: str, *, language: str = "", variant: int | None = None
    ) -> TemplatePreview:
        """See `Templates`."""
        offer = offer_of(self.settings)
        library = load_library(language or offer.language, self.settings.templates)
        voice, chosen = voice_in(offer, library), _chosen(library, angle)
        lead, account = await self._load(lead_id)
        sheet = Sheet(lead, library.speech)
        words = sayable(sheet, voice)
        able = [one.number for one in chosen.openers if chosen.needs | one.needs <= words]
        if variant is None and able:
            variant = able[0]
        if variant is None or variant not in able:
            raise _unsayable(chosen, variant, words)
        subject = next((one.number for one in chosen.subjects if one.needs <= words), 0)
        try:
            text = render(sheet, voice, library, chosen, variant, subject=subject, persona=lead.persona)
        except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError) as error:
            raise BadInput(
                f"The template {angle} cannot be rendered: {error}.", "`swarm templates lint` looks for the line."
            ) from error
        verdict = inspect(
            text.subject,
            text.text,
            claims=text.claims,
            recipient_lead_id=lead_id,
            company=plain(lead.fields.get("company")),
            account=account,
            memory=RejectionMemory(),
            compliance=voice.compliance,
            now=self.clock(),
        )
        return TemplatePreview(
            angle=angle,
            language=library.language,
            own=chosen.file is not None,
            lead_id=lead_id,
            variant=variant,
            openers=len(chosen.openers),
            subject=text.subject,
            text=text.text,
            claims=text.claims,
            passed=verdict.passed,
            stops=tuple(BrokenRule(rule=one.rule, found=one.found) for one in failures(verdict)),
        )

    async def _load(self, lead_id: str) -> tuple[Lead, Account | None]:
        partition, ref = partition_of(lead_id, self.log.partitions), Ref("lead", lead_id)
        lead = (await self.log.load(partition, [ref]))[ref].state
        if not isinstance(lead, Lead) or not lead.fields:
            raise NotFound("There is no such lead.", "`swarm queue` shows the ids of drafts.")
        deal = Ref("deal", lead.account_id)
        account = (await self.log.load(partition, [deal]))[deal].state
        return lead, account if isinstance(account, Account) else None


def _chosen(library: Library, angle: str) -> Angle:
    found = library.angles.get(angle)
    if found is None:
        broken = next((one for one in library.problems if one.angle in {angle, "*"}), None)
        if broken:
            raise BadInput(f"The template cannot be used: {broken.words()}", "Mend the file.", field="angle")
        raise _unknown(angle, library)
    return found


def _unknown(angle: str, library: Library) -> NotFound:
    return NotFound(f"There is no angle {angle!r}.", f"Use one of {', '.join(library.angles)}.")


def _unsayable(angle: Angle, variant: int | None, words: frozenset[str]) -> BadInput:
    openers = angle.openers if variant is None else [one for one in angle.openers if one.number == variant]
    if not openers:
        return BadInput(
            f"The angle {angle.name} has no opener {variant}.",
            f"Use 0 to {len(angle.openers) - 1}.",
            field="variant",
        )
    lacks = sorted(min((angle.needs | one.needs - words for one in openers), key=len) - words)
    return BadInput(
        f"The angle {angle.name} says {', '.join(lacks)}, which nobody knows of this lead.",
        "Try another angle, or another lead.",
        field="lead",
    )


def _row(code: str, angle: Angle, own: Path | None) -> TemplateRow:
    return TemplateRow(
        angle=angle.name,
        language=code,
        own=angle.file is not None,
        file=within(angle.file, own) if angle.file else "",
        template_hash=angle.hash,
        tiers=angle.tiers,
        personas=angle.personas,
        theme=angle.theme,
        needs=tuple(sorted(angle.needs)),
        openers=len(angle.openers),
    )
