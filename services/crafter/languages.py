"""The languages that texts are shipped in, each a folder; light, because a check of an offer needs no more."""

from pathlib import Path

from contracts.errors import BadInput

DIRECTORY = Path(__file__).with_name("templates")
LANGUAGES = tuple(sorted(path.parent.name for path in DIRECTORY.glob("*/forms.toml")))
ENGLISH = "en"


def known_language(code: str) -> str:
    """The code, if there are texts in this language.

    Raises:
        BadInput: there are none.
    """
    if code not in LANGUAGES:
        raise BadInput(f"There are no templates in {code!r}.", f"Use one of {', '.join(LANGUAGES)}.", field="language")
    return code
