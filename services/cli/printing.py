"""What is printed: tables and lines for a person, one document for a program."""

import os
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from services.cli.words import clean

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

WIDTH_OF_A_PIPE = 120


def console() -> "Console":
    """The terminal, or whatever stdout is. On a pipe lines are wide and without colours."""
    from rich.console import Console

    terminal = sys.stdout.isatty()
    width = None if terminal or os.environ.get("COLUMNS") else WIDTH_OF_A_PIPE
    return Console(file=sys.stdout, width=width, markup=False, highlight=False, emoji=False, legacy_windows=False)


def say(*parts: "RenderableType | str") -> None:
    """Print for a person, one after another; texts are cleaned and not wrapped."""
    screen = console()
    for part in parts:
        if isinstance(part, str):
            screen.print(clean(part), soft_wrap=True)
        else:
            screen.print(part)


def document(value: object) -> None:
    """Print for a program: one JSON document, personal values opened."""
    from contracts.codec import to_json

    sys.stdout.write(to_json(value) + "\n")
    sys.stdout.flush()


def marked(namespace: str) -> dict[str, object]:
    """What every document for a program says of where it comes from, and that nothing is sent for real."""
    return {"namespace": namespace, "shadow": True}


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, right: Iterable[str] = ()) -> "Table":
    """A table without frames; every cell is cleaned.

    Args:
        right: the columns of numbers.
    """
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    made = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    numbers = set(right)
    for column in columns:
        made.add_column(column, justify="right" if column in numbers else "left", no_wrap=column in {"id", *numbers})
    for row in rows:
        made.add_row(*(Text(clean(one)) for one in row))
    return made


def heading(text: str) -> "RenderableType":
    """The title of a section."""
    from rich.text import Text

    return Text(clean(text), style="bold")


def warn(text: str) -> None:
    """One line on stderr."""
    sys.stderr.write(clean(text) + "\n")
