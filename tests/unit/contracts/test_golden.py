"""Facts that ever shipped keep their bytes: `golden/<tag>.hex` holds one entry of each, a line per field.

For a new fact write its control, then run `SWARM_NEW_GOLDEN=1 pytest tests/unit/contracts/test_golden.py`: it adds
what is missing and never touches a file that is there. A fact whose bytes differ from its file has changed its
meaning: give it a new tag and an upcaster. (A new field with a default changes the bytes that are written, not the
old ones: keep the file, and add the default-less twin as `<tag>.<n>.hex`.)
"""

import os
from pathlib import Path

import pytest

from contracts.codec import CODEC, Entry
from contracts.envelope import Position
from contracts.facts import FACTS
from tests.controls import envelope
from tests.unit.contracts.catalogue import by_tag

GOLDEN = Path(__file__).with_name("golden")


def written(entry: Entry) -> str:
    """One field a line, so that a difference shows where it is."""
    return "".join(f"{name} {value.hex()}\n" for name, value in zip(Entry._fields, entry, strict=True))


def read(text: str) -> Entry:
    """The entry in a golden file."""
    return Entry(**{line[0]: bytes.fromhex(line[2:]) for line in text.splitlines()})


@pytest.fixture(scope="session", autouse=True)
def additions() -> None:
    """Add what is missing, where the environment asks for it."""
    if os.environ.get("SWARM_NEW_GOLDEN"):
        GOLDEN.mkdir(exist_ok=True)
        for tag, fact in by_tag().items():
            if not (path := GOLDEN / f"{tag}.hex").exists():
                path.write_text(written(CODEC.encode(envelope(fact))))


@pytest.mark.parametrize("tag", FACTS)
def test_fact_is_written_as_ever(tag: str) -> None:
    assert written(CODEC.encode(envelope(by_tag()[tag]))) == (GOLDEN / f"{tag}.hex").read_text()


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.hex")), ids=lambda path: path.stem)
def test_golden_bytes_read_as_the_control(path: Path) -> None:
    found = CODEC.decode(read(path.read_text()), Position())
    assert found == envelope(by_tag()[path.stem])


def test_no_fact_that_shipped_was_dropped() -> None:
    assert {path.stem for path in GOLDEN.glob("*.hex")} <= set(FACTS)
