"""A run is asked for in one way, whichever door it comes through."""

import pytest

from contracts.envelope import Actor
from contracts.errors import BadInput, DecisionRefused
from services.commands.imports import check_confirmed, file_name, spelt
from services.commands.sources import RunWish, Source, from_file, inventing, request_of
from services.reading.chunks import read_chunk
from services.reading.file import read_file
from services.reading.sheet import Sheet
from tests import controls

RUN = "run_20260302_090000_abcdef"
ADA = Actor(kind="person", id="ada@swarm")


def sheet(rows: int = 3) -> Sheet:
    lines = (f"p{n}@acme.example,Acme\n" for n in range(rows))
    return read_file("leads.csv", ("Email,Company\n" + "".join(lines)).encode())


def marked() -> Source:
    return from_file(sheet(), marked=True, samples=())


def test_file_is_asked_for_with_its_chunks_and_without_a_limit() -> None:
    source = from_file(sheet(450), marked=True, samples=())
    command, pieces = request_of(RunWish(mode="staging", draft=("tier_4",)), source, RUN, ADA, controls.AT)
    assert command.file is not None
    assert (command.file.rows, command.file.chunks, command.limit) == (450, 3, None)
    assert sum(len(read_chunk(piece).rows) for piece in pieces) == 450
    assert (command.file.sha256, command.terms.draft) == (source.sheet.sha256 if source.sheet else "", ("tier_4",))


def test_source_that_invents_gives_five_where_nobody_named_a_number() -> None:
    command, pieces = request_of(RunWish(mode="sandbox", seed=3), inventing("default"), RUN, ADA, controls.AT)
    assert (command.limit, command.seed, command.file, pieces) == (5, 3, None, [])


def test_shipped_sample_is_known_by_its_content_alone() -> None:
    one = sheet()
    assert from_file(one, marked=False, samples={one.sha256}) == Source("file", synthetic=True, sample=True, sheet=one)
    assert not from_file(one, marked=False, samples={"0" * 64}).synthetic


@pytest.mark.parametrize(
    ("mode", "source", "kind"),
    [
        ("moon", marked(), BadInput),
        ("sandbox", marked(), DecisionRefused),
        ("staging", from_file(sheet(), marked=False, samples=()), DecisionRefused),
        ("staging", inventing("default"), DecisionRefused),
        ("production", marked(), DecisionRefused),
        ("production", inventing("default"), DecisionRefused),
        ("sandbox", inventing("moon"), BadInput),
    ],
)
def test_source_that_the_mode_does_not_take_is_refused(mode: str, source: Source, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        request_of(RunWish(mode=mode), source, RUN, ADA, controls.AT)


def test_dry_run_is_judged_as_the_run_that_it_tries_out() -> None:
    command, _ = request_of(RunWish(mode="dry_run"), marked(), RUN, ADA, controls.AT)
    assert (command.terms.mode, command.file is not None and command.file.synthetic) == ("dry_run", True)
    with pytest.raises(BadInput):
        request_of(RunWish(mode="dry_run", limit=21), inventing("default"), RUN, ADA, controls.AT)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("leads.csv", "leads.csv"),
        ("../../etc/leads.csv", "leads.csv"),
        ("C:\\Users\\ada\\leads.csv", "leads.csv"),
        ("a\u202eb\n\tc.csv", "ab c.csv"),
        ("", "file"),
        ("/", "file"),
        ("x" * 900, "x" * 200),
    ],
)
def test_name_of_a_file_can_be_shown_and_recorded(given: str, name: str) -> None:
    assert file_name(given) == name


def test_production_run_is_confirmed_by_name_alone() -> None:
    check_confirmed("main", "main")
    for wrong in ("", "yes", "Main"):
        with pytest.raises(BadInput) as refused:
            check_confirmed(wrong, "main")
        assert (refused.value.values["field"], '"confirm": "main"' in refused.value.remedy) == ("confirm", True)


def test_mapping_is_said_as_it_is_sent() -> None:
    assert spelt("email", 'Work "Mail"') == '{"mapping":{"email":"Work \\"Mail\\""}}'
