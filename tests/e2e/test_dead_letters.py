"""What a service gave up, on the command line: seen with its reason, sent back once the cause is mended, or dropped."""

import io
import json
import signal
from collections import Counter
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from contracts.lead import LeadScored
from services.cli.app import main
from tests.conftest import short_directory
from tests.e2e.broken import break_agent
from tests.e2e.console import Told, swarm
from tests.e2e.test_gateway import serving as served
from tests.e2e.test_gateway import token_of
from tests.e2e.test_up import serving

LEADS = 20  # More than sixteen, so two of their ids begin with the same digit.
REASON = ("--reason", "They moved away.")
HERE = "Namespace main. SHADOW: nothing leaves this machine."


def while_broken(home: Path, *arguments: str) -> Told:
    """A command of a swarm whose CRAFTER fails at every lead."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setenv("SWARM_HOME", str(home))
        break_agent(patch, "crafter", LeadScored)
        code = main(list(arguments))
    return Told(code, out.getvalue(), err.getvalue())


def waiting(home: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = swarm(home, "dead", "list", "--json").json["dead"]
    return found


def status_of_lead(home: Path, dead: dict[str, Any]) -> str:
    """How the draft stands of the lead that was given up; `none` where it never got one."""
    facts = [json.loads(line) for line in swarm(home, "tail", "--json", "--type", "lead.scored").out.splitlines()]
    lead_id = next(fact["data"]["lead_id"] for fact in facts if fact["position"] == dead["position"])
    return str(swarm(home, "show", lead_id, "--json").json["status"])


@pytest.fixture(scope="module")
def dead(shared_home: Path) -> list[dict[str, Any]]:
    """One for each lead of a run; each test takes its own."""
    told = while_broken(shared_home, "run", "--mode", "sandbox", "--source", "default", "--limit", str(LEADS))
    assert told.code == 1
    assert "swarm dead list" in told.out
    return waiting(shared_home)


def test_each_is_listed_with_its_reason(shared_home: Path, dead: list[dict[str, Any]]) -> None:
    assert len(dead) == LEADS
    assert {(one["service"], one["entry_type"], one["attempts"]) for one in dead} == {("crafter", "lead.scored.v1", 5)}
    assert {one["reason"] for one in dead} == {"RuntimeError in fail"}
    told = swarm(shared_home, "dead", env={"COLUMNS": "80"})
    assert (told.code, told.err) == (0, "")
    one = dead[0]
    row = (one["dead_id"][:8], "crafter", f"lead.scored {one['position']}", "5", one["reason"], one["run_id"][-6:])
    for words in ("   ".join(row[:3]), "   ".join(row[4:]), "Next: swarm dead retry"):
        assert words in told.out


def test_retried_too_early_it_fails_again_and_waits(shared_home: Path, dead: list[dict[str, Any]]) -> None:
    one = dead[0]["dead_id"]
    told = while_broken(shared_home, "dead", "retry", one)
    told.failed_with(1, one[:8], "failed again: RuntimeError in fail")
    assert told.out == ""
    assert waiting(shared_home)[-1]["dead_id"] == one


def test_retried_after_the_cause_is_mended_its_lead_goes_on(shared_home: Path, dead: list[dict[str, Any]]) -> None:
    one = dead[1]["dead_id"]
    assert status_of_lead(shared_home, dead[1]) == "none"
    told = swarm(shared_home, "dead", "retry", one[:8], "--as", "ann")
    assert (told.code, told.out, told.err) == (0, f"{one[:8]} of crafter is sent back and worked off. {HERE}\n", "")
    assert status_of_lead(shared_home, dead[1]) == "sent"
    assert one not in {each["dead_id"] for each in waiting(shared_home)}
    again = swarm(shared_home, "dead", "retry", one)
    assert (again.code, again.err) == (0, "")
    assert "retried before by ann@local" in again.out
    swarm(shared_home, "dead", "drop", one, *REASON).failed_with(4, "ann@local sent it back at", "UTC")


def test_dropped_it_is_over_and_its_lead_stays(shared_home: Path, dead: list[dict[str, Any]]) -> None:
    one = dead[2]["dead_id"]
    swarm(shared_home, "dead", "drop", one).failed_with(2, "Add --reason")
    swarm(shared_home, "dead", "drop", one, "--reason", "ok").failed_with(2, "3 to 2,000 characters")
    told = swarm(shared_home, "dead", "drop", one, *REASON, "--as", "ann", "--json")
    assert (told.code, told.err, told.json["status"], told.json["failed"]) == (0, "", "dropped", None)
    assert one not in {each["dead_id"] for each in waiting(shared_home)}
    again = swarm(shared_home, "dead", "drop", one, *REASON)
    assert (again.code, again.err) == (0, "")
    assert "dropped before by ann@local" in again.out
    late = swarm(shared_home, "dead", "retry", one, "--json")
    assert (late.code, late.json["error"]["values"]["who"]) == (4, "person:ann@local")
    assert status_of_lead(shared_home, dead[2]) == "none"


def test_services_of_another_process_answer_in_their_own_time(shared_home: Path, dead: list[dict[str, Any]]) -> None:
    with serving(shared_home, "up"):
        told = swarm(shared_home, "dead", "retry", dead[3]["dead_id"])
    assert (told.code, told.err) == (0, "")
    assert "Should it fail again, swarm dead list shows it" in told.out


def test_over_a_gateway_they_are_found_and_answered_as_beside_the_store(
    shared_home: Path, dead: list[dict[str, Any]]
) -> None:
    one, other = dead[4]["dead_id"], dead[5]["dead_id"]
    with served(shared_home, "up") as (process, address), short_directory() as away:
        ann = {"SWARM_URL": address, "SWARM_TOKEN": token_of(shared_home, "ann", "operator")}

        def there(*arguments: str) -> Told:
            return swarm(away / "none", *arguments, env=ann)

        listed = there("dead", "--json")
        assert (listed.code, listed.err, listed.json) == (0, "", swarm(shared_home, "dead", "--json").json)
        sent = there("dead", "retry", one[:8])
        assert (sent.code, sent.err) == (0, "")
        assert (
            sent.out == f"{one[:8]} of crafter is sent back. Should it fail again, swarm dead list shows it. {HERE}\n"
        )
        assert "was retried before by ann@swarm at" in there("dead", "retry", one).out
        there("dead", "drop", one, *REASON).failed_with(4, "ann@swarm sent it back at", "UTC")
        dropped = there("dead", "drop", other, *REASON, "--json")
        assert (dropped.code, dropped.json["receipt"]["by"]) == (0, "person:ann@swarm")
        there("dead", "retry", "zz").failed_with(2, "no dead letter 'zz'", "swarm dead list")
        assert {one, other}.isdisjoint(each["dead_id"] for each in there("dead", "--json").json["dead"])
        assert not (away / "none").exists()
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert status_of_lead(shared_home, dead[4]) == "sent"


def test_an_id_that_none_or_several_have(shared_home: Path, dead: list[dict[str, Any]]) -> None:
    digits = Counter(one["dead_id"][0] for one in waiting(shared_home))
    (most, _), *_ = digits.most_common(1)
    swarm(shared_home, "dead", "retry", most).failed_with(2, "the beginning of several ids", "Type more of it")
    swarm(shared_home, "dead", "drop", "zz", *REASON).failed_with(2, "no dead letter 'zz'", "swarm dead list")
    swarm(shared_home, "dead", "retry").failed_with(2, "dead retry ID")
    assert len(dead) == LEADS
