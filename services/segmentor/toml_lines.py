"""On which line of a TOML text each of its values stands: the reader of the standard library keeps none of that."""

import re
from collections.abc import Mapping

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_PLAIN = re.compile(r"[^,\]}\n#]*")
_STRING = re.compile(r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\])*"|\'[^\']*\'', re.DOTALL)


def lines_of(text: str) -> dict[str, int]:
    """The line, from 1, of each table and value, by a name such as `size.bands[1].points`.

    Args:
        text: it has to be TOML; of anything else the answer means nothing.
    """
    reading = _Reading(text)
    reading.document()
    return reading.lines


def line_of(lines: Mapping[str, int], field: str) -> int | None:
    """The line of a field; where it is not there, of the nearest table or value that it would stand in."""
    name = field
    while name and name not in lines:
        cut = max(name.rfind("."), name.rfind("["))
        name = name[:cut] if cut > 0 else ""
    return lines.get(name)


class _Reading:
    """One pass over the text."""

    def __init__(self, text: str) -> None:
        self.lines: dict[str, int] = {}
        self._text = text
        self._at = 0
        self._tables: dict[str, int] = {}

    def document(self) -> None:
        """Every line of it."""
        table = ""
        while self._next():
            if self._text.startswith("[[", self._at):
                self._at += 2
                table = self._one_more(self._within(self._key(), among_tables=True))
                self._at += 2
            elif self._text[self._at] == "[":
                self._at += 1
                table = self._within(self._key(), among_tables=True)
                self._note(table)
                self._at += 1
            else:
                self._pair(table)

    def _next(self) -> bool:
        """Whether anything comes that is no blank and no remark; the place is then before it."""
        found = _BLANK.match(self._text, self._at)
        self._at = found.end() if found else self._at
        return self._at < len(self._text)

    def _note(self, name: str) -> None:
        self.lines.setdefault(name, self._text.count("\n", 0, self._at) + 1)

    def _one_more(self, name: str) -> str:
        """One more table of a list: its name with its number."""
        number = self._tables.get(name, 0)
        self._tables[name] = number + 1
        self._note(name)
        self._note(f"{name}[{number}]")
        return f"{name}[{number}]"

    def _within(self, parts: list[str], *, among_tables: bool) -> str:
        """The name of a table; a list of tables that it lies in means its last one."""
        name = ""
        for place, part in enumerate(parts):
            name = f"{name}.{part}" if name else part
            if among_tables and place < len(parts) - 1 and name in self._tables:
                name = f"{name}[{self._tables[name] - 1}]"
        return name

    def _key(self) -> list[str]:
        parts: list[str] = []
        while self._next():
            quoted = _STRING.match(self._text, self._at)
            found = quoted or _BARE.match(self._text, self._at)
            if found is None:
                break
            parts.append(found[0][1:-1] if quoted else found[0])
            self._at = found.end()
            self._next()
            if not self._text.startswith(".", self._at):
                break
            self._at += 1
        return parts

    def _pair(self, table: str) -> None:
        start = self._at
        name = ".".join(filter(None, (table, *self._key())))
        if self._at == start:
            self._at = len(self._text)  # No TOML: there is nothing more to find.
            return
        self._at, end = start, self._at
        self._note(name)
        self._at = end + 1
        self._value(name)

    def _value(self, name: str) -> None:
        self._next()
        if self._text.startswith("[", self._at):
            self._several(name, "]")
        elif self._text.startswith("{", self._at):
            self._several(name, "}")
        elif found := _STRING.match(self._text, self._at) or _PLAIN.match(self._text, self._at):
            self._at = found.end()

    def _several(self, name: str, end: str) -> None:
        """The values of a list, or the pairs of a table on one line."""
        self._at += 1
        number = 0
        while self._next() and self._text[self._at] != end:
            if end == "}":
                self._pair(name)
            else:
                self._note(f"{name}[{number}]")
                self._value(f"{name}[{number}]")
                number += 1
            if self._next() and self._text[self._at] == ",":
                self._at += 1
        self._at += 1
