"""The view `feedback` summed up: who counts where, and how sure a share is."""

import msgspec
import pytest

from contracts.envelope import AnyEnvelope
from services.projections.feedback import Row
from services.projections.summary import By, Line, Share, label_of, share_of, summed_up, traffic_of, wilson
from services.projections.views import FEEDBACK
from tests import controls
from tests.unit.projections.folds import row_of, said

BY = controls.REVIEWER
EDITED, APPROVED = controls.email_edited(), controls.email_approved(draft_version=2)


def rows(*stories: tuple[AnyEnvelope, ...]) -> list[Row]:
    return [row_of(FEEDBACK, controls.email_drafted(), *story) for story in stories]


ALL = rows(
    (),
    (said(controls.email_approved(), 2, BY),),
    (said(EDITED, 2, BY), said(APPROVED, 3, BY)),
    (said(controls.email_rejected(), 2, BY),),
    (said(controls.email_rejected(tag="other"), 2, BY),),
    (said(controls.email_changes_requested(), 2, BY),),
    (said(controls.email_expired(), 2),),
)


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        # Newcombe (1998), Two-sided confidence intervals for the single proportion, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (29, 29, 0.8830, 1.0),
        (1, 1, 0.2065, 1.0),
        (0, 1, 0.0, 0.7935),
    ],
)
def test_interval_is_wilsons(successes: int, trials: int, low: float, high: float) -> None:
    assert wilson(successes, trials) == pytest.approx((low, high), abs=5e-5)


def test_interval_holds_the_share_and_narrows() -> None:
    for trials in range(1, 60):
        for successes in range(trials + 1):
            low, high = wilson(successes, trials)
            wider = wilson(successes, trials)
            narrower = wilson(successes * 10, trials * 10)
            assert 0.0 <= low <= successes / trials <= high <= 1.0
            assert narrower[1] - narrower[0] < wider[1] - wider[0]


def test_groups_are_counted_as_they_stand() -> None:
    assert summed_up(ALL, "angle") == [
        Line(
            key="waiting_cards",
            label="waiting cards",
            drafts=7,
            approved=2,
            edited=1,
            rejected=2,
            changes_requested=1,
            share=0.4,
            low=0.1176,
            high=0.7693,
            edited_share=Share(share=0.5, low=0.0945, high=0.9055),
            rejected_share=Share(share=0.4, low=0.1176, high=0.7693),
            edits={EDITED.change.edit_class: 1},
            parts=dict.fromkeys(sorted(EDITED.change.parts), 1),
            tags={"other": 1, "weak_cta": 1},
        )
    ]


def test_reviewer_counts_only_what_somebody_answered() -> None:
    (line,) = summed_up(ALL, "reviewer")
    assert (line.key, line.label, line.drafts) == (str(BY), "Grace", 5)


def test_tag_is_a_share_of_all_rejections() -> None:
    lines = summed_up(ALL, "tag")
    assert [(one.key, one.drafts, one.share) for one in lines] == [("other", 1, 0.5), ("weak_cta", 1, 0.5)]


def test_nothing_answered_has_no_share() -> None:
    (line,) = summed_up(rows((), (said(controls.email_expired(), 2),)), "tier")
    assert (line.drafts, line.share, line.low, line.high) == (2, None, None, None)


@pytest.mark.parametrize("by", ["template", "angle", "tier", "campaign"])
def test_each_group_has_its_line_and_the_largest_comes_first(by: By) -> None:
    other = msgspec.structs.replace(ALL[1], **{by: "tier_2"})
    lines = summed_up([*ALL, other], by)
    assert [one.drafts for one in lines] == [7, 1]
    assert lines[1].key == "tier_2"
    assert (lines[1].share, lines[1].approved) == (1.0, 1)


def test_no_rows_no_lines() -> None:
    assert summed_up([], "reviewer") == []


@pytest.mark.parametrize(
    ("by", "key", "label"),
    [
        ("tag", "weak_cta", "Ask"),
        ("reviewer", "person:ada@swarm", "Ada"),
        ("reviewer", "policy:sandbox", "The policy"),
        ("tier", "needs_data", "needs data"),
        ("angle", "time_savings", "time saved"),
        ("campaign", "nurture_sequence", "some fit, for later"),
        ("template", "time_savings", "time savings"),
        ("opener", "time_savings#3", "time saved, opener 3"),
    ],
)
def test_label_is_in_words(by: By, key: str, label: str) -> None:
    assert label_of(by, key) == label


def test_openers_of_a_template_are_told_apart() -> None:
    other = msgspec.structs.replace(ALL[1], variant=ALL[1].variant + 1)
    assert [(one.key, one.drafts) for one in summed_up([*ALL, other], "opener")] == [
        (f"{ALL[0].template}#{ALL[0].variant + 1}", 7),
        (f"{ALL[0].template}#{ALL[0].variant + 2}", 1),
    ]


def test_invented_leads_and_what_a_policy_answered_are_test_traffic() -> None:
    row = ALL[1]
    replace = msgspec.structs.replace
    assert [
        traffic_of(one) for one in (row, replace(row, synthetic=True), replace(row, reviewer="policy:sandbox"))
    ] == [
        "real",
        "test",
        "test",
    ]


def test_share_of_nothing_is_none() -> None:
    assert share_of(0, 0) is None
    assert share_of(1, 1) == Share(share=1.0, low=0.2065, high=1.0)
