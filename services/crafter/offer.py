"""Who writes, what they offer, and what they may say about themselves: configuration, each claim with its evidence."""

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from email.utils import formataddr
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

import msgspec

from contracts.errors import BadInput
from contracts.setup import Gap
from services.crafter.headers import is_address, one_line
from services.crafter.languages import LANGUAGES
from services.guard.draft import Compliance

DEMO = Path(__file__).with_name("offers") / "demo.toml"
BOOKING = re.compile(r"https://[^\s<>\"]+")

_NEEDED: Mapping[str, str] = {
    "company": "Write your company's name as people know it.",
    "sender_name": "Write first and last name of who signs.",
    "sender_title": "Write what who signs is in your company.",
    "sender_address": "Write the e-mail address of who signs.",
    "reply_to": "Write the e-mail address where answers are read.",
    "postal_address": "Write your postal address on one line; it stands at the foot of each e-mail.",
    "opt_out": "Write the sentence that says how not to be written to again.",
    "line": "Say in one sentence what you offer.",
    "line_evidence": "Say what shows that this sentence is true.",
    "time_zone": "Write the zone you work in, such as Europe/Berlin.",
}
"""What no offer can be without, each with what to do about it."""
PROOF_PARTS: Mapping[str, str] = {
    "text": "Say one thing about yourself, or remove this [[{of}]].",
    "evidence": "Say what shows that it is true.",
}
PROBLEM_PARTS: Mapping[str, str] = {
    "topic": "Name the piece of work in two or three words.",
    "text": "Say in a sentence or two what it is like, of nobody in particular.",
}
_ADDRESSES = ("sender_address", "reply_to")


class Proof(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One sentence about the sender, and what shows that it is true."""

    text: str
    evidence: str


class Problem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A piece of work that the offer is about: what to call it, and what it is like, said of nobody in particular."""

    topic: str
    text: str


class Offer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One sender and one offer.

    `line` says in one sentence what is offered, `lines` the same in other words, so that colleagues do not read one
    sentence twice; `resource` what can be sent along, as `a …` (empty where there is nothing), `proofs` what else may be
    said. `problems` are what it is about; where there are none, the templates' own, which are those of office work, stand
    for it. `opt_out` is the sentence that says how not to be written to again.
    `time_zone` is the IANA name of the zone where the sender works.
    """

    company: str
    sender_name: str
    sender_title: str
    sender_address: str
    reply_to: str
    postal_address: str
    opt_out: str
    line: str
    line_evidence: str
    proofs: tuple[Proof, ...]
    time_zone: str
    lines: tuple[Proof, ...] = ()
    resource: str = ""
    resource_evidence: str = ""
    booking_link: str = ""
    language: str = "en"
    competitors: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    def ways(self) -> tuple[str, ...]:
        """Every way to say what is offered, the first one first."""
        return (self.line, *(one.text for one in self.lines))

    def sender(self) -> str:
        """The From header."""
        return formataddr((self.sender_name, self.sender_address))

    def compliance(self) -> Compliance:
        """What the guard looks for in each message."""
        return Compliance(
            signature=self.sender_name,
            postal_address=self.postal_address,
            opt_out=self.opt_out,
            competitors=self.competitors,
            language=self.language,
        )


class Reading(NamedTuple):
    """A file of an offer: the offer, or everything that keeps it from being one."""

    offer: Offer | None
    gaps: tuple[Gap, ...]


def offer_hash(offer: Offer) -> str:
    """SHA-256, in hex, of the offer as canonical JSON."""
    return hashlib.sha256(msgspec.json.encode(offer, order="deterministic")).hexdigest()


def read_offer(path: Path, changes: Mapping[str, object] | None = None) -> Reading:
    """Read an offer as far as it goes.

    Args:
        changes: what stands in place of the file's own values.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        gap = Gap(key="", why=f"there is no file {path.name}", remedy="`swarm init` writes one.")
        return Reading(None, (gap,))
    except OSError as error:
        gap = Gap(key="", why=f"{path.name} cannot be read: {error.strerror}", remedy="Check its rights.")
        return Reading(None, (gap,))
    except ValueError as error:
        return Reading(None, (Gap(key="", why=f"{path.name} is no TOML: {error}", remedy="Mend the file."),))
    whole = found | dict(changes or {})
    gaps = tuple(gaps_of(whole))
    return Reading(None if gaps else msgspec.convert(whole, Offer), gaps)


def load_offer(path: Path | None = None) -> Offer:
    """Read an offer; without a path the fictional one of the demonstration.

    Raises:
        BadInput: the file cannot be read, or a field is missing, empty or unfit; the first such field is named.
    """
    source = path or DEMO
    read = read_offer(source)
    return read.offer or _refused(read.gaps, f"The offer {source.name} cannot be used: ")


def checked(offer: Offer) -> Offer:
    """The offer, if every part can be used.

    Raises:
        BadInput: as `load_offer`.
    """
    gaps = tuple(gaps_of(msgspec.to_builtins(offer)))
    return _refused(gaps, "The offer's ") if gaps else offer


def gaps_of(found: Mapping[str, object]) -> Iterator[Gap]:
    """Everything that keeps these values from being an offer, in the order of the file."""
    names = Offer.__struct_fields__
    for key in found:
        if key not in names:
            near = get_close_matches(key, names, 1)
            remedy = f"Perhaps {near[0]} is meant." if near else f"Use {', '.join(names)}."
            yield Gap(key=key, why="is no key of an offer", remedy=remedy)
    for key in names:
        match key:
            case "proofs":
                if not found.get(key):
                    remedy = "Give at least one [[proofs]], with text and evidence."
                    yield Gap(key=key, why="are missing", remedy=remedy)
                yield from _said(key, found.get(key) or (), PROOF_PARTS)
            case "lines":
                yield from _said(key, found.get(key, ()), PROOF_PARTS)
            case "problems":
                yield from _said(key, found.get(key, ()), PROBLEM_PARTS)
            case "competitors":
                yield from _names(key, found.get(key, ()))
            case _:
                yield from _text(key, found)


def _text(key: str, found: Mapping[str, object]) -> Iterator[Gap]:
    value = found.get(key, "en" if key == "language" else "")
    if not isinstance(value, str):
        yield Gap(key=key, why="is no text", remedy="Put it between quotation marks.")
    elif not one_line(value):
        yield Gap(key=key, why="holds a line end or NUL", remedy="Write it on one line.")
    elif not value.strip():
        if key in _NEEDED:
            yield Gap(key=key, why="is missing" if key not in found else "is empty", remedy=_NEEDED[key])
        elif key == "resource_evidence" and found.get("resource"):
            yield Gap(key=key, why="is missing for the resource", remedy="Say where it is.")
    elif key in _ADDRESSES and not is_address(value):
        yield Gap(key=key, why="is no e-mail address", remedy="Write it as name@company.example.")
    elif key == "booking_link" and not BOOKING.fullmatch(value):
        yield Gap(key=key, why="is no https address", remedy="Mend or remove it.")
    elif key == "language" and value not in LANGUAGES:
        remedy = f"Use one of {', '.join(LANGUAGES)}."
        yield Gap(key=key, why=f"is {value!r}, and there are no templates in it", remedy=remedy)
    elif key == "time_zone" and not is_zone(value):
        near = get_close_matches(value, available_timezones(), 1)
        remedy = f"Perhaps {near[0]} is meant." if near else "Write it as Europe/Berlin."
        yield Gap(key=key, why="is no time zone of the IANA list", remedy=remedy)


def _said(of: str, found: object, parts: Mapping[str, str]) -> Iterator[Gap]:
    """What is wrong with the tables of a list, each of which has these parts."""
    named = " and ".join(parts)
    if not isinstance(found, Sequence) or isinstance(found, str):
        yield Gap(key=of, why="is no list", remedy=f"Write each as [[{of}]], with {named}.")
        return
    for number, one in enumerate(found, start=1):
        if not isinstance(one, Mapping) or one.keys() - parts.keys():
            yield Gap(key=f"{of}[{number}]", why=f"is not {named}", remedy=f"Write it as [[{of}]].")
            continue
        for part, words in parts.items():
            remedy = words.format(of=of)
            key, value = f"{of}[{number}].{part}", one.get(part, "")
            if not isinstance(value, str) or not one_line(value):
                yield Gap(key=key, why="is no text on one line", remedy="Write it on one line.")
            elif not value.strip():
                yield Gap(key=key, why="is missing" if part not in one else "is empty", remedy=remedy)


def _names(key: str, found: object) -> Iterator[Gap]:
    fits = isinstance(found, Sequence) and not isinstance(found, str)
    if not fits or not all(isinstance(one, str) for one in found):  # type: ignore[attr-defined]
        yield Gap(key=key, why="is no list of names", remedy='Write it as ["Northwind", "Acme"].')


def is_zone(name: str) -> bool:
    """Whether this is the name of a time zone."""
    try:
        return ZoneInfo(name).key == name
    except (LookupError, OSError, ValueError):
        return False


def _refused(gaps: Sequence[Gap], before: str) -> Offer:
    first = gaps[0]
    raise BadInput(f"{before}{first.sentence()}.", first.remedy, field=first.key)
