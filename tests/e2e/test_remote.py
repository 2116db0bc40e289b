"""The command line in one home, and the swarm that it works on in another: everything goes through the gateway."""

import json
import signal
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.segmentor.model import own_text
from tests.conftest import short_directory
from tests.e2e.console import SAMPLES, Told, on_terminal, start, swarm
from tests.e2e.test_gateway import ask, serving, token_of
from tests.own_offer import WITH_OFFER

DEMO = str(SAMPLES / "demo.csv")
ROLES = {"ada": "admin", "rita": "reviewer", "otto": "operator", "vera": "auditor"}
WHERE = "Namespace main. SHADOW: nothing leaves this machine."
NOWHERE = "http://127.0.0.1:9"
RUNS_OWN = {"run_id", "next", "angles", "stages"}
"""Keys of a report in which two runs differ by nature: the angle of some drafts goes by ids, the stages have times."""


@dataclass(frozen=True)
class Both:
    """The swarm as whoever is beside it sees it, and as somebody elsewhere does."""

    home: Path
    away: Path
    address: str
    tokens: Mapping[str, str]

    def env(self, login: str, **more: str) -> dict[str, str]:
        return {"SWARM_URL": self.address, "SWARM_TOKEN": self.tokens[login], **more}

    def there(self, *arguments: str, as_: str = "ada", stdin: str = "", **more: str) -> Told:
        """Over the gateway."""
        told = swarm(self.away, *arguments, env=self.env(as_, **more), stdin=stdin)
        assert not self.away.exists(), "something was opened on this machine"
        assert self.tokens[as_] not in told.out + told.err
        return told

    def here(self, *arguments: str) -> Told:
        """Beside the store."""
        return swarm(self.home, *arguments, env=WITH_OFFER)

    def same(self, *arguments: str) -> Any:
        """The document that both print."""
        there, here = self.there(*arguments, "--json"), self.here(*arguments, "--json")
        assert (there.code, there.err) == (here.code, here.err) == (0, "")
        assert there.json == here.json
        return there.json

    def waiting(self, run: str = "") -> list[Any]:
        found: list[Any] = self.there("queue", "--json", *(("--run", run) if run else ())).json["drafts"]
        return found


@pytest.fixture(scope="module")
def both(shared_home: Path) -> Iterator[Both]:
    with short_directory() as directory, serving(shared_home, "up", env=WITH_OFFER) as (process, address):
        tokens = {login: token_of(shared_home, login, role) for login, role in ROLES.items()}
        yield Both(shared_home, directory / "away", address, tokens)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


@pytest.fixture(scope="module")
def run(both: Both) -> Any:
    """A run that was asked for over the gateway."""
    told = both.there("run", "--mode", "staging", "--input", DEMO, "--json", as_="ada")
    assert (told.code, told.err) == (0, ""), told
    return told.json


def test_a_file_gives_the_report_that_it_gives_beside_the_store(both: Both, run: Any) -> None:
    assert run["status"] == "waiting_for_review"
    assert [one.rpartition(" ")[2] for one in run["next"][1:4:2]] == [both.waiting()[0]["email_id"][:8]] * 2
    with short_directory() as other:
        alone = swarm(other / "home", "run", "--mode", "staging", "--input", DEMO, "--json", env=WITH_OFFER).json
    assert set(run) == set(alone)
    took = {"duration_ms"}
    for mine, theirs in zip(run["stages"], alone["stages"], strict=True):
        assert {k: v for k, v in mine.items() if k not in took} == {k: v for k, v in theirs.items() if k not in took}
    assert {k: v for k, v in run.items() if k not in RUNS_OWN} == {k: v for k, v in alone.items() if k not in RUNS_OWN}


def test_reads_print_the_same_documents_as_beside_the_store(both: Both, run: Any) -> None:
    queue = both.same("queue", "--limit", "7")
    assert len(queue["drafts"]) == 7 < queue["total"]
    assert both.same("queue", "--tier", "tier_1", "--run", run["run_id"])["drafts"]
    first = queue["drafts"][0]
    shown = both.same("show", first["email_id"])
    assert shown["content"]["text"]
    assert both.same("show", first["lead_id"][:13])["email_id"] == first["email_id"]
    assert both.same("runs")["total"] >= 1
    assert both.same("runs", run["run_id"])["rows"] == run["rows"]
    assert both.same("user")["users"]
    assert both.same("token")["tokens"]
    assert both.same("dead")["dead"] == []
    assert len(both.same("leads", "--limit", "30", "--tier", "tier_2", "--run", run["run_id"])["leads"]) > 5
    assert both.same("leads", "--state", "a draft waits for a person", "--limit", "3")["more"]
    assert both.same("feedback", "--by", "opener")["test"]
    lead = both.same("why", first["email_id"])["lead"]
    assert both.same("leads", "--company", lead["company"], "--search", lead["name"])["leads"] == [lead]


def test_a_lead_is_found_by_an_address_that_stands_in_no_url(both: Both, run: Any) -> None:
    assert run
    first = both.waiting()[0]["email_id"]
    address = both.there("show", first, "--json").json["content"]["recipient"]
    assert both.same("why", address)["lead"]["email_id"] == first
    both.there("why", address, as_="vera").failed_with(3, "read_personal")
    both.there("why", "nobody@nowhere.example").failed_with(2, "No lead has this address.")


def test_a_list_is_the_same_file_and_that_it_left_is_recorded(both: Both, run: Any) -> None:
    assert run
    for arguments in (
        ("leads",),
        ("leads", "--limit", "2", "--state", "drafted"),
        ("feedback",),
        ("queue", "--tier", "tier_1"),
        ("queue", "--snoozed"),
        ("runs",),
        ("user",),
        ("token",),
        ("tail", "--type", "email."),
    ):
        there, here = both.there(*arguments, "--csv", "-"), both.here(*arguments, "--csv", "-")
        assert (there.code, there.out, there.err) == (here.code, here.out, here.err)
        assert there.out.count("\n") >= 1
    assert both.there("dead", "--csv", "-").out == both.here("dead", "--csv", "-").out != ""
    both.here("tail", "--follow", "--csv", "-").failed_with(2, "--follow")
    reads = both.there("tail", "--json", "--type", "access.personal_read", as_="vera").out.splitlines()
    exported = {told["where"] for one in reads if (told := json.loads(one)["data"])["exported"]}
    assert exported >= {"leads", "queue", "events"}


def test_ideal_customer_is_asked_about_and_activated_as_beside_the_store(both: Both, run: Any, tmp_path: Path) -> None:
    assert run
    file = tmp_path / "icp.toml"
    file.write_text(own_text().replace("tier_1 = 80, tier_2 = 60", "tier_1 = 99, tier_2 = 90"))
    assert both.same("icp")["way"] == "shipped"
    compared = both.same("icp", "compare", str(file))
    assert len(compared["moves"]) == compared["moving"] > 10
    lead = both.waiting()[0]["lead_id"]
    assert both.same("icp", "explain", lead[:13])["lead_id"] == lead
    both.there("icp", "activate", str(file), as_="otto").failed_with(3, "This needs the permission 'admin'.")
    told = both.there("icp", "activate", str(file), "--reason", "Only the best.", "--json")
    assert (told.code, told.json["receipt"]["by"]) == (0, "person:ada@swarm")
    assert [one["reason"] for one in both.same("icp", "versions")["versions"]] == ["Only the best."]
    assert both.same("icp", "show", "my-icp-1")["text"] == file.read_text()
    file.write_text(file.read_text().replace("tier_3 = 40", "tier_3 = 400"))
    both.there("icp", "compare", str(file)).failed_with(2, "tiers.tier_3, line 17")


def test_what_is_put_off_is_listed_apart(both: Both, run: Any) -> None:
    assert run
    before = both.waiting()
    put_off = before[1]["email_id"]
    until = f"{datetime.now(UTC) + timedelta(hours=2):%Y-%m-%dT%H:%M:00Z}"
    status, _ = ask(both.address, f"/api/emails/{put_off}/snooze", both.tokens["rita"], {"until": until})
    assert status == 200
    listed = [one["email_id"] for one in both.same("queue")["drafts"]]
    assert listed[:2] == [before[0]["email_id"], before[2]["email_id"]]
    [only] = both.same("queue", "--snoozed")["drafts"]
    assert (only["email_id"], datetime.fromisoformat(only["snoozed_until"])) == (put_off, datetime.fromisoformat(until))
    for arguments in (("queue", "--limit", "1000"), ("queue", "--snoozed", "--run", run["run_id"])):
        there, here = both.there(*arguments), both.here(*arguments)
        assert (there.code, there.out, there.err) == (here.code, here.out, here.err)
        assert ("1 more is put off until later; --snoozed lists them." in there.out) is ("--snoozed" not in arguments)
    with on_terminal(both.away, "review", "--snoozed", env=both.env("rita")) as terminal:
        assert put_off in terminal.until("[q]uit")
        terminal.type("s")
        assert "No further draft waits." in terminal.rest()
        assert terminal.ended() == 0


def test_a_person_reads_the_same_words(both: Both, run: Any) -> None:
    first = both.waiting()[0]["email_id"]
    for arguments in (
        ("queue",),
        ("show", first),
        ("runs",),
        ("runs", run["run_id"]),
        ("user",),
        ("token",),
        ("leads",),
        ("feedback",),
        ("why", first),
    ):
        there, here = both.there(*arguments), both.here(*arguments)
        assert (there.code, there.out, there.err) == (here.code, here.out, here.err)


def test_the_log_reads_as_beside_the_store(both: Both, run: Any) -> None:
    assert run
    there, here = both.there("tail", "--json", "--type", "lead."), both.here("tail", "--json", "--type", "lead.")
    assert there.out == here.out != ""
    drafted = json.loads(both.there("tail", "--json", "--type", "email.drafted").out.splitlines()[0])
    assert drafted["data"]["content"]["salt"] == ""
    assert both.there("tail", "--type", "run.").out == both.here("tail", "--type", "run.").out
    both.there("tail", "--type", "nothing").failed_with(2, "No type begins with 'nothing'")


def test_facts_are_told_as_they_come(both: Both, run: Any) -> None:
    assert run
    process = start(both.away, "tail", "--follow", "--type", "email.rejected", "--json", env=both.env("rita"))
    assert process.stdout is not None
    email_id = both.waiting()[-1]["email_id"]
    try:
        assert both.there("reject", email_id, "--tag", "other", "--reason", "For the feed.", as_="rita").code == 0
        while json.loads(process.stdout.readline())["aggregate_id"] != email_id:
            pass
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
        process.communicate()


def test_answers_are_given_as_the_person_of_the_token(both: Both, run: Any) -> None:
    one, two, three, four = (card["email_id"] for card in both.waiting(run["run_id"])[:4])
    done = both.there("approve", one[:8], "--version", "1", as_="rita")
    assert (done.code, done.err) == (0, "")
    assert "is approved. It can be revoked until " in done.out
    again = both.there("approve", one, as_="rita")
    assert (again.code, "was approved before" in again.out) == (0, True)
    both.there("reject", one, "--tag", "other", "--reason", "Too late.", as_="rita").failed_with(4, "rita@swarm")
    back = both.there("revoke", one, "--reason", "Wrong one.", "--json", as_="rita")
    assert (back.json["answer"], back.json["receipt"]["by"]) == ("revoke", "person:rita@swarm")
    both.there("approve", two, "--version", "7", as_="rita").failed_with(4, "version")
    both.there("reject", two, "--tag", "bad", "--reason", "It is bad.").failed_with(2, "There is no tag 'bad'")
    assert both.there("reject", two, "--tag", "weak_cta", "--reason", "Asks nothing.", as_="rita").code == 0
    assert both.there("show", two, "--json").json["status"] == "rejected"
    late = both.there("revoke", two, as_="rita")
    assert late.code == both.here("revoke", two).code != 0
    edited = both.there("edit", three, "--subject", "Another word", as_="rita")
    assert (edited.code, "is edited" in edited.out) == (0, True)
    assert both.same("show", three)["content"]["subject"] == "Another word"
    asked = both.there("changes", four, "--instruction", "Shorter, please.", as_="rita")
    assert (asked.code, "is sent back for changes" in asked.out) == (0, True)


def test_a_wrong_id_is_told_as_beside_the_store(both: Both, run: Any) -> None:
    assert run
    for arguments in (
        ("show", "zz"),
        ("show", "ffffffff"),
        ("approve", "ffffffff"),
        ("runs", "run_2000"),
        ("show", ""),
    ):
        there, here = both.there(*arguments), both.here(*arguments)
        assert (there.code, there.err) == (here.code, here.err)
        assert there.code == 2


def test_texts_are_listed_checked_and_tried_on_a_lead(both: Both, run: Any) -> None:
    assert run
    listed = both.same("templates")
    assert {one["language"] for one in listed["templates"]} == {listed["language"]}
    assert {one["language"] for one in both.same("templates", "list", "--language", "fr")["templates"]} == {"fr"}
    assert both.same("templates", "lint")["ok"] is True
    first = both.waiting(run["run_id"])[0]
    shown = both.same("templates", "preview", first["angle"], "--lead", first["email_id"][:13], "--opener", "1")
    assert (shown["lead_id"], shown["variant"]) == (first["lead_id"], 0)
    both.there("templates", "preview", "no_such", "--lead", first["email_id"]).failed_with(2, "There is no angle")
    both.there("templates", "list", "--language", "xx").failed_with(2, "language")
    both.there("templates", "copy", "quick_win").failed_with(2, "SWARM_URL", "a file on the machine of the swarm")


def test_a_walk_at_a_terminal_goes_through_the_gateway(both: Both, run: Any) -> None:
    first = both.waiting(run["run_id"])[0]["email_id"]
    env = both.env("rita", EDITOR="sed -i s/Subject:/Subject:New/")
    with on_terminal(both.away, "review", "--run", run["run_id"], env=env) as terminal:
        assert first in terminal.until("[q]uit")
        terminal.type("e")
        assert "waits for an answer now" in terminal.until("[q]uit")
        terminal.type("a")
        assert f"{first[:8]} approved." in terminal.until("[q]uit")
        terminal.type("u")
        assert f"{first[:8]} waits again." in terminal.until("[q]uit")
        terminal.type("q")
        assert "3 answers given." in terminal.rest()
        assert terminal.ended() == 0
    with on_terminal(both.away, "edit", first, env=env) as terminal:
        assert "Version 3 waits for an answer now." in terminal.rest()
        assert terminal.ended() == 0


def test_a_dry_run_counts_against_what_the_swarm_knows(both: Both, run: Any) -> None:
    assert run
    document = both.same("run", "--mode", "dry_run", "--input", DEMO, "--limit", "9")
    assert document["rows"]["duplicate"] > 0 < document["rows"]["not_taken"]
    both.there("run", "--mode", "dry_run").failed_with(2, "inventing source")


def test_runs_are_asked_for_and_taken_back(both: Both, tmp_path: Path) -> None:
    invented = both.there("run", "--mode", "sandbox", "--limit", "3", "--json", as_="otto")
    assert (invented.code, invented.json["status"]) == (0, "completed")
    file, refused = tmp_path / "new.csv", tmp_path / "refused.csv"
    file.write_text("Who,Firm,Work Mail,Position\nNew Person,New Works,new@works.example,CEO\n,,,\nX,,broken,\n")
    mapping = ("--map", "email=Work Mail", "--map", "full_name=Who", "--map", "company=Firm")
    brought = both.there(
        "run", "--mode", "production", "--yes", "--input", str(file), *mapping, "--refused", str(refused), as_="otto"
    )
    assert (brought.code, brought.err) == (0, ""), brought
    assert refused.read_text().count("\n") > 1
    run_id = both.there("runs", "--json").json["runs"][0]["run_id"]
    withdrawn = both.there("runs", "withdraw", run_id[-6:], "--reason", "A test.", as_="otto")
    first, taken, *_ = withdrawn.out.splitlines()
    assert (withdrawn.code, first) == (0, f"{run_id} is withdrawn. {WHERE}")
    assert taken == "taken back: 1 lead and 0 drafts; they are in no queue."
    assert both.same("runs", run_id)["status"] == "withdrawn"
    again = both.there("runs", "withdraw", run_id, as_="otto")
    assert again.out.splitlines()[:2] == [f"{run_id} was withdrawn before; nothing changed. {WHERE}", taken]
    both.there("runs", "resume", run_id, as_="otto").failed_with(3)
    both.there("run", "--mode", "staging", "--input", str(file), *mapping, as_="otto").failed_with(3)


def test_people_are_let_in_and_out(both: Both) -> None:
    added = both.there("user", "add", "eve", "--role", "reviewer").out
    assert added.startswith("eve has an account. Next: swarm user link eve to sign in at the page, where they make")
    assert (
        both.there("token", "list", "eve").out == f"eve has no token yet. They make one at {both.address}/settings.\n"
    )
    both.there("user", "password", "eve").failed_with(2, "somebody else", "`swarm user link eve`")
    assert both.there("user", "roles", "eve", "--role", "auditor", "--json").json["receipt"]["status"] == "recorded"
    link = both.there("user", "link", "eve", "--address", "https://swarm.example.com", "--json").json["link"]
    assert link.startswith("https://swarm.example.com/#sign-in=")
    assert both.there("user", "close", "eve", "--reason", "Left.").code == 0
    assert "nothing changed" in both.there("user", "close", "eve").out
    both.there("user", "close", "nobody").failed_with(2)
    assert [one["open"] for one in both.same("user")["users"] if one["login"] == "eve"] == [False]


def test_who_may_not_is_refused(both: Both, run: Any) -> None:
    assert run
    first = both.waiting()[0]["email_id"]
    both.there("approve", first, as_="otto").failed_with(3, "decide")
    both.there("runs", "cancel", run["run_id"], as_="rita").failed_with(3, "run")
    both.there("user", as_="rita").failed_with(3, "admin")
    own = both.there("token", "--json", as_="rita").json["tokens"]
    assert {one["login"] for one in own} == {"rita"}
    both.there("token", "list", "otto", as_="rita").failed_with(3, "admin")
    both.there("tail", "--type", "access.", as_="rita").failed_with(3, "audit")
    assert both.there("tail", "--type", "access.account_opened", as_="vera").out.count("\n") > len(ROLES)
    assert both.there("tail", "--type", "policy.outbound", as_="rita").out == "No such fact here yet.\n"
    both.there("queue", SWARM_TOKEN="garbage").failed_with(3, "valid token")
    both.there("queue", SWARM_TOKEN=both.tokens["rita"][:-2] + "xx").failed_with(3, "valid token")


def test_an_auditor_sees_that_something_is_hidden(both: Both, run: Any) -> None:
    assert run
    drafts = both.there("queue", "--json", as_="vera").json["drafts"]
    assert {(one["name"], one["subject"]) for one in drafts} == {("hidden", "hidden")}
    shown = both.there("show", drafts[0]["email_id"], as_="vera")
    open_ = both.there("show", drafts[0]["email_id"], "--json").json
    assert (shown.code, "To:       hidden" in shown.out) == (0, True)
    assert open_["content"]["recipient"] not in shown.out
    assert all(one["value"] not in shown.out for one in open_["claims"] if one["field"] == "full_name")
    assert "[redacted]" not in shown.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("verify",),
        ("replay",),
        ("bench",),
        ("doctor",),
        ("serve", "hunter"),
        ("up",),
        ("user", "password", "ada"),
        ("token", "create", "ada"),
        ("token", "revoke", "ab"),
    ],
)
def test_what_needs_the_store_says_so(arguments: tuple[str, ...], tmp_path: Path) -> None:
    env = {"SWARM_URL": NOWHERE, "SWARM_TOKEN": "secret-one"}
    told = swarm(tmp_path / "home", *arguments, env=env, stdin="a long enough password\n")
    told.failed_with(2, "SWARM_URL")
    assert not (tmp_path / "home").exists()


def test_what_needs_no_store_works_as_ever(tmp_path: Path) -> None:
    env = {"SWARM_URL": NOWHERE, "SWARM_TOKEN": "secret-one"}
    told = swarm(tmp_path / "home", "schema", "--out", str(tmp_path / "schema"), env=env)
    assert (told.code, told.err) == (0, "")
    assert (tmp_path / "schema").exists()
    assert not (tmp_path / "home").exists()


def test_a_gateway_that_is_away_is_a_store_that_is_away(tmp_path: Path) -> None:
    env = {"SWARM_URL": NOWHERE, "SWARM_TOKEN": "secret-one"}
    told = swarm(tmp_path / "home", "queue", "--json", env=env)
    told.failed_with(5, "cannot be reached")
    assert told.json["error"]["slug"] == "store-unavailable"
    assert "secret-one" not in told.out + told.err


def test_the_namespace_of_the_gateway_is_the_one_that_is_meant(both: Both) -> None:
    assert both.there("queue", "--namespace", "main").code == 0
    both.there("queue", "--namespace", "other").failed_with(2, "serves the namespace main, not other")
    both.there("queue", "--as", "somebody").failed_with(2, "--as")
