"""Facts that ever shipped keep their bytes: `golden/<tag>.hex` holds one entry of each, a line per field.

For a new fact write its control, then run `SWARM_NEW_GOLDEN=1 pytest tests/unit/contracts/test_golden.py`: it adds
what is missing and never touches a file that is there. A fact whose bytes differ from its file has changed its
meaning: give it a new tag and an upcaster. (A new field with a default changes the bytes that are written, not what the
old ones say: the file stays and is read for ever, and the bytes as they are written now lie beside it as
`<tag>.<n>.hex`, from 2 on.)
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


def twins(tag: str) -> list[Path]:
    """The files of a fact, in the order in which it was written so."""
    numbered = sorted(GOLDEN.glob(f"{tag}.*.hex"), key=lambda path: int(path.stem.rpartition(".")[2]))
    return [one for one in (GOLDEN / f"{tag}.hex", *numbered) if one.exists()]


def tag_of(path: Path) -> str:
    """The fact that a golden file is of."""
    head, _, last = path.stem.rpartition(".")
    return head if last.isdecimal() else path.stem


@pytest.fixture(scope="session", autouse=True)
def additions() -> None:
    """Add what is missing, where the environment asks for it."""
    if not os.environ.get("SWARM_NEW_GOLDEN"):
        return
    GOLDEN.mkdir(exist_ok=True)
    for tag, fact in by_tag().items():
        found, now = twins(tag), written(CODEC.encode(envelope(fact)))
        if not found:
            (GOLDEN / f"{tag}.hex").write_text(now)
        elif found[-1].read_text() != now and reads_as_its_control(found[-1]):
            (GOLDEN / f"{tag}.{len(found) + 1}.hex").write_text(now)


def reads_as_its_control(path: Path) -> bool:
    """Whether what lies there says what the control says."""
    return CODEC.decode(read(path.read_text()), Position()) == envelope(by_tag()[tag_of(path)])


@pytest.mark.parametrize("tag", FACTS)
def test_fact_is_written_as_ever(tag: str) -> None:
    assert written(CODEC.encode(envelope(by_tag()[tag]))) == twins(tag)[-1].read_text()


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.hex")), ids=lambda path: path.stem)
def test_golden_bytes_read_as_the_control(path: Path) -> None:
    assert reads_as_its_control(path)


def test_no_fact_that_shipped_was_dropped() -> None:
    assert {tag_of(path) for path in GOLDEN.glob("*.hex")} <= set(FACTS)
