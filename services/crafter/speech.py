"""How one language says what fields hold: greeting, headcount, industry, title. Its words stand in `forms.toml`."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

import msgspec

from services.crafter import natural

AREA_CHARACTERS_MAX = 40


class Named(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One company of an industry with its article, many, and many after `among` where that is another form."""

    one: str
    many: str
    among: str = ""


class Industry(Named, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`part` lists pieces of the names that directories give an industry, with a bar between."""

    part: str


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
        soft_asks: asks that are easy to say no to; each names the title.
        industries: the first that fits, counts.
        other_industry: for those that nobody listed, with `{area}`; left out, nothing is said of them.
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
    industries: tuple[Industry, ...]
    other_industry: Named | None = None


class Speech:
    """The forms made ready. What people and companies share is worked out once."""

    def __init__(self, forms: Forms) -> None:
        self.forms = forms
        self._kinds = tuple((f" {part}", kind) for kind in forms.industries for part in kind.part.split("|"))
        # Directories know a few hundred industries; a run asks for a few titles, and so many people share them.
        self.industry = lru_cache(maxsize=1024)(self._industry)
        self.title = lru_cache(maxsize=1024)(self._title)

    def greeting(self, name: str) -> str:
        """The first line; without a name the one that needs none."""
        return self.forms.greeting.format(name=name) if name else self.forms.bare_greeting

    def tools(self, names: Sequence[str]) -> str:
        """The first two, in one phrase."""
        return self.forms.joined.join(dict.fromkeys(names[:2]))

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
        beginning = name.partition(" ")[0]
        return name[0].lower() + name[1:] if beginning.casefold() in self.forms.lower else name

    def _industry(self, raw: str) -> Named | None:
        text = natural.clean(raw)
        folded = text.casefold()
        if not natural.speakable(text, 60):
            return None
        padded = f" {folded} "
        for part, kind in self._kinds:
            if part in padded:
                return kind
        other = self.forms.other_industry
        area = folded.removesuffix(" industry").replace(" & ", " and ").replace("/", " and ")
        letters = area.replace(" ", "").replace(",", "").replace("-", "")
        if other is None or not letters.isalpha() or len(area) > AREA_CHARACTERS_MAX:
            return None
        return Named(one=other.one.format(area=area), many=other.many.format(area=area))
