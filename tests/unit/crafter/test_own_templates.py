"""A user's own texts: in place of the shipped ones or beside them, and a broken one stops nothing but itself."""

from pathlib import Path

import pytest

from contracts.email import EmailBlocked, EmailDrafted
from contracts.errors import BadInput
from services.crafter.languages import LANGUAGES
from services.crafter.library import Problem, load_library, shipped_file
from services.crafter.lint import weaknesses
from tests.unit.crafter.controls import SPARSE, World, lead, library, person, scored, voice

SHIPPED = shipped_file("en", "quick_win").read_text(encoding="utf-8")


def own(folder: Path, name: str = "quick_win", text: str = SHIPPED) -> Path:
    """The user's folder with one file in it."""
    place = folder / "en" / f"{name}.j2"
    place.parent.mkdir(exist_ok=True)
    place.write_text(text, encoding="utf-8")
    return folder


def only(folder: Path) -> Problem:
    (one,) = load_library("en", folder).problems
    return one


def test_same_name_replaces_and_a_new_name_adds(tmp_path: Path) -> None:
    own(tmp_path, text=SHIPPED.replace("One small thing", "One modest thing"))
    own(tmp_path, "my_way", SHIPPED.replace('angle = "quick_win"', 'angle = "my_way"'))
    mine = load_library("en", tmp_path)
    assert not mine.problems
    assert set(mine.angles) == {*load_library().angles, "my_way"}
    assert mine.angles["quick_win"].file == tmp_path / "en" / "quick_win.j2"
    assert mine.angles["quick_win"].hash != load_library().angles["quick_win"].hash
    assert mine.angles["time_savings"].file is None


@pytest.mark.parametrize(
    ("before", "after", "line", "reason", "remedy"),
    [
        ("+++\nangle", "angle", 1, "no front matter", "Begin the file with +++"),
        ("If {{ topic }} took", "If {{ topik }} took", 9, "nobody fills {{ topik }}", "Perhaps topic is meant."),
        ("{{ ask }}", "{{ ask }", 31, "not closed", "Write it as {{ word }}."),
        ("{{ line }}", "{{ lime }}", 29, "nobody fills {{ lime }}", "Perhaps line is meant."),
        ("{{ ask }}", "Yours.", 23, "never says {{ ask }}", "Put it where it is to stand."),
        ('theme = "tools"', 'theme = "tool"', 4, "theme does not fit", "Use decisions, growth, tools or time."),
        ('theme = "tools"\n', "", 1, "'theme' is missing", "Add theme"),
        ('theme = "tools"', 'theme = "tools"\nopener = "x"', 5, "no key 'opener'", "Perhaps openers is meant."),
        ('theme = "tools"', 'theme = "tools"\nneeds = ["rolle"]', 5, "no word 'rolle'", "Perhaps role is meant."),
        ('"A small fix for {{ topic }}", ', "", 5, "subjects does not fit", "Give exactly two subjects."),
        ('angle = "quick_win"', 'angle = "quickwin"', 2, "called 'quickwin'", "Give both the same name"),
        ('["tier_3"]', '["tier_3"', 4, "no TOML", "Check quotation marks"),
    ],
)
def test_a_broken_one_says_line_reason_and_remedy(
    tmp_path: Path, before: str, after: str, line: int, reason: str, remedy: str
) -> None:
    assert before in SHIPPED
    own(tmp_path, text=SHIPPED.replace(before, after, 1))
    found = only(tmp_path)
    assert found.angle == "quick_win"
    assert reason in found.reason
    assert found.remedy.startswith(remedy)
    assert found.line == line, found


def test_a_broken_one_is_not_written_and_neither_is_the_shipped_one_in_its_place(tmp_path: Path) -> None:
    own(tmp_path, text=SHIPPED.replace("{{ ask }}", "{{ ask }"))
    assert set(load_library("en", tmp_path).angles) == set(load_library().angles) - {"quick_win"}


def test_a_file_that_nobody_would_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "quick_win.j2").write_text(SHIPPED, encoding="utf-8")
    assert only(tmp_path).remedy.endswith("/en/.")
    (tmp_path / "quick_win.j2").unlink()
    (tmp_path / "it").mkdir()
    (tmp_path / "it" / "quick_win.j2").write_text(SHIPPED, encoding="utf-8")
    assert only(tmp_path).reason == "there is no language 'it'"


def test_own_pains_stand_in_place_of_the_shipped_ones_theme_by_theme(tmp_path: Path) -> None:
    own(tmp_path)
    file = tmp_path / "en" / "pains.toml"
    file.write_text('[sales]\ntime = [{ topic = "quoting", text = "Quotes take long." }]\n', encoding="utf-8")
    mine = load_library("en", tmp_path)
    assert mine.pain("sales", "time", 1).topic == "quoting"
    assert mine.pain("sales", "tools", 0) == load_library().pain("sales", "tools", 0)
    assert mine.angles["quick_win"].hash != load_library().angles["quick_win"].hash


def test_broken_pains_stand_in_every_text_so_none_is_written(tmp_path: Path) -> None:
    own(tmp_path)
    (tmp_path / "en" / "pains.toml").write_text("[sales\n", encoding="utf-8")
    mine = load_library("en", tmp_path)
    assert mine.angles == {}
    assert mine.problems[0].angle == "*"


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refused:
        load_library("en", tmp_path / "missing")
    assert refused.value.values["field"] == "templates"
    with pytest.raises(BadInput, match="no templates in 'xx'"):
        load_library("xx")


@pytest.mark.parametrize(
    ("before", "after", "rule", "line"),
    [
        ('"A small fix for {{ topic }}"', '"Re: {{ topic }}"', "SUBJECT-REPLY", 5),
        ('"A small fix for {{ topic }}"', '"READ THIS, {{ company }}"', "SUBJECT-SHOUT", 5),
        ('"A small fix for {{ topic }}"', '"{{ topic }}: NOW OR NEVER"', "SUBJECT-SHOUT", 5),
        ('"A small fix for {{ topic }}"', '"URGENT: {{ topic }}"', "SUBJECT-SHOUT", 5),
        ('"A small fix for {{ topic }}"', '"{{ Topic }} at {{ company }}!!!"', "SUBJECT-SHOUT", 5),
        ("Here is a modest idea", "I hope this finds you well. Here is an idea", "GUARD-004", 10),
        ("Here is a modest idea", "This is risk free: an idea", "SPAM", 10),
    ],
)
def test_lint_names_the_rule_and_the_line(tmp_path: Path, before: str, after: str, rule: str, line: int) -> None:
    text = SHIPPED.replace(before, after, 1)
    mine = load_library("en", own(tmp_path, text=text))
    (found,) = weaknesses(mine, voice(), mine.angles["quick_win"], text)
    assert (found.rule, found.line) == (rule, line)
    assert found.remedy


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_shipped_ones_have_no_weakness(language: str) -> None:
    for angle in library(language).angles.values():
        source = shipped_file(language, angle.name).read_text(encoding="utf-8")
        assert weaknesses(library(language), voice(language), angle, source) == [], angle.name


async def test_a_template_that_fails_on_a_value_leaves_the_lead_to_other_angles(tmp_path: Path) -> None:
    names = [name for name, angle in load_library().angles.items() if "tier_2" in angle.tiers]
    for name in names:
        text = shipped_file("en", name).read_text(encoding="utf-8")
        own(tmp_path, name, text.replace("{{ line }}", "{{ line.nothing }}"))
    world = World(texts=load_library("en", tmp_path)).put(person(), lead(SPARSE))
    (drafted, _) = await world.hear(scored())
    assert isinstance(drafted, EmailDrafted)
    assert drafted.writing.angle not in names


async def test_where_no_other_angle_fits_the_draft_is_blocked_with_file_line_and_reason(tmp_path: Path) -> None:
    for name in load_library().angles:
        text = shipped_file("en", name).read_text(encoding="utf-8")
        own(tmp_path, name, text.replace("{{ ask }}", "{{ ask }"))
    world = World(texts=load_library("en", tmp_path)).put(person(), lead(SPARSE))
    (blocked,) = await world.hear(scored())
    assert isinstance(blocked, EmailBlocked)
    assert "en/competitor_fomo.j2, line" in blocked.reason
    assert "not closed" in blocked.reason
    assert "10 more" in blocked.reason
