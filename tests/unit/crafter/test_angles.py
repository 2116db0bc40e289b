"""Which text is tried first: spread, the same everywhere, and rotated away from what was rejected or already said."""

import os
import subprocess
import sys
from collections import Counter

import msgspec
import pytest

from contracts.deal import Account, Approach, Wording
from contracts.email import Wish
from contracts.lead import Tier, Value
from services.crafter.angles import Candidate, candidates, line_for
from services.crafter.sheet import Sheet
from services.crafter.wishes import NO_WISHES, Wishes, asked, read_wishes
from services.guard.draft import Rejection, RejectionMemory
from tests.unit.crafter.controls import FULL, NOW, SPARSE, lead, library, person


def choices(
    number: int = 1,
    fields: dict[str, Value] = SPARSE,
    *,
    tier: Tier = "tier_3",
    kind: str = "import",
    rejected: tuple[str, ...] = (),
    account: Account | None = None,
    wishes: Wishes = NO_WISHES,
) -> list[Candidate]:
    who = lead(fields, persona="sales", tier=tier, kind=kind)
    memory = RejectionMemory(
        rejections=tuple(Rejection(at=NOW, tag="other", fingerprint="", template=name) for name in rejected)
    )
    words = frozenset(Sheet(who, library().speech).words) | {"resource"}
    return list(
        candidates(person(number), who, words, library=library(), memory=memory, account=account, wishes=wishes)
    )


def approach(angle: str, variant: int, lead_id: str) -> Approach:
    return Approach(lead_id=lead_id, email_id=lead_id, angle=angle, variant=variant, opener="", shingles=(), at=NOW)


def test_leads_spread_over_the_angles_of_their_tier() -> None:
    first = Counter(choices(number)[0].angle.name for number in range(200))
    assert set(first) == {"quick_win", "time_savings", "competitor_fomo", "diy_resource"}
    assert min(first.values()) > 30


def test_openers_and_subjects_spread_too() -> None:
    first = Counter((one[0].variant, one[0].subject) for one in map(choices, range(200)))
    assert len(first) >= 8


def test_hiring_comes_first_for_who_decides() -> None:
    assert choices(fields=FULL, tier="tier_2")[0].angle.name == "hiring_trigger"
    assert choices(fields=FULL, tier="tier_3")[0].angle.name != "hiring_trigger"


def test_a_visitor_of_the_site_is_offered_something_first() -> None:
    assert choices(kind="website_visitor", tier="tier_2")[0].angle.name == "value_first"


def test_rejected_templates_are_left_out() -> None:
    names = {one.angle.name for one in choices(rejected=("quick_win", "time_savings"))}
    assert not names & {"quick_win", "time_savings"}


@pytest.mark.parametrize("number", range(5))
def test_what_a_colleague_got_comes_last(number: int) -> None:
    first = choices(number)[0]
    account = Account(approached=1, approaches=(approach(first.angle.name, first.variant, person(99)),))
    after = choices(number, account=account)
    assert after[0].angle.name != first.angle.name
    same = [one.variant for one in after if one.angle.name == first.angle.name]
    assert same[-1] == first.variant


def test_a_vacancy_that_a_colleague_read_about_is_no_reason_to_write_about_it_first() -> None:
    account = Account(approached=1, approaches=(approach("hiring_trigger", 0, person(99)),))
    assert choices(fields=FULL, tier="tier_2", account=account)[0].angle.name != "hiring_trigger"


@pytest.mark.parametrize("number", range(5))
def test_openers_that_tell_what_a_colleague_was_told_come_after_the_others(number: int) -> None:
    told = next(
        one.number for one in library().angles["quick_win"].openers if one.needs >= {"one_firm", "people", "company"}
    )
    account = Account(approached=1, approaches=(approach("quick_win", told, person(99)),))
    for name in ("executive_buy_in", "industry_specific", "time_savings"):
        tried = [one for one in choices(number, FULL, account=account) if one.angle.name == name]
        again = [len(one.angle.openers[one.variant].needs & {"one_firm", "firms", "people"}) for one in tried]
        assert again == sorted(again), name


def test_order_is_the_same_in_every_process() -> None:
    program = (
        "from tests.unit.crafter.test_angles import choices;"
        "print([(c.angle.name, c.variant, c.subject) for n in range(5) for c in choices(n)])"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", program], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(answers) == 1
    assert choices()[0].angle.name.encode() in answers.pop()


def test_nothing_can_be_written_without_a_company() -> None:
    assert choices(fields={"company": "{{ x }}", "email": "dana@x.example"}) == []


@pytest.mark.parametrize(
    ("instruction", "wishes"),
    [
        ("Too long, please shorten", Wishes(short=True, keep=True)),
        ("Another subject", Wishes(keep=True)),
        ("The opener is too generic", Wishes()),
        ("Shorter, and a different angle", Wishes(short=True)),
        ("Talk about their tech stack", Wishes(wanted=frozenset({"tech_stack"}))),
        ("Don't mention AI", Wishes(unwanted=frozenset({"innovation_champion"}))),
        ("Please make it nicer", Wishes()),
    ],
)
def test_instruction_is_read_as_far_as_its_words_go(instruction: str, wishes: Wishes) -> None:
    assert read_wishes(instruction) == wishes


def test_wished_angle_comes_first_and_the_unwished_not_at_all() -> None:
    mine = Account(approached=1, approaches=(approach("quick_win", 0, person()),))
    asked = choices(account=mine, wishes=Wishes(wanted=frozenset({"competitor_fomo"})))
    assert asked[0].angle.name == "competitor_fomo"
    spared = choices(account=mine, wishes=Wishes(unwanted=frozenset({"competitor_fomo"})))
    assert all(one.angle.name != "competitor_fomo" for one in spared)


def test_a_shorter_text_keeps_angle_and_opener() -> None:
    mine = Account(approached=1, approaches=(approach("quick_win", 2, person()),))
    first = choices(account=mine, wishes=Wishes(short=True, keep=True))[0]
    assert (first.angle.name, first.variant, first.short) == ("quick_win", 2, True)


def test_another_angle_is_tried_when_nothing_else_is_said() -> None:
    mine = Account(approached=1, approaches=(approach("quick_win", 2, person()),))
    assert choices(account=mine)[0].angle.name != "quick_win"


def worded(angle: str, variant: int, **wording: object) -> Account:
    """An account where this lead got such a text."""
    how = msgspec.convert({"subject": 0} | wording, Wording)
    before = Approach(
        lead_id=person(), email_id="e", angle=angle, variant=variant, opener="", shingles=(), at=NOW, wording=how
    )
    return Account(approaches=(before,))


def after(*wishes: Wish, account: Account, words: str = "", fields: dict[str, Value] = SPARSE) -> Candidate:
    return choices(fields=fields, account=account, wishes=asked(wishes, words))[0]


def test_shorter_changes_the_length_alone() -> None:
    found = after("shorter", account=worded("time_savings", 2, subject=1))
    assert (found.angle.name, found.variant, found.subject, found.short, found.soft) == (
        "time_savings",
        2,
        1,
        True,
        False,
    )


def test_a_softer_ask_changes_the_ask_alone_and_keeps_what_was_asked_before() -> None:
    found = after("softer_ask", account=worded("time_savings", 2, subject=1, short=True))
    assert (found.angle.name, found.variant, found.subject, found.short, found.soft) == (
        "time_savings",
        2,
        1,
        True,
        True,
    )


def test_another_subject_changes_the_subject_alone() -> None:
    found = after("other_subject", account=worded("time_savings", 2, subject=1))
    assert (found.angle.name, found.variant, found.subject, found.short) == ("time_savings", 2, 0, False)


def test_another_fact_stays_with_the_angle_and_says_something_else_of_the_company() -> None:
    found = after("other_fact", account=worded("executive_buy_in", 0), fields=FULL)
    assert found.angle.name == "executive_buy_in"
    assert found.angle.openers[found.variant].needs & {"people", "one_firm"}
    angle = library().angles["industry_specific"]
    found = after("other_fact", account=worded("industry_specific", 0), fields=FULL)
    assert found.angle.name == "industry_specific"
    assert "people" in angle.openers[found.variant].needs


def test_another_fact_takes_another_angle_where_its_own_has_none() -> None:
    found = after("other_fact", account=worded("hiring_trigger", 0), fields=FULL)
    assert found.angle.name != "hiring_trigger"
    assert found.angle.openers[found.variant].needs & {"people", "one_firm", "firms", "tool", "tools"}


def test_another_angle_is_another_angle_and_as_short_as_before() -> None:
    found = after("other_angle", account=worded("time_savings", 2, short=True))
    assert found.angle.name != "time_savings"
    assert found.short


def test_words_beside_wishes_can_name_an_angle() -> None:
    found = after("shorter", account=worded("time_savings", 2), words="Write about the competition.")
    assert (found.angle.name, found.short) == ("competitor_fomo", True)


def read(*lines: int) -> Account:
    """A company where so many people each read one way to say the offer."""
    return Account(
        approaches=tuple(
            Approach(
                lead_id=person(number),
                email_id=f"email-{number}",
                angle="quick_win",
                variant=0,
                opener="",
                shingles=(),
                at=NOW,
                wording=Wording(subject=0, line=line),
            )
            for number, line in enumerate(lines, start=1)
        )
    )


def test_colleagues_read_the_offer_in_other_words_while_there_are_any() -> None:
    assert [line_for(person(9), read(*some), 3) for some in ((), (0,), (0, 1), (0, 1, 2), (0, 1, 2, 0))] == [
        0,
        1,
        2,
        0,
        1,
    ]
    assert line_for(person(9), None, 1) == 0


def test_another_text_for_the_same_person_says_the_offer_as_before() -> None:
    assert line_for(person(2), read(0, 2, 1), 3) == 2
    assert line_for(person(2), read(0, 2, 1), 1) == 0
