"""How a person would say what a field holds: `Acme`, not `ACME, Inc.`; 120 people, not `118`.

Lead values are hostile until they have passed here. What cannot be said in a sentence is empty, never guessed at.
"""

import re
import unicodedata
from functools import lru_cache

_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
_UNSPEAKABLE = re.compile(r"[{}<>\[\]|\\^`~@#=]|https?:|www\.|%\w|^\W+$", re.IGNORECASE)
_NOTHING = frozenset(
    {"none", "null", "nan", "n/a", "na", "undefined", "unknown", "-", "test", "true", "false", "yes", "no"}
)
_LEGAL_FORM = re.compile(
    r"[,\s]+(?:inc|incorporated|llc|l\.l\.c|ltd|limited|corp|corporation|co|company|gmbh(?: & co\.? kg)?|ag|kg|se|plc|llp|lp"
    r"|b\.?v|n\.?v|s\.?a\.?s?|s\.?r\.?l|s\.?a\.?r\.?l|sasu|eurl|e\.?k|ohg|gbr|mbh|ug(?: \(haftungsbeschränkt\))?|s\.?p\.?a|oy|ab|a/s|aps|pty(?: ltd)?|pte(?: ltd)?|pvt(?: ltd)?)\.?$",
    re.IGNORECASE,
)
_AFTERTHOUGHT = re.compile(r"\s+[-–—|/•·]\s+.*$|\s*\([^)]*\)\s*$|\s*[|;•·].*$")
_SMALL = frozenset({"of", "and", "for", "the", "in", "to", "a"})
_RANK_OF_AREA = re.compile(
    r"((?:(?:Senior|Global|Regional|Associate|Executive) )*(?:Director|Head|VP|SVP|EVP|Vice President|Manager)), (?!and\b)(\w[^,]{2,40})"
)
_HONORIFIC = re.compile(r"^(?:dr|prof|mr|mrs|ms|mx|herr|frau|monsieur|madame|mme|dipl|ing|sir)\.?\s+", re.IGNORECASE)


def clean(text: str) -> str:
    """NFC, without control and reading-direction characters, white space made single."""
    kept = text if text.isascii() and text.isprintable() else _visible(text)
    return " ".join(kept.split())


def _visible(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    return "".join(" " if one.isspace() else one for one in composed if one.isspace() or _category(one) not in _HIDDEN)


def _category(character: str) -> str:
    return unicodedata.category(character)


def speakable(text: str, most: int) -> bool:
    """Whether a cleaned value can stand in a sentence: no markup, no address, no printed nothing, not too long."""
    return 0 < len(text) <= most and text.casefold() not in _NOTHING and not _UNSPEAKABLE.search(text)


def company(raw: str) -> str:
    """The name people use: no legal form, no tagline, not shouted."""
    name = _AFTERTHOUGHT.sub("", clean(raw)).strip(" ,.")
    for _ in range(2):
        name = _LEGAL_FORM.sub("", name).strip(" ,&")
    if name.isupper() and len(name) > 5:
        name = _headline(name)
    return name if speakable(name, 48) and len(name) > 1 else ""


def title(raw: str, joined: str = " and ") -> str:
    """The job title as it would stand in a sentence; of several, the first. `joined` stands for an ampersand."""
    name = _AFTERTHOUGHT.sub("", clean(raw)).strip(" ,.-").replace(" & ", joined)
    if re.search(r"[A-Za-z]/[A-Za-z]", name):
        name = name.partition("/")[0].strip()
    if name.isupper() and len(name) > 4:
        name = _headline(name)
    elif name.islower():
        name = name.upper() if len(name) <= 3 else _headline(name)
    turned = _RANK_OF_AREA.fullmatch(name)
    if turned:
        name = f"{turned[1]} of {turned[2]}"
    elif len(name) > 60:
        name = name.partition(",")[0]
    return name if speakable(name, 60) and len(name) > 1 else ""


def given_name(raw: str, *, whole: bool = False) -> str:
    """The first name for a greeting.

    Args:
        raw: the field.
        whole: whether it holds the full name, of which the first word is taken.
    """
    name = _HONORIFIC.sub("", clean(raw))
    if whole:
        name = name.rpartition(",")[2].strip() if "," in name else name
        name = name.partition(" ")[0]
    name = name.strip(" ,.")
    if name.isupper() or name.islower():
        name = "-".join(part.capitalize() for part in name.split("-"))
    fits = len(name) > 1 and re.fullmatch(r"[^\W\d_][^\W\d_'’ .-]*(?:['’ .-]+[^\W\d_]+)*", name)
    return name if fits and speakable(name, 30) else ""


def counted(raw: str | int) -> int | tuple[int, int]:
    """A headcount rounded as people say it, or the two ends of a range; 0 where nothing can be said."""
    if isinstance(raw, str):
        text = clean(raw).replace(",", "").casefold().removesuffix("employees").strip()
        span = re.fullmatch(r"(\d{1,6})\s*(?:-|–|to)\s*(\d{1,6})", text)
        if span:
            return (int(span[1]), int(span[2])) if int(span[1]) < int(span[2]) else 0
        if not re.fullmatch(r"\d{1,6}", text):
            return 0
        raw = int(text)
    if not 5 <= raw <= 999_999:
        return 0
    step = 5 if raw < 50 else 10 if raw < 300 else 50 if raw < 1000 else 100
    return max(step, (raw + step // 2) // step * step)


def full_name(raw: str) -> str:
    """First and last name, as a formal greeting has them; empty where it is one word, or more than a greeting bears."""
    text = _HONORIFIC.sub("", clean(raw))
    if text.count(",") == 1:
        last, _, first = text.partition(",")
        text = f"{first.strip()} {last.strip()}"
    words = text.split()
    if not 2 <= len(words) <= 4:
        return ""
    if text.isupper() or text.islower():
        words = ["-".join(part.capitalize() for part in word.split("-")) for word in words]
    fits = all(re.fullmatch(r"[^\W\d_](?:[^\W\d_]|['’.-](?=[^\W\d_]|$))*", word) for word in words)
    name = " ".join(words)
    return name if fits and speakable(name, 50) else ""


def opening(raw: str) -> str:
    """A role that is being filled, for `the … opening`; a bare yes says nothing and is empty."""
    name = _AFTERTHOUGHT.sub("", clean(raw)).strip(" ,.")
    return name if speakable(name, 40) and len(name) > 2 else ""


@lru_cache(maxsize=1024)  # Every lead has several, and the same products are everywhere.
def tool(raw: str) -> str:
    """The name of a product; empty for what is no product name."""
    name = clean(raw).strip(" ,.")
    return name if speakable(name, 24) and re.fullmatch(r"[A-Za-z0-9][\w .+&/'-]*", name) and len(name) > 1 else ""


def _headline(text: str) -> str:
    words = text.casefold().split()
    return " ".join(word if at and word in _SMALL else _capital(word) for at, word in enumerate(words))


def _capital(word: str) -> str:
    return word.upper() if word in _INITIALS else "-".join(part[:1].upper() + part[1:] for part in word.split("-"))


_INITIALS = frozenset(
    {"ceo", "cfo", "coo", "cto", "cmo", "cro", "cio", "chro", "vp", "svp", "evp", "it", "hr", "sdr", "usa", "uk"}
)
