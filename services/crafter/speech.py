"""How one language says what fields hold: greeting, headcount, industry, title. Its words stand in `forms.toml`."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

import msgspec

from services.crafter import names, natural


class Named(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One company of an industry with its article, many, and many after `among` where that is another form."""

    one: str
    many: str
    among: str = ""


class Forms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a language needs besides its templates.

    Args:
        greeting: with `{name}`.
        greets: by the first name or by the whole one.
        people: with `{count}`; `span` has `{low}` and `{high}`.
        thousands: what stands between them.
        joined: what stands between two things, with its blanks.
        space_before: marks that have a blank before them, which must not end a line.
        lower: beginnings of titles that are not written large inside a sentence.
        soft_asks: asks that are easy to say no to; with the title, and without it for openers that name it.
        industries: how each is said, by its name in `industries.toml`; of one that is not here nothing is said.
    """

    greeting: str
    greets: Literal["first_name", "name"]
    bare_greeting: str
    sign_off: str
    people: str
    span: str
    thousands: str
    joined: str
    space_before: str = ""
    lower: tuple[str, ...] = ()
    soft_asks: tuple[str, ...]
    industries: dict[str, Named]


class Speech:
    """The forms of a language made ready. What people and companies share is worked out once."""

    def __init__(self, forms: Forms, language: str) -> None:
        self.forms = forms
        self._foreign_titles = names.english_titles(language)
        # Directories know a few hundred industries; a run asks for a few titles, and so many people share them.
        self.industry = lru_cache(maxsize=1024)(self._industry)
        self.title = lru_cache(maxsize=1024)(self._title)

    def greeting(self, name: str) -> str:
        """The first line; without a name the one that needs none."""
        return self.forms.greeting.format(name=name) if name else self.forms.bare_greeting

    def tools(self, listed: Sequence[str]) -> str:
        """The first two, in one phrase."""
        return self.forms.joined.join(dict.fromkeys(listed[:2]))

    def headcount(self, raw: str | int) -> str:
        """`about 120 people`, or `51 to 200 people` where the field holds a range."""
        found = natural.counted(raw)
        if isinstance(found, tuple):
            return self.forms.span.format(low=self._number(found[0]), high=self._number(found[1]))
        return self.forms.people.format(count=self._number(found)) if found else ""

    def _number(self, count: int) -> str:
        return f"{count:,}".replace(",", self.forms.thousands)

    def _title(self, raw: str) -> str:
        name = natural.title(raw, self.forms.joined)
        if english := self._foreign_titles.get(names.folded(name)):
            return english
        beginning = name.partition(" ")[0]
        return name[0].lower() + name[1:] if beginning.casefold() in self.forms.lower else name

    def _industry(self, raw: str) -> Named | None:
        text = natural.clean(raw)
        return self.forms.industries.get(names.industry(text)) if natural.speakable(text, 60) else None
