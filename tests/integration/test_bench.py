"""The bench at a tiny size: every figure is there, and the ratios are what their names say. Times are nobody's promise."""

from dataclasses import replace
from statistics import median

import msgspec
import pytest

from services.cli.bench import measured
from services.cli.bench.figures import Figure, Sizes
from services.cli.bench.report import TARGETS, TITLES, Report, report

TINY = Sizes(
    rounds=2,
    bare_leads=128,
    raw_adds=512,
    pipeline_leads=24,
    latency_repeats=1,
    approvals=16,
    at_once=4,
    seed=7,
    subscribers=12,
    feed_facts=4,
)


@pytest.fixture(scope="module")
def found() -> Report:
    return measured(TINY, lambda _: None)


def test_every_figure_is_measured_in_every_round(found: Report) -> None:
    assert set(found.figures) == set(TITLES)
    for figure in found.figures.values():
        assert len(figure.rounds) == TINY.rounds
        assert 0 < figure.lowest <= figure.median <= figure.highest
        assert figure.median == pytest.approx(median(figure.rounds), rel=0.01)


def test_leads_end_as_approved_and_simulated_drafts(found: Report) -> None:
    assert found.figures["approved_share"].lowest >= 0.7


def test_ratios_are_of_the_figures_they_name(found: Report) -> None:
    # Whatever this machine gave, the raw figure must not decide whether there are ratios here.
    figures = found.figures | {"raw_adds": found.figures["bare_hops"]}
    ratios = report(figures, found.machine, found.sizes, found.took_s).ratios
    assert set(ratios) == set(TARGETS)
    for name, target in TARGETS.items():
        above, below = figures[target.above].rounds, figures[target.below].rounds
        expected = median(one / other for one, other in zip(above, below, strict=True))
        assert ratios[name] == pytest.approx(expected, abs=0.0001)


def test_a_limit_that_was_held_up_gives_no_ratios(found: Report) -> None:
    hops = found.figures["bare_hops"]
    figures = found.figures | {"raw_adds": msgspec.structs.replace(hops, median=hops.median * 2.1)}
    held_up = report(figures, found.machine, found.sizes, found.took_s)
    assert held_up.ratios == {}
    assert held_up.met == {}
    assert "less than half" in held_up.no_ratios


def test_the_report_is_one_json_document(found: Report) -> None:
    read = msgspec.json.decode(msgspec.json.encode(found))
    assert read["sizes"]["seed"] == TINY.seed
    assert read["machine"]["durability"] == "appendonly yes, appendfsync always"


def test_a_ratio_meets_its_bound_in_the_direction_that_is_asked(found: Report) -> None:
    figures = dict.fromkeys(found.figures, of(10.0)) | {"latency_five": of(1.0)}
    good = report(figures, found.machine, replace(TINY), 1.0)
    assert all(good.met.values())
    bad = report(figures | {"latency_five": of(101.0)}, found.machine, TINY, 1.0)
    assert not bad.met["latency"]


def of(value: float) -> Figure:
    return Figure(median=value, lowest=value, highest=value, unit="", rounds=(value,))
