"""The page has a sentence for each code with which a sign-in at the identity provider may end."""

import re
from pathlib import Path

from services.commands.provided import WHYS

WORDS = Path(__file__).parents[3] / "gateway" / "page" / "shell" / "sign_in_words.js"


def test_every_code_has_its_sentence() -> None:
    assert re.findall(r"^  (\w+): .{20,}", WORDS.read_text(encoding="utf-8"), re.MULTILINE) == list(WHYS)
