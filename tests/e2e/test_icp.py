"""The ideal customer as its user has it: compared before it is believed, activated as a fact, and nothing of the past changed."""

from collections import Counter
from pathlib import Path

import pytest

from services.segmentor.model import own_text
from tests.e2e.console import SAMPLES, on_terminal, swarm

DEMO = str(SAMPLES / "demo.csv")
HEADER = "First Name,Last Name,Title,Company,Email,# Employees,Industry\n"
LATER = HEADER + "Ada,Vale,CEO,Umberford Agency,ada.vale@umberford.example,120,Marketing Agency\n"
STRICT = own_text().replace("tier_1 = 80, tier_2 = 60", "tier_1 = 99, tier_2 = 90")
SIZES = own_text()[own_text().index("least_employees = 10") : own_text().index("# --- Titles")]
NOBODYS = own_text().replace(
    SIZES,
    "least_employees = 999\nmost_employees = 1000\nbands = [{ least = 999, most = 1000, points = 20 }]\n",
)
"""No company of the sample has so many people."""


@pytest.fixture
def candidate(tmp_path: Path) -> str:
    file = tmp_path / "icp.toml"
    file.write_text(STRICT)
    return str(file)


@pytest.mark.parametrize("partitions", ["1", "2"])
def test_comparing_twice_gives_the_same_bytes_and_activating_changes_no_past_fact(
    home: Path, tmp_path: Path, candidate: str, partitions: str
) -> None:
    env = {"SWARM_PARTITIONS": partitions}
    assert swarm(home, "run", "--mode", "staging", "--input", DEMO, "--json", env=env).code == 0
    before = swarm(home, "tail", "--json", env=env).out

    first, again = (swarm(home, "icp", "compare", candidate, "--json", env=env) for _ in range(2))
    assert (first.code, first.err) == (0, "")
    assert first.out == again.out
    found = first.json
    assert found["active"]["model_id"] == "icp-2"
    assert found["moving"] == len(found["moves"]) > 0
    assert swarm(home, "tail", "--json", env=env).out == before

    told = swarm(home, "icp", "activate", candidate, "--reason", "Only the best.", env=env)
    assert (told.code, told.err) == (0, "")
    assert "scores that stand stay as they are" in told.out
    after = swarm(home, "tail", "--json", env=env).out
    new = set(after.splitlines()) - set(before.splitlines())
    assert set(before.splitlines()) <= set(after.splitlines())
    assert ["policy.model_activated.v1" in line for line in new] == [True]

    rows = tmp_path / "later.csv"
    rows.write_text(LATER)
    later = ("run", "--mode", "staging", "--synthetic", "--input", str(rows), "--json")
    assert swarm(home, *later, env=env).code == 0
    explained = swarm(home, "icp", "explain", "Ada.Vale@umberford.example", "--json", env=env).json
    assert (explained["model_id"], explained["recorded"], explained["stands"]) == ("my-icp-1", "tier_1", "tier_1")
    whole = swarm(home, "tail", "--json", env=env).out
    assert set(before.splitlines()) <= set(whole.splitlines())
    scores = [line for line in whole.splitlines() if '"lead.scored.v1"' in line]
    assert Counter('"my-icp-1"' in line for line in scores)[True] == 1
    assert swarm(home, "verify", env=env).code == 0


def test_words_for_a_person_name_what_is_in_force_and_who_moves(home: Path, tmp_path: Path, candidate: str) -> None:
    assert swarm(home, "run", "--mode", "staging", "--input", DEMO, "--json").code == 0
    shown = swarm(home, "icp")
    assert "icp-2 (hash " in shown.out
    assert "It is the shipped one; nothing was ever activated." in shown.out
    assert "Namespace main. SHADOW: nothing leaves this machine." in shown.out
    told = swarm(home, "icp", "compare", candidate, "--limit", "3")
    assert told.code == 0
    assert "lead moves" in told.out or "leads move between tiers" in told.out
    assert "Who moves" in told.out
    assert "tier_1 begins at 99 percent, not at 80" in " ".join(told.out.split())
    assert f"swarm icp activate {candidate}" in told.out

    nobodys = tmp_path / "nobodys.toml"
    nobodys.write_text(NOBODYS)
    told = swarm(home, "icp", "compare", str(nobodys))
    assert "Nobody among " in told.out
    assert "size.least_employees of your file shuts " in told.out

    assert swarm(home, "icp", "activate", candidate, "--reason", "Only the best.").code == 0
    again = swarm(home, "icp", "activate", candidate)
    assert (again.code, again.err) == (0, "")
    assert "in force already; nothing changed" in again.out
    versions = swarm(home, "icp", "versions")
    assert "Only the best." in versions.out
    assert "in force" in versions.out
    assert swarm(home, "icp", "show", "my-icp-1", "--text").out == STRICT
    swarm(home, "icp", "show", "my-icp-7").failed_with(2, "No such version was ever activated.", "swarm icp versions")
    Path(candidate).write_text(STRICT.replace("tier_3 = 40", "tier_3 = 41"))
    swarm(home, "icp", "activate", candidate).failed_with(3, "my-icp-1 was activated before", 'id = "my-icp-2"')


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("explain",), 2, "Whom is it about?"),
        (("explain", "nobody@umberford.example"), 2, "There is no such lead."),
        (("explain", "abcdef"), 2, "There is no lead"),
        (("compare", "/no/such.toml"), 2, "/no/such.toml cannot be read"),
        (("activate", "/no/such.toml"), 2, "/no/such.toml cannot be read"),
    ],
)
def test_mistake_gets_the_sentence_that_mends_it(
    shared_home: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    swarm(shared_home, "icp", *arguments).failed_with(code, words)


def test_file_with_a_fault_is_neither_compared_nor_activated(shared_home: Path, candidate: str) -> None:
    Path(candidate).write_text(STRICT.replace("tier_1 = 99", "tier_1 = 199"))
    for what in ("compare", "activate"):
        swarm(shared_home, "icp", what, candidate).failed_with(
            2, "icp.toml", "tiers.tier_1, line 17", "Write 100, or less."
        )


def test_editor_that_leaves_a_fault_gets_told_where(shared_home: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    env = {"EDITOR": "sed -i s/tier_1.=.80/tier_1=999/"}
    with on_terminal(shared_home, "icp", "edit", str(file), env=env) as screen:
        shown = screen.rest()
        assert screen.ended() == 1
    assert f"{file} has 1 fault, the first at tiers.tier_1, line 17." in " ".join(shown.split())


def test_file_that_is_not_what_scores_is_said_by_doctor_and_before_a_run(home: Path, candidate: str) -> None:
    folder = Path(candidate).parent

    def ideal() -> tuple[object, str]:
        checks = swarm(home, "doctor", "--json", cwd=folder).json["checks"]
        (found,) = [one for one in checks if one["name"] == "ideal customer"]
        return found["ok"], found["found"]

    def said_before_a_run() -> str:
        told = swarm(home, "run", "--mode", "sandbox", "--limit", "1", cwd=folder)
        assert told.code == 0
        return " ".join(told.out.split())

    unused = "not by icp.toml, which says my-icp-1"
    ok, found = ideal()
    assert (ok, unused in found) == (None, True)
    assert unused in said_before_a_run()
    assert swarm(home, "icp", "activate", cwd=folder).code == 0
    ok, found = ideal()
    assert (ok, "my-icp-1" in found, "as it was activated" in found) == (True, True, True)
    assert unused not in said_before_a_run()
    Path(candidate).write_text(STRICT.replace("tier_3 = 40", "tier_3 = 400"))
    ok, found = ideal()
    assert (ok, "tiers.tier_3, line 17" in found) == (None, True)
