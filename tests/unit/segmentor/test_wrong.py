"""What is wrong with a model file is said with its line and with what mends it."""

import tomllib
from collections.abc import Iterator

import pytest

from contracts.errors import BadInput
from services.segmentor.model import OWN_ID, own_text, parse_model
from services.segmentor.toml_lines import line_of, lines_of
from services.segmentor.wrong import read
from tests.unit.segmentor.leads import MODEL, SHIPPED

AWKWARD = '''# first
a = "x # no remark" # remark
b.c = [
  1, [2, """three
lines"""],
  { d = 'e]', f = "\\"}" },
]
[g."h.i"]
j = 2026-03-02T09:15:00Z
[[k]]
l = 1
[[k.m]]
n = 1
[[k]]
l = 2
[[k.m]]
n = 2
'''


def names(value: object, name: str = "") -> Iterator[str]:
    match value:
        case dict():
            for key, one in value.items():
                yield from (inner := f"{name}.{key}".removeprefix("."), *names(one, inner))
        case list():
            for at, one in enumerate(value):
                yield from (f"{name}[{at}]", *names(one, f"{name}[{at}]"))


@pytest.mark.parametrize("text", [SHIPPED, AWKWARD], ids=["shipped", "awkward"])
def test_every_value_of_a_text_has_a_line(text: str) -> None:
    implied = {"b", "g"}  # Tables that only the name of another one speaks of.
    wanted = {*names(tomllib.loads(text))} - implied
    assert wanted
    assert wanted <= lines_of(text).keys()


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("a", 2), ("b.c", 3), ("b.c[0]", 4), ("b.c[1][1]", 4), ("b.c[2].d", 6), ("b.c[2].f", 6), ("g.h.i.j", 9),
        ("k[0].l", 11), ("k[0].m[0].n", 13), ("k[1]", 14), ("k[1].l", 15), ("k[1].m[0].n", 17),
    ],
)  # fmt: skip
def test_line_is_the_one_on_which_the_value_begins(name: str, line: int) -> None:
    assert lines_of(AWKWARD)[name] == line


def test_what_is_missing_has_the_line_of_what_it_would_stand_in() -> None:
    lines = lines_of(AWKWARD)
    assert (line_of(lines, "k[1].x"), line_of(lines, "b.c[7].d"), line_of(lines, "x")) == (14, 3, None)


@pytest.mark.parametrize(
    ("old", "new", "field", "said"),
    [
        ("tier_2 = 60", 'tier_2 = "sixty"', "tiers.tier_2", "has to be a whole number, and is a text"),
        ("tier_2 = 60", "tier_2 = 160", "tiers.tier_2", "Write 100, or less."),
        ("{ points = 25, label", "{ points = 250, label", "title.levels.c_suite.points", "is more than 100"),
        ("vp = {", "vice = {", "title.levels.vice", "Use c_suite, vp, director, manager, other."),
        ("post_commenter = 5", "post_commenter = -5", "source_bonus.post_commenter", "Write 0, or more."),
        ("post_commenter = 5", "post_comenter = 5", "source_bonus.post_comenter", "Perhaps post_commenter is meant."),
        ("least_employees = 10\n", "least_employes = 10\n", "size.least_employes", "Perhaps least_employees is meant."),
        ('rank = "first"', 'rank = "best"', "industry.kinds[0].rank", "Use first, second or third"),
        ("percent = 150", "percent = 1.5", "multipliers[0].percent", "Write a whole number."),
        ("customers = []", 'customers = ["a@b.example"]', "disqualify.customers[0]", "`swarm exclude add`"),
        (
            'names = ["customer io", "segment", "unbounce", "hotjar", "braze", "ahrefs"]',
            'names = ["customer io" "segment", "unbounce", "hotjar", "braze", "ahrefs"]',
            "model",
            "is not TOML",
        ),
        ('campaign = "event_followup"', 'campaign = "Event"', "routes[4].campaign", "small letters"),
        ('label = "consulting"', 'label = ""', "industry.kinds[2].label", "is empty"),
    ],
)
def test_one_fault_is_told_with_its_line_and_what_mends_it(old: str, new: str, field: str, said: str) -> None:
    before, found, _ = SHIPPED.partition(old)
    assert found
    with pytest.raises(BadInput) as refused:
        parse_model(SHIPPED.replace(old, new, 1), "icp.toml")
    assert refused.value.values == {"field": field, "line": before.count("\n") + 1}
    assert said in refused.value.sentence()
    assert f"line {before.count(chr(10)) + 1}" in refused.value.detail
    assert refused.value.remedy
    assert "msgspec" not in refused.value.sentence()
    assert "$" not in refused.value.sentence()


def test_every_rule_that_is_broken_is_told_at_once() -> None:
    text = SHIPPED.replace("tier_2 = 60", "tier_2 = 90").replace("[size]\nmost = 20", "[size]\nmost = 30")
    rules, problems = read(text)
    assert rules is None
    assert [one.field for one in problems] == ["most", "tiers", "size.most"]
    assert all(one.remedy for one in problems)
    with pytest.raises(BadInput, match="2 more things are wrong"):
        parse_model(text)


def test_own_file_is_the_shipped_model_under_an_id_of_its_own() -> None:
    own = parse_model(own_text())
    assert own.id == OWN_ID != MODEL.id
    assert own.hash != MODEL.hash
    assert parse_model(own_text().replace(OWN_ID, MODEL.id)).hash == MODEL.hash
