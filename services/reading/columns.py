"""From column names to our fields: aliases, what a person maps, and proposals for what nobody recognised."""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias

from rapidfuzz import fuzz, process

from contracts.errors import BadInput
from services.reading.aliases import ALIASES, FIELDS, PRESETS
from services.reading.contents import ADDRESS, FITS, TELLING, doubted, fitting, likely, values_of
from services.reading.sheet import COLUMN_NAME_CHARS_MAX, COLUMNS_MAX, Doubt, Preset, Row, Unmatched

PROPOSAL_SCORE_MIN = 80.0
_FIELD_OF = {alias: field for field, aliases in ALIASES.items() for alias in aliases}
_OWNER = re.compile(r"\b(owner|besitzer|inhaber|proprietaire|propietario)\b")
"""Who of the customer's own people looks after a contact: never the person written to, however the column is called."""
Spelt: TypeAlias = Callable[[str, str], str]
"""How a person writes, where they are, that a field is taken from a column."""


def option(field: str, column: str) -> str:
    """As the command line takes it."""
    return f'--map {field}="{column}"'


@lru_cache(maxsize=1024)
def plain(column: str) -> str:
    """The form in which column names are compared: lower case, no accents, separators as single blanks.

    Kept for a while: every chunk of a file has the same header, and each field is looked for in all of it.
    """
    letters = unicodedata.normalize("NFKD", column.casefold())
    return " ".join(re.sub(r"[^\w#\s]|_", " ", "".join(c for c in letters if not unicodedata.combining(c))).split())


def recognised(cells: Sequence[str], mapping: Mapping[str, str]) -> int:
    """How many of these cells are names of columns we know or that a person named."""
    wanted = {plain(column) for column in mapping.values()}
    return len({name for cell in cells if (name := plain(cell)) in _FIELD_OF or (name and name in wanted)})


def preset_of(header: Sequence[str]) -> Preset:
    """The well-known export that has these columns."""
    names = {plain(column) for column in header}
    return next((preset for preset, marks in PRESETS if marks & names), "home_made")


def columns_of(field: str, header: Sequence[str]) -> list[int]:
    """The places of the columns that mean a field, the best first."""
    names = [plain(column) for column in header]
    return [names.index(alias) for alias in ALIASES[field] if alias in names]


def mapping_of(header: Sequence[str], wishes: Mapping[str, str], spelt: Spelt = option) -> dict[str, str]:
    """Our fields and the column each is taken from; what a person maps goes before what is recognised.

    Args:
        wishes: what a person maps; a field with an empty column is taken from none.

    Raises:
        BadInput: an unknown field or column was mapped, a name or the header is too large, the header is data or names nothing.
    """
    _check_size(header)
    _check_names(header)
    mapping = {field: header[found[0]] for field in FIELDS if (found := columns_of(field, header))}
    names = {plain(column): column for column in reversed(header)}
    for field, column in wishes.items():
        if field not in ALIASES:
            raise BadInput(
                f"`{spelt(field, column)}`: there is no field `{field}`.", f"Fields: {', '.join(FIELDS)}.", field=field
            )
        if not column.strip():
            mapping.pop(field, None)
            continue
        if plain(column) not in names or not plain(column):
            raise BadInput(
                f"`{spelt(field, column)}`: the file has no column `{column}`.",
                f"Columns: {_list(header)}.",
                field=field,
            )
        # A column that a person gave to one field is not also taken for another.
        mapping = {known: taken for known, taken in mapping.items() if plain(taken) != plain(column)}
        mapping[field] = names[plain(column)]
    return mapping


def missing(mapping: Mapping[str, str]) -> tuple[str, ...]:
    """The fields of which some more would make leads of the rows; none where a row can be one."""
    named = "full_name" in mapping or {"first_name", "last_name"} <= set(mapping)
    if "email" in mapping or (named and "company" in mapping):
        return ()
    lacking = (("email", False), ("full_name", named), ("company", "company" in mapping))
    return tuple(field for field, there in lacking if not there)


def check_usable(
    header: Sequence[str], mapping: Mapping[str, str], others: Sequence[Unmatched], spelt: Spelt = option
) -> None:
    """Refuse a file of which no row could become a lead.

    Args:
        others: the columns that nothing is taken from, see `unmatched`.

    Raises:
        BadInput: neither an address nor a name and a company is taken from it.
    """
    if not missing(mapping):
        return
    proposals = [one.proposal for one in others if one.proposal]
    hint = f"Try {' '.join(proposals)}." if proposals else f"Say which it is, such as {spelt('email', 'Column')}."
    raise BadInput(
        f"The header names neither an e-mail address nor a person's name and a company. Its columns: {_list(header)}.",
        hint,
        field="email",
    )


def unmatched(
    header: Sequence[str], mapping: Mapping[str, str], rows: Sequence[Row] = (), spelt: Spelt = option
) -> tuple[Unmatched, ...]:
    """The columns nothing is taken from, each with what would take it, where its name or its values tell.

    A field is proposed once: for the first column that is probably meant.
    """
    taken, proposed = set(mapping.values()), set(mapping)
    if {"first_name", "last_name"} <= proposed:
        proposed.add("full_name")
    found: list[Unmatched] = []
    for place, column in enumerate(header):
        if not column or column in taken or _spare(column, mapping) or column in header[:place]:
            continue
        field, because = _near(column, proposed), "its name is near"
        if not field and (likeliest := likely(values_of(rows, place))) not in proposed:
            field, because = likeliest, f"it holds {FITS[likeliest][1].partition(' ')[2]}es" if likeliest else ""
        proposed.add(field)
        found.append(Unmatched(column, field, spelt(field, column), because) if field else Unmatched(column))
    return tuple(found)


def doubts(
    header: Sequence[str], mapping: Mapping[str, str], rows: Sequence[Row], spelt: Spelt = option
) -> tuple[Doubt, ...]:
    """The columns whose values do not look like the field that is taken from them, each with what mends it."""
    found: list[Doubt] = []
    for field, column in mapping.items():
        values = values_of(rows, header.index(column))
        if not doubted(field, values):
            continue
        fit, called = fitting(field, values), FITS[field][1]
        amount = f"only {fit}" if fit else "none"
        better = _better(field, column, header, rows)
        found.append(
            Doubt(
                field,
                column,
                f"`{field}` is taken from the column `{column}`, and {amount} of its first {len(values)} "
                f"value{'s' if len(values) > 1 else ''} is {called}.",
                f"`{better}` looks like it: {spelt(field, better)}."
                if better
                else f"Say which column it is: {spelt(field, 'Column')}.",
                better,
            )
        )
    return tuple(found)


def _better(field: str, taken: str, header: Sequence[str], rows: Sequence[Row]) -> str:
    """The column that shows by its values that it is the field; empty for none."""
    if field not in TELLING:
        return ""
    others = ((place, column) for place, column in enumerate(header) if column and column != taken)
    return next((column for place, column in others if likely(values_of(rows, place)) == field), "")


def _spare(column: str, mapping: Mapping[str, str]) -> bool:
    """Whether a column is looked into where the one that a recognised field is taken from is empty."""
    field = _FIELD_OF.get(plain(column), "")
    return field in mapping and plain(mapping[field]) in ALIASES[field]


def _near(column: str, taken: Collection[str]) -> str:
    """The field that the name of a column is near to and that is not yet taken; empty for none."""
    name = plain(column)
    if len(name) < 3 or name in _FIELD_OF or _OWNER.search(name):
        return ""
    choices = [alias for alias, field in _FIELD_OF.items() if field not in taken]
    best = process.extractOne(name, choices, scorer=fuzz.token_sort_ratio, score_cutoff=PROPOSAL_SCORE_MIN)
    return _FIELD_OF[best[0]] if best else ""


def _check_names(header: Sequence[str]) -> None:
    if not any(map(plain, header)):
        raise BadInput(
            "The header names no column.", "Put the names of the columns into the first line.", field="header"
        )
    if not any(plain(column) in _FIELD_OF for column in header) and any(
        ADDRESS.fullmatch(cell.strip()) for cell in header
    ):
        raise BadInput(
            "The file has no header: its first line holds an address where the name of a column should be.",
            "Put the names of the columns into the first line, such as: Email,First Name,Last Name,Company.",
            field="header",
        )


def _check_size(header: Sequence[str]) -> None:
    if len(header) > COLUMNS_MAX:
        raise BadInput(
            f"The file has {len(header):,} columns; {COLUMNS_MAX} is the most.", "Remove columns.", field="header"
        )
    if any(len(column) > COLUMN_NAME_CHARS_MAX for column in header):
        raise BadInput(
            f"The name of a column is longer than {COLUMN_NAME_CHARS_MAX} characters.", "Shorten it.", field="header"
        )


def _list(header: Sequence[str]) -> str:
    shown = [f"`{column[:40]}`" for column in header[:20]]
    return ", ".join(shown) + (", …" if len(header) > 20 else "")
