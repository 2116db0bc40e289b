"""What an approval is bound to: the hash is another one whenever any part of the message is."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.email import Content, canonical, content_hash
from contracts.envelope import Personal, reveal
from contracts.errors import StaleVersion
from tests.unit.approval.examples import Desk, content, drafted

TEXT = st.text(max_size=20)
PERSONAL = TEXT.map(Personal.plain)
CONTENTS = st.builds(
    Content,
    recipient=PERSONAL,
    sender=TEXT,
    reply_to=TEXT,
    subject=PERSONAL,
    text=PERSONAL,
    salt=PERSONAL,
    html=TEXT,
    headers=st.dictionaries(TEXT, TEXT, max_size=2),
    attachments=st.lists(TEXT, max_size=2).map(tuple),
)
OTHERS: dict[str, object] = {
    "recipient": Personal.plain("lee@northwind.example"),
    "sender": "eve@field.example",
    "reply_to": "eve@field.example",
    "subject": Personal.plain("Shift plans at North wind"),
    "text": Personal.plain("Hi Kim."),
    "salt": Personal.plain("01" + "00" * 15),
    "html": "<p>Hi</p>",
    "headers": {"List-Unsubscribe": "<https://x.example>"},
    "attachments": ("price.pdf",),
    "channel": "letter",
}


def _form(message: Content) -> dict[str, str]:
    """Each part, as two spellings of one text are the same text."""
    return {
        name: canonical(reveal(value) if isinstance(value, Personal) else json.dumps(value, sort_keys=True))
        for name, value in msgspec.structs.asdict(message).items()
    }


def test_every_part_has_another_value_here() -> None:
    assert set(OTHERS) == set(Content.__struct_fields__)


@pytest.mark.parametrize("part", OTHERS)
def test_another_part_is_another_hash_and_an_approval_of_the_old_one_is_stale(part: str) -> None:
    changed = msgspec.structs.replace(content(), **{part: OTHERS[part]})
    seen = Desk().approve()
    desk = Desk(drafted(text=changed))

    assert content_hash(changed) != content_hash(content())
    with pytest.raises(StaleVersion):
        desk.decide(seen)


@given(CONTENTS, CONTENTS)
def test_two_messages_share_a_hash_only_if_every_part_is_the_same(one: Content, other: Content) -> None:
    if _form(one) != _form(other):
        assert content_hash(one) != content_hash(other)


@given(
    CONTENTS, st.sampled_from(["sender", "reply_to", "html"]), TEXT.filter(lambda text: canonical(text).strip() != "")
)
def test_more_text_in_a_part_is_another_hash(message: Content, part: str, more: str) -> None:
    longer = msgspec.structs.replace(message, **{part: f"{getattr(message, part)} {more}"})

    assert content_hash(longer) != content_hash(message)


@given(CONTENTS)
def test_text_moved_from_one_part_to_the_next_is_another_hash(message: Content) -> None:
    moved = msgspec.structs.replace(message, sender=f"{message.sender}x", reply_to=message.reply_to)
    other = msgspec.structs.replace(message, sender=message.sender, reply_to=f"x{message.reply_to}")

    assert content_hash(moved) != content_hash(other)
