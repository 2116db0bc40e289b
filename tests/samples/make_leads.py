"""Large files of invented leads, with what has to become of each row."""

import csv
import io
import random
from dataclasses import dataclass
from typing import Literal

from services.hunter.synthetic import COUNT_MAX, generate

COLUMNS = {
    "First Name": "first_name",
    "Last Name": "last_name",
    "Title": "title",
    "Company": "company",
    "Email": "email",
    "# Employees": "employees",
    "Industry": "industry",
    "Website": "domain",
    "Country": "country",
    "Technologies": "technologies",
    "Annual Revenue": "revenue_usd",
}
RowFate = Literal["sourced", "updated", "duplicate", "refused"]
DIRT: tuple[tuple[str, RowFate], ...] = (
    ("bad_address", "refused"),
    ("nobody", "refused"),
    ("too_few_cells", "refused"),
    ("open_quote", "refused"),
    ("huge_cell", "refused"),
    ("again", "duplicate"),
    ("again_with_news", "updated"),
)


@dataclass(frozen=True)
class MadeFile:
    """A file and its key: what becomes of each row, from row 1, when all rows go through HUNTER in one run."""

    content: bytes
    key: tuple[RowFate, ...]


def make(rows: int, seed: int, dirty_share: float) -> bytes:
    """So many rows under Apollo's columns, of which a share is dirty."""
    return make_with_key(rows, seed, dirty_share).content


def make_with_key(rows: int, seed: int, dirty_share: float) -> MadeFile:
    """As `make`, with the key."""
    chance = random.Random(f"make_leads:{seed}")
    clean: list[dict[str, str]] = []
    lines, key = [_line(list(COLUMNS))], list[RowFate]()
    dirty = set(chance.sample(range(1, rows), round(rows * dirty_share)))
    kinds = [DIRT[place % len(DIRT)] for place in range(len(dirty))]
    people = _people(rows, seed)
    for row in range(rows):
        person = people[row]
        if row not in dirty:
            clean.append(person)
            lines.append(_line(_cells(person)))
            key.append("sourced")
            continue
        kind, fate = kinds.pop()
        # Only a person whose row was not yet given news can come again with nothing new.
        again = clean.pop(chance.randrange(len(clean))) if kind.startswith("again") else person
        lines.append(_dirty(kind, again))
        key.append(fate)
    return MadeFile(("\n".join(lines) + "\n").encode(), tuple(key))


def _dirty(kind: str, person: dict[str, str]) -> str:
    match kind:
        case "bad_address":
            return _line(_cells(person | {"email": "somebody at nowhere"}))
        case "nobody":
            return _line([""] * len(COLUMNS))
        case "too_few_cells":
            return _line(_cells(person)[:4])
        case "open_quote":
            return '"' + ",".join(cell.replace(",", "") for cell in _cells(person))
        case "huge_cell":
            return _line(_cells(person | {"technologies": "x" * 70_000}))
        case "again_with_news":
            return _line(_cells(person | {"title": f"{person['title']}, Europe"}))
        case _:
            return _line(_cells(person))


def _people(rows: int, seed: int) -> list[dict[str, str]]:
    """People of whom no two are the same: a batch of one seed has none twice, and each batch gets a host of its own."""
    people: list[dict[str, str]] = []
    for batch in range(-(-rows // COUNT_MAX)):
        for person in generate("default", min(COUNT_MAX, rows - len(people)), seed * 1_000 + batch):
            local, _, domain = person["email"].partition("@")
            apart = f"{domain.removesuffix('.example')}-{batch}.example"
            people.append(person | {"email": f"{local}.{len(people)}@{apart}", "domain": apart})
    return people


def _cells(person: dict[str, str]) -> list[str]:
    return [person.get(field, "") for field in COLUMNS.values()]


def _line(cells: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue().removesuffix("\n")
