"""The shapes the guard looks for: what a program leaves in a text, and what no person writes."""

import re

REPLY_MARK = re.compile(r"\s*(?:re|ré|rép|fwd?|aw|antw|wg|tr)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)
PLACEHOLDER = re.compile(
    r"\[[^\]\n\d'\"]{1,40}\]|<[A-Za-z][^>\n]{0,40}>|%[A-Za-z_]+%|\$[A-Za-z_]+\$|[Ll]orem ipsum|\b(?:TODO|TBD|XXX)\b"
)
NOTHING = re.compile(r"\b(?:None(?! of\b)|NaN|nan|null|NULL|undefined)\b")
RAW = re.compile(
    r"\[\s*(?:['\"\d]|\])|\(\s*['\"][^'\"\n]*['\"]\s*,|['\"]\s*:\s*['\"\d\[]|<[\w. ]+ object at 0x|b'[^'\n]*'"
)
EMPTY_SLOT = re.compile(
    r"[^\S\n]+[,;:.!?](?:\s|$)|\(\s*\)|,\s*,|\b(?:the|an)[,.!?;:](?:\s|$)",
    re.IGNORECASE | re.MULTILINE,
)

_HOLE = r"\(\s*\)|,\s*,|"
EMPTY_SLOTS = {
    "de": re.compile(
        r"[^\S\n]+[,;:.!?](?:\s|$)|" + _HOLE + r"\b(?:für|zum|zur|vom|beim|im)[,.!?;:](?:\s|$)",
        re.IGNORECASE | re.MULTILINE,
    ),
    "fr": re.compile(
        r"[^\S\n]+[,.](?:\s|$)|" + _HOLE + r"\b(?:chez|du|des|aux?|en tant que)\s?[,.!?;:](?:\s|$)|[ld]’\s",
        re.IGNORECASE | re.MULTILINE,
    ),
}
"""Holes in the other languages: French has a blank before a question mark, a colon and the like."""


def _any_of(*signs: str) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, signs)))


# What must be there for a pattern to find anything: looking for it first costs a tenth of the search.
PLACEHOLDER_SIGN = _any_of("[", "<", "%", "$", "orem ipsum", "TODO", "TBD", "XXX")
NOTHING_SIGN = _any_of("None", "NaN", "nan", "null", "NULL", "undefined")
RAW_SIGN = _any_of("[", "('", '("', "':", '":', "' :", '" :', " object at 0x", "b'")
# A mark after a space, ` the`, ` an` or a comma, or an empty bracket. It looks back from the marks because they are few.
EMPTY_SIGN = re.compile(r"[,;:.!?(](?:(?<= [,;:.!?])|(?<= the[,;:.!?])|(?<= an[,;:.!?])|(?<=,,)|(?<=\()[) ])")
HIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffc\ufffd]")
LEGAL_FORM = re.compile(
    r"[,\s]+(?:inc|incorporated|llc|l\.l\.c|ltd|limited|corp|corporation|gmbh|gmbh & co\.? kg|ag|kg|ug|plc|llp|b\.?v|s\.?a\.?s?|s\.?a?\.?r\.?l|pty)\.?\s*$",
    re.IGNORECASE,
)
