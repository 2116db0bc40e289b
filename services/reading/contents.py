"""What the values of a column look like: the field they would be, and whether they fit the field they are taken for."""

import re
from collections.abc import Callable, Mapping, Sequence

from services.providers.company_directory.port import employees_of, host_of, revenue_usd_of
from services.reading.sheet import Row

VALUES_LOOKED_AT, ROWS_LOOKED_AT = 50, 1_000
"""The first values of a column say what it holds; a file of 100,000 rows is not read a second time for it."""
LIKELY_SHARE = 0.6
DOUBTED_SHARE = 0.5

ADDRESS = re.compile(r"(?:mailto:)?[^@\s]+@[^@\s]+\.[^@\s]+", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
_WEB = re.compile(r"(?:\w+://|www\.)", re.IGNORECASE)


def _address(text: str) -> bool:
    return ADDRESS.fullmatch(text) is not None


def _linkedin(text: str) -> bool:
    return "linkedin." in text.casefold()


def _web(text: str) -> bool:
    return bool(host_of(text)) and "@" not in text and " " not in text


def _words(text: str) -> bool:
    return bool(_LETTER.search(text)) and "@" not in text and not _WEB.match(text)


def _people(text: str) -> bool:
    return employees_of(text) is not None


def _money(text: str) -> bool:
    return revenue_usd_of(text) is not None


FITS: Mapping[str, tuple[Callable[[str], bool], str]] = {
    "email": (_address, "an e-mail address"),
    "linkedin_url": (_linkedin, "a LinkedIn address"),
    "domain": (_web, "a web address"),
    "employees": (_people, "a number of people"),
    "revenue_usd": (_money, "an amount of money"),
    "full_name": (_words, "a name"),
    "first_name": (_words, "a first name"),
    "last_name": (_words, "a last name"),
    "title": (_words, "a job title"),
    "company": (_words, "the name of a company"),
    "industry": (_words, "an industry"),
    "city": (_words, "a city"),
    "country": (_words, "a country"),
}
"""By field how a value of it is told, and what one is called. A field that may hold anything is not here."""
TELLING = ("email", "linkedin_url", "domain")
"""Fields whose values nothing else looks like, the most telling first."""


def values_of(rows: Sequence[Row], place: int) -> list[str]:
    """The first values of a column, empty cells left out."""
    found: list[str] = []
    for row in rows[:ROWS_LOOKED_AT]:
        if len(found) == VALUES_LOOKED_AT:
            break
        if row.cells and (cell := row.cells[place].strip()):
            found.append(cell)
    return found


def fitting(field: str, values: Sequence[str]) -> int:
    """How many of these values can be of the field; all where nothing can be told of it."""
    return sum(map(FITS[field][0], values)) if field in FITS else len(values)


def likely(values: Sequence[str]) -> str:
    """The field that these values show by themselves; empty for none."""
    enough = max(1, LIKELY_SHARE * len(values))
    return next((field for field in TELLING if values and fitting(field, values) >= enough), "")


def doubted(field: str, values: Sequence[str]) -> bool:
    """Whether most of these values cannot be of the field that they are taken for."""
    return bool(values) and fitting(field, values) < DOUBTED_SHARE * len(values)
