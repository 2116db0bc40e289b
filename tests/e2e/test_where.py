"""Whatever a person reads or is asked says in which namespace it is, and that nothing leaves this machine."""

from pathlib import Path

import pytest

from tests.e2e.console import on_terminal, swarm

WHERE = "Namespace {}. SHADOW: nothing leaves this machine."
SHADOW = "SHADOW: nothing leaves this machine."
LEADS = (
    b"First Name,Last Name,Title,Company,Email,Employees,Industry\n"
    b"Ada,Vale,CEO,Umberford Software,ada.vale@umberford-software.example,120,Software\n"
    b"Ben,Ode,CEO,Northmoor Software,ben.ode@northmoor-software.example,120,Software\n"
)


@pytest.fixture(scope="module")
def draft(shared_home: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A draft that waits."""
    file = tmp_path_factory.mktemp("leads") / "leads.csv"
    file.write_bytes(LEADS)
    told = swarm(shared_home, "run", "--mode", "staging", "--synthetic", "--input", str(file))
    assert (told.code, told.out.count(SHADOW), told.out.count("namespace main")) == (0, 2, 2)
    drafts = swarm(shared_home, "queue", "--json").json["drafts"]
    return str(drafts[0]["email_id"])


@pytest.mark.parametrize(
    "arguments",
    [
        ("queue",),
        ("queue", "--snoozed"),
        ("queue", "--tier", "tier_4"),
        ("queue", "--namespace", "empty"),
        ("runs",),
        ("runs", "--namespace", "empty"),
        ("run", "--mode", "dry_run"),
        ("dead", "list"),
        ("leads",),
        ("leads", "--namespace", "empty"),
        ("feedback",),
        ("icp", "show"),
        ("icp", "versions"),
        ("campaigns",),
        ("doctor",),
        ("icp",),
        ("verify",),
        ("replay",),
    ],
    ids=" ".join,
)
def test_every_report_says_it(shared_home: Path, draft: str, arguments: tuple[str, ...]) -> None:
    assert draft
    namespace = arguments[-1] if "--namespace" in arguments else "main"
    told = swarm(shared_home, *arguments)
    assert (told.code, told.err) == (0, "")
    assert SHADOW in told.out
    assert f"amespace {namespace}" in told.out
    document = swarm(shared_home, *arguments, "--json").json
    assert (document["namespace"], document["shadow"]) == (namespace, True)


def test_every_answer_says_it(shared_home: Path, draft: str) -> None:
    for answer in (
        ("show", draft),
        ("why", draft),
        ("approve", draft),
        ("approve", draft),
        ("revoke", draft),
        ("reject", draft, "--tag", "weak_cta", "--reason", "It asks for nothing."),
    ):
        told = swarm(shared_home, *answer)
        assert (told.code, told.err) == (0, "")
        assert WHERE.format("main") in told.out
    again = swarm(shared_home, "reject", draft, "--tag", "weak_cta", "--reason", "It asks for nothing.", "--json")
    assert (again.json["namespace"], again.json["shadow"]) == ("main", True)


def test_every_card_of_a_review_says_it_above_its_keys(shared_home: Path, draft: str) -> None:
    assert draft
    with on_terminal(shared_home, "review") as person:
        assert WHERE.format("main") in person.until("[a]pprove")
        person.type("q")
        assert f"0 answers given. {WHERE.format('main')}" in person.rest()
        assert person.ended() == 0
