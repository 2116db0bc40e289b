"""What we need to know of a company, who may be asked, and the one way its figures are read from words.

Rows, directories and later rows of the same lead write "51-200", "1,200" or "$5M" for one thing. They are read here
and nowhere else, so that two spellings of one value are one value.
"""

import re
import unicodedata
from datetime import datetime
from functools import lru_cache
from typing import Literal, NamedTuple, Protocol

import msgspec

EMPLOYEES_MAX = 5_000_000
REVENUE_USD_MAX = 2_000_000_000_000
TECHNOLOGIES_MAX = 40
TECHNOLOGY_LENGTH_MAX = 60
READ_KEPT = 8_192
"""How many readings are kept: leads of one company, and the sizes and tools of all, are the same few words."""

Kind = Literal["exact", "range", "open"]


class Company(msgspec.Struct, frozen=True, kw_only=True):
    """What a directory says of one company; None or empty where it says nothing.

    `matched_by` says whether the domain or only the name led here, `observed_at` when the directory learned it.
    """

    name: str
    domain: str = ""
    employees: int | None = None
    industry: str = ""
    technologies: tuple[str, ...] = ()
    revenue_usd: int | None = None
    country: str = ""
    observed_at: datetime | None = None
    matched_by: Literal["domain", "name"] = "domain"


class CompanyDirectory(Protocol):
    """Somebody who knows companies."""

    @property
    def name(self) -> str:
        """What its values are attributed to, in one word."""
        ...

    async def find(self, domain: str, company: str) -> Company | None:
        """The company of this domain; where no domain is known, the only one of this name.

        Args:
            domain: as `host_of` gives it; may be empty.
            company: its name; may be empty.

        Returns:
            None where the directory does not know it, or knows several.

        Raises:
            ProviderUnavailable: no answer this time; the loop asks again.
            ProviderRefused: it will not answer however often it is asked.
        """
        ...


class Figure(NamedTuple):
    """A number and how firmly it was said: as such, as a range (its middle), or open-ended (its lower bound)."""

    value: int
    kind: Kind


_NUMBER = r"(\d[\d.,'’\s]*)\s*(thousand|million|billion|trillion|tsd|mio|mrd|bn|mm|[kmbt])?(?![a-z])"
_NUMBERS = re.compile(_NUMBER)
_EXCEL_MONTH = re.compile(r"\bnov-50\b")
_UNDER = re.compile(r"^(?:<|under|less than|fewer than|up to|bis|moins de|hasta)\s*[$]?\s*\d")
_OPEN = re.compile(r"\+|\bor more\b|\bet plus\b|\by más\b|^(?:>|over|more than|über|plus de|más de)\s*[$]?\s*\d")
_BETWEEN = re.compile(r"^\s*(?:-|–|—|\.\.+|to|bis|à|and|a)\s*[$]?\s*$")
_SCALE = {
    "k": 1e3,
    "thousand": 1e3,
    "tsd": 1e3,
    "m": 1e6,
    "mm": 1e6,
    "mio": 1e6,
    "million": 1e6,
    "b": 1e9,
    "bn": 1e9,
    "mrd": 1e9,
    "billion": 1e9,
    "t": 1e12,
    "trillion": 1e12,
}
_FOREIGN_MONEY = re.compile(r"[€£¥₹₽₩₣]|\b(?:eur|gbp|chf|jpy|inr|cad|aud|sek|nok|dkk|pln)\b")


def _digits(text: str, *, fraction: bool) -> float | None:
    """A number as people group it: 1,200 and 1.200 and 1 200 are 1200, unless a scale makes 1.2 a fraction."""
    plain = re.sub(r"['’\s]", "", text).rstrip(".,")
    if len(plain) > 20:
        return None
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", plain) and not (fraction and len(plain) <= 7):
        return float(re.sub(r"[.,]", "", plain))
    match = re.fullmatch(r"(\d+|\d{1,3}(?:,\d{3})+|\d{1,3}(?:\.\d{3})+)(?:[.,](\d{1,3}))?", plain)
    return float(re.sub(r"[.,]", "", match[1]) + "." + (match[2] or "0")) if match else None


def _figure(text: str, largest: int) -> Figure | None:
    found = list(_NUMBERS.finditer(text))
    if not 1 <= len(found) <= 2:
        return None
    last = found[-1][2]
    values: list[int] = []
    for one in found:
        scale = one[2] or (last if len(found) == 2 else None)
        number = _digits(one[1], fraction=scale is not None)
        if number is None:
            return None
        values.append(round(number * _SCALE.get(scale or "", 1)))
    if max(values) > largest:
        return None
    if len(values) == 2:
        between = text[found[0].end() : found[1].start()]
        if not _BETWEEN.match(between) or values[0] > values[1]:
            return None
        return Figure((values[0] + values[1]) // 2, "range")
    if _UNDER.search(text):
        return Figure(values[0] // 2, "range")
    return Figure(values[0], "open" if _OPEN.search(text) else "exact")


@lru_cache(maxsize=READ_KEPT)
def employees_of(text: str) -> Figure | None:
    """How many people a company has: the number, the middle of a range rounded down, the lower bound of "10,000+".

    Excel turns "11-50" into "Nov-50"; that is read back. None where the words hold no number above zero.
    """
    plain = unicodedata.normalize("NFKC", text).casefold().strip()
    if plain in {"self-employed", "self employed", "freelancer"}:
        return Figure(1, "exact")
    figure = _figure(_EXCEL_MONTH.sub("11-50", plain), EMPLOYEES_MAX)
    return figure if figure is not None and figure.value > 0 else None


@lru_cache(maxsize=READ_KEPT)
def revenue_usd_of(text: str) -> Figure | None:
    """Yearly revenue in whole US dollars; another currency is not converted and so not known."""
    plain = unicodedata.normalize("NFKC", text).casefold().strip()
    if _FOREIGN_MONEY.search(plain):
        return None
    figure = _figure(plain.replace("usd", " ").replace("us$", "$").replace("$", "").strip(), REVENUE_USD_MAX)
    return figure if figure is not None and figure.value > 0 else None


@lru_cache(maxsize=READ_KEPT)
def technologies_of(text: str) -> tuple[str, ...]:
    """The names in a list of technologies, each once; what looks like a program's object is no name."""
    names: dict[str, str] = {}
    for part in re.split(r"[,;|\n]", text):
        name = " ".join(part.split()).strip("'\"[]")
        if name and len(name) <= TECHNOLOGY_LENGTH_MAX and not re.search(r"[{}]", part):
            names.setdefault(name.casefold(), name)
    return tuple(names.values())[:TECHNOLOGIES_MAX]


_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")


@lru_cache(maxsize=READ_KEPT)
def host_of(text: str) -> str:
    """The host in a web address or domain, without `www.`; empty where there is none.

    Letters outside ASCII become their IDNA form, so that both spellings of a domain are one.
    """
    host = text.strip().casefold().partition("://")[2] or text.strip().casefold()
    host = re.split(r"[/?#\s]", host, maxsplit=1)[0].rpartition("@")[2].partition(":")[0].strip(".")
    host = host.removeprefix("www.")
    if not host.isascii():
        try:
            host = host.encode("idna").decode()
        except UnicodeError:
            return ""
    labels = host.split(".")
    if len(labels) < 2 or len(host) > 253 or labels[-1].isdigit():
        return ""
    return host if all(_LABEL.fullmatch(label) for label in labels) else ""
