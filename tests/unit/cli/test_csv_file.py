"""A list as a file: the same whether it was made here or came from a gateway."""

import csv
import io
from pathlib import Path

import msgspec
import pytest

from contracts.campaign import Audience
from contracts.envelope import Actor
from contracts.errors import BadInput
from gateway.columns import COLUMNS
from services.cli.csv_file import Table, check, whole, write
from services.cli.given import Given
from services.commands.icp import Version
from services.commands.icp_compare import Move
from services.commands.set_up import CampaignUsed
from services.commands.templates import TemplateRow
from services.projections.exclusions import Row as Excluded
from services.runtime.mapping_store import KeptMapping
from tests import controls

ITEMS = [{"company": '=cmd|"x"', "name": "Ada, of Works", "id": "1"}, {"company": "two\nlines", "id": "2"}]


def test_what_a_gateway_sent_is_what_is_made_here() -> None:
    made = Table.of("leads", ITEMS, more=False)
    sent = "".join((made.head, *made.rows)).encode()
    assert Table.read(sent, 10, more=False) == made
    cut = Table.read(sent, 1, more=False)
    assert (list(cut.rows), cut.more) == (list(made.rows[:1]), True)
    assert Table.read(sent, 2, more=True).more


LISTS: dict[str, msgspec.Struct] = {
    "exclusions": Excluded(
        key="excl:1", kind="domain", by=Actor(kind="person", id="ada@local"), at=controls.AT, reason="=1+1"
    ),
    "icp-versions": Version(
        model_id="one", model_hash="ab", by="person:ada@local", at=controls.AT, reason="+1", fact=""
    ),
    "icp-moves": Move(
        lead_id="1",
        company="=cmd",
        title="CEO",
        before="tier_1",
        after="tier_2",
        score_before=9,
        score_after=None,
        why=("-1: too small",),
        campaign="founders",
        audience="leaves",
    ),
    "campaigns": CampaignUsed(
        name="founders",
        audience=Audience(tiers=("tier_1",), titles=("=CEO",)),
        angles=["quick_win"],
        company="@works",
        sender="+Ines Brandt",
        language="en",
        offer_hash="",
        missing=[],
    ),
    "templates": TemplateRow(
        angle="quick_win",
        language="en",
        own=True,
        file="=templates/en/quick_win.j2",
        template_hash="ab",
        tiers=("tier_1",),
        personas=("ceo",),
        theme="-speed",
        needs=("company",),
        openers=2,
    ),
    "mappings": KeptMapping(
        name="crm", header=("=Who", "Firm"), mapping={"email": "=Who"}, by="person:ada@local", at=controls.AT
    ),
}


@pytest.mark.parametrize(("title", "row"), LISTS.items())
def test_list_of_the_console_has_a_value_for_each_column(title: str, row: msgspec.Struct) -> None:
    made = whole(title, [row])
    (cells,) = csv.reader(io.StringIO(made.rows[0], newline=""))
    told = dict(zip(COLUMNS[title].values(), cells, strict=True))
    assert {path.partition(".")[0] for path in COLUMNS[title]} <= set(row.__struct_fields__)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-"))]
    assert told.get("By", "person:ada@local") == "person:ada@local"


def test_no_cell_is_run() -> None:
    (first, _) = Table.of("leads", ITEMS, more=False).rows
    assert "\"'=cmd|" in first


def test_file_is_written_and_its_length_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "leads.csv"
    table = Table.of("leads", ITEMS, more=True)
    assert write(Given(), file, table) == 0
    assert file.read_bytes().startswith(b"\xef\xbb\xbf" + next(iter(COLUMNS["leads"].values())).encode())
    told = capsys.readouterr()
    assert told.out == f"2 rows written to {file}.\n"
    assert told.err.startswith("There are more than these 2 rows")


def test_place_that_cannot_be_written_is_refused_before_anything_is_opened(tmp_path: Path) -> None:
    check(None)
    check(Path("-"))
    check(tmp_path / "new.csv")
    for wrong in (tmp_path, tmp_path / "no" / "where.csv"):
        with pytest.raises(BadInput, match="cannot be written"):
            check(wrong)
