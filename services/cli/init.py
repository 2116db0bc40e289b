"""`swarm init`: the two files in which people say who they are, asked for at a terminal, else written to be filled in."""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from contracts.errors import BadInput
from services.cli.given import Given
from services.cli.keys import line
from services.cli.opening import call
from services.cli.printing import document, heading, marked, say, table
from services.cli.set_up import check_namespace
from services.cli.words import clean, joined, many, where
from services.crafter.offer import gaps_of, is_zone, read_offer
from services.runtime.namespace import check_name
from services.runtime.settings import FILE_NAME, read_file

OFFER_NAME = "offer.toml"
MAIN = "main"
PROOFS_MAX = 10
OPT_OUTS: Mapping[str, str] = {
    "en": "If you would rather not hear from me again, reply “no thanks” and I will not write any more.",
    "de": "Wenn Sie nichts mehr von mir hören möchten, antworten Sie mit „nein danke“, und ich schreibe Ihnen nicht mehr.",
    "fr": "Si vous préférez ne plus recevoir de message de ma part, répondez « non merci » et je ne vous écrirai plus.",
}


class Question(NamedTuple):
    """A key of the offer: how it is asked for at a terminal, and what stands above it in the file."""

    key: str
    asked: str
    comment: str


WHO = (
    Question("company", "Your company", "Your company, as people know its name."),
    Question("sender_name", "Who signs the e-mails", "Who signs: first and last name."),
    Question("sender_title", "Their title", "What they are in your company."),
    Question("sender_address", "Their e-mail address", "The address that the e-mails come from."),
    Question("reply_to", "The address for answers", "Where answers are read; may be the same."),
    Question("postal_address", "Your postal address, on one line", "Stands at the foot of each e-mail; on one line."),
)
WHAT = (
    Question(
        "line",
        "What you offer, in one sentence to somebody who does not know you",
        "What you offer, in one sentence, as you would write it to somebody who does not know you.",
    ),
    Question(
        "line_evidence", "What shows that this is true", "What shows that it is true: a page, a contract, a sheet."
    ),
    Question(
        "resource",
        "Something you can send along, such as: a two-page checklist for audits (empty: nothing)",
        "Something you can send along, such as `a two-page checklist for audits`. May stay empty.",
    ),
    Question("resource_evidence", "Where that is", "Where it is; needed where there is a resource."),
    Question(
        "booking_link",
        "A link to book a meeting, https://… (empty: none)",
        "https://…, under the signature. May stay empty.",
    ),
)
WHERE = (
    Question("language", "The language of the e-mails", "The language of the e-mails, such as en."),
    Question("time_zone", "Your time zone", "Where you work, as the IANA list has it, such as Europe/Berlin."),
)
OPT_OUT = Question("opt_out", "", "How not to be written to again; stands at the foot of each e-mail.")
PROOF_COMMENT = (
    "What else may be said about you: one sentence each, as it may stand in an e-mail, and what shows that it is true.",
    "A draft uses one of them. One is needed; with five, colleagues do not get the same.",
)


LINES_COMMENT = (
    "The offer in other words, so that colleagues at one company do not read the same sentence. Take the # away.",
    "[[lines]]",
    'text = ""',
    'evidence = ""',
    "",
)
PROBLEMS_COMMENT = (
    "What your offer is about, if it is not office work: a piece of work, and what it is like. Drafts speak of it in place of",
    "forecasts, reports and the like. The topic has to fit `… at Acme`; in German and French it is a feminine noun without its",
    "article. Two or more, so that colleagues do not read the same. Take the # away.",
    "[[problems]]",
    'topic = ""',
    'text = ""',
    "",
)


async def init(given: Given) -> int:
    """Write what is not there yet, and say what is still missing."""
    given.here("files are written where the command is given")
    check_namespace(given.namespace)
    if given.namespace:
        check_name(given.namespace)
    folder = Path.cwd()
    settings, offer = folder / FILE_NAME, folder / OFFER_NAME
    kept = [one for one in (settings, offer) if one.exists()]
    before = read_file(settings)
    answers: Mapping[str, object] = {}
    if offer not in kept and not given.json and sys.stdin.isatty() and sys.stdout.isatty():
        answers = await _ask()
    written = []
    if offer not in kept:
        written.append(_write(offer, offer_text(answers)))
    if settings not in kept:
        written.append(_write(settings, settings_text(given.namespace or MAIN)))
    missing = read_offer(offer).gaps
    unnamed = settings in kept and not before.get("offer") and not os.environ.get("SWARM_OFFER")
    namespace = given.namespace or str(read_file(settings).get("namespace", MAIN))
    if given.json:
        document(
            marked(namespace)
            | {
                "written": [one.name for one in written],
                "kept": [one.name for one in kept],
                "missing": [{"key": one.key, "why": one.why, "remedy": one.remedy} for one in missing],
                "offer_is_named": not unnamed,
            }
        )
        return 0
    for done, files in (("Written", written), ("Left as it was", kept)):
        if files:
            say(f"{done}: {joined([one.name for one in files])} in {folder}.")
    say(where(namespace))
    if unnamed:
        say(f'{FILE_NAME} names no offer: add the line offer = "{OFFER_NAME}" above its first section.')
    if missing:
        say("", heading(f"{many(len(missing), 'thing')} to fill in before real people are written to"))
        say(table((OFFER_NAME, "", "what mends it"), [(one.key, one.why, one.remedy) for one in missing]))
    say("", "Next:", f"  {call(given, 'doctor')}", f"  {call(given, 'run --mode dry_run --input FILE')}")
    return 0


def offer_text(answers: Mapping[str, object]) -> str:
    """The file of an offer, each key under what it is for; empty where nobody has said it yet."""
    language = str(answers.get("language") or "en")
    known = {"language": language, "opt_out": OPT_OUTS.get(language, "")} | dict(answers)
    lines = [
        "# Who writes, and what for. Drafts say of you what stands here, and nothing else.",
        "# Fill in what is empty; `swarm doctor` lists what is missing.",
        "",
    ]
    for question in (*WHO, OPT_OUT, *WHERE, *WHAT):
        lines += [f"# {question.comment}", f"{question.key} = {_quoted(known.get(question.key, ''))}", ""]
    lines += ["# Names that no subject may hold.", "competitors = []", ""]
    lines += [f"# {one}" for one in LINES_COMMENT]
    lines += [f"# {one}" for one in PROBLEMS_COMMENT]
    lines += [f"# {one}" for one in PROOF_COMMENT]
    proofs = known.get("proofs") or ({"text": "", "evidence": ""},)
    if isinstance(proofs, Sequence):
        for proof in proofs:
            lines += ["[[proofs]]", *(f"{part} = {_quoted(words)}" for part, words in proof.items()), ""]
    return "\n".join(lines)


def settings_text(namespace: str) -> str:
    """The settings of a folder."""
    return "\n".join(
        (
            "# The settings of `swarm` where it is started in this folder. A variable SWARM_… goes before a line here.",
            "# Paths are relative to this folder. `swarm doctor` says what is used.",
            "",
            "# Each namespace has its own leads, drafts and runs. The namespace demo is the demonstration's.",
            f"namespace = {_quoted(namespace)}",
            "",
            "# Who writes, and what for.",
            f"offer = {_quoted(OFFER_NAME)}",
            "",
            "# A folder of campaigns: under each name whom it is for and what is said otherwise. See `swarm campaigns --help`.",
            '# campaigns = "campaigns"',
            "",
            "# How long a person may take, and may change their mind.",
            "# [review]",
            "# undo_window_s = 30",
            "# expires_h = 72",
            "",
        )
    )


async def _ask() -> dict[str, object]:
    """Ask for everything, once; an empty answer leaves a key for later."""
    say(
        "A few questions about who writes. An empty answer leaves one for later; the file can be changed at any time.",
        "",
    )
    said: dict[str, object] = {}
    for question in WHO:
        default = str(said.get("sender_address", "")) if question.key == "reply_to" else ""
        said[question.key] = await _one(question, said, default)
    for question in WHAT:
        if question.key != "resource_evidence" or said["resource"]:
            said[question.key] = await _one(question, said)
    said["proofs"] = await _proofs()
    for question, default in zip(WHERE, ("en", zone_here()), strict=True):
        said[question.key] = await _one(question, said, default)
    say("")
    return {key: words for key, words in said.items() if words}


async def _one(question: Question, said: Mapping[str, object], default: str = "") -> str:
    """One answer that can be used, or none."""
    while True:
        words = await _line(f"{question.asked}{f' [{default}]' if default else ''}: ") or default
        found = dict(said) | {question.key: words}
        gap = next((one for one in gaps_of(found) if one.key == question.key), None)
        if gap is None or not words:
            return words
        say(f"  {gap.sentence()}. {gap.remedy}")


async def _proofs() -> list[dict[str, str]]:
    proofs: list[dict[str, str]] = []
    while len(proofs) < PROOFS_MAX:
        text = await _line(f"{'Another' if proofs else 'A'} sentence that may be said about you (empty: no more): ")
        if not text:
            break
        proofs.append({"text": text, "evidence": await _line("What shows that this is true: ")})
    return proofs


async def _line(question: str) -> str:
    return " ".join(clean(await line(question)).split())


def zone_here() -> str:
    """The time zone of this machine; empty where nobody can tell."""
    with_name = os.environ.get("TZ", "").removeprefix(":")
    linked = os.path.realpath("/etc/localtime").partition("/zoneinfo/")[2]
    return next((one for one in (with_name, linked) if one and is_zone(one)), "")


def _quoted(words: object) -> str:
    """A text as TOML has it, which takes what JSON makes of it, but for one character."""
    return json.dumps(str(words), ensure_ascii=False).replace("\x7f", "\\u007f")


def _write(path: Path, text: str) -> Path:
    """Write a new file, never over one that is there."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}.", "Start it in a folder of yours.") from error
    return path
