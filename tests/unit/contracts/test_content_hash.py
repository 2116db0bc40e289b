"""The hash that an approval is bound to: the same for two spellings of one text, another for any other text."""

import unicodedata

import msgspec
import pytest

from contracts.email import content_hash
from contracts.envelope import Personal
from tests.controls import CONTENT


def test_line_ends_and_normal_forms_do_not_change_the_hash() -> None:
    unix = msgspec.structs.replace(CONTENT, text=Personal.plain("Hi Zoë,\nshort."))
    spelled = unicodedata.normalize("NFD", "Hi Zoë,\r\nshort.")
    assert content_hash(unix) == content_hash(msgspec.structs.replace(CONTENT, text=Personal.plain(spelled)))


@pytest.mark.parametrize(
    "change",
    [
        {"recipient": Personal.plain("else@other.example")},
        {"sender": "Else <else@other.example>"},
        {"reply_to": "else@other.example"},
        {"subject": Personal.plain("Else")},
        {"text": Personal.plain("Else")},
        {"salt": Personal.plain("00" * 16)},
        {"html": "<p>Else</p>"},
        {"headers": {"X-Else": "else"}},
        {"attachments": ("else.pdf",)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_every_part_of_the_message_is_in_the_hash(change: dict[str, object]) -> None:
    assert content_hash(msgspec.structs.replace(CONTENT, **change)) != content_hash(CONTENT)
