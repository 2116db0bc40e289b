"""The gateway as a process: a person gets a token, reads and decides over HTTP, and it ends in good order."""

import json
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.e2e.console import SAMPLES, start, swarm


@contextmanager
def serving(home: Path, *arguments: str, env: Mapping[str, str] | None = None) -> Iterator[tuple[Any, str]]:
    """A process that serves, and the gateway's address, as its one document says."""
    process = start(home, *arguments, "--json", env=env)
    assert process.stdout is not None
    try:
        told = json.loads(process.stdout.readline())
        assert "gateway" in told["services"], told
        yield process, told["address"]
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=30)


def ask(address: str, path: str, token: str = "", body: object = None) -> tuple[int, Any]:
    """Status and document of one request."""
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address + path, data, headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def token_of(home: Path, login: str, role: str) -> str:
    """Somebody new, and their token."""
    assert swarm(home, "user", "add", login, "--role", role).code == 0
    told = swarm(home, "token", "create", login, "--json")
    assert (told.code, told.err) == (0, "")
    token: str = told.json["token"]
    return token


def test_a_person_decides_over_http_what_the_command_line_then_shows(home: Path) -> None:
    with serving(home, "up") as (process, address):
        token = token_of(home, "ada", "reviewer")
        done = swarm(home, "run", "--mode", "staging", "--input", str(SAMPLES / "demo.csv"), "--limit", "12", "--json")
        assert done.json["status"] == "waiting_for_review"
        status, page = ask(address, "/api/pending-emails", token)
        assert (status, len(page["items"]) > 0) == (200, True)
        card = page["items"][0]
        about = f"/api/emails/{card['email_id']}/approve"
        assert ask(address, about, "", {"expected_version": 1})[0] == 401
        status, receipt = ask(address, about, token, {"expected_version": card["draft_version"]})
        assert (status, receipt["status"], receipt["by"]) == (200, "recorded", "person:ada@swarm")
        shown = swarm(home, "show", card["email_id"], "--json").json
        assert "ada@swarm" in json.dumps(shown)
        assert swarm(home, "verify").code == 0
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=30)
        assert (process.returncode, err) == (0, "")


def test_a_file_that_is_imported_becomes_drafts_that_wait(home: Path) -> None:
    with serving(home, "up") as (process, address):
        operator, reviewer = token_of(home, "otto", "operator"), token_of(home, "ada", "reviewer")
        found = bring(address, operator, SAMPLES / "demo.csv")
        dry = swarm(home, "run", "--mode", "dry_run", "--input", str(SAMPLES / "demo.csv"), "--json").json
        assert (found["counts"], found["sample"]) == (dry["rows"], dry["first"])
        assert found["refused"] == dry["refusals"]
        path = f"/api/imports/{found['import_id']}/run"
        status, asked = ask(address, path, operator, {"mode": "staging", "limit": 20})
        assert status == 200, asked
        run = rested(address, operator, asked["run_id"])
        assert (run["status"], run["why"], run["rows"]["rows"]) == ("waiting_for_review", "", found["rows"])
        assert run["rows"]["not_taken"] == found["rows"] - 20
        _, page = ask(address, f"/api/pending-emails?run_id={asked['run_id']}", reviewer)
        assert len(page["items"]) == run["waiting"] > 0
        assert (
            ask(address, path.removesuffix("/run"), operator)[1]["counts"]["duplicate"] > found["counts"]["duplicate"]
        )
        status, invented = ask(
            address, "/api/runs", operator, {"mode": "sandbox", "source": "event_saastr", "limit": 3}
        )
        assert status == 200, invented
        assert rested(address, operator, invented["run_id"])["status"] == "completed"
        assert swarm(home, "verify").code == 0
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=30)
        assert (process.returncode, err) == (0, "")


def bring(address: str, token: str, file: Path) -> Any:
    """What the gateway says of a file that is sent as a form sends it."""
    before = f'--b\r\nContent-Disposition: form-data; name="file"; filename="{file.name}"\r\n\r\n'.encode()
    headers = {"Content-Type": "multipart/form-data; boundary=b", "Authorization": f"Bearer {token}"}
    body = before + file.read_bytes() + b"\r\n--b--\r\n"
    with urllib.request.urlopen(urllib.request.Request(f"{address}/api/imports", body, headers), timeout=20) as answer:
        assert answer.status == 201
        return json.load(answer)


def rested(address: str, token: str, run_id: str) -> Any:
    """The run once nothing moves in it any more."""
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        status, run = ask(address, f"/api/runs/{run_id}", token)
        if status == 200 and run["status"] != "running":
            return run
        time.sleep(0.1)
    raise AssertionError(f"{run_id} did not come to rest: {run}")


def test_a_second_gateway_takes_the_next_port(home: Path) -> None:
    with serving(home, "serve", "gateway") as (_, first), serving(home, "serve", "gateway") as (_, second):
        assert first != second
        assert ask(first, "/api/health/ready")[0] == ask(second, "/api/health/ready")[0] == 200


def test_port_that_cannot_be_had_is_refused_by_name(home: Path) -> None:
    told = swarm(home, "serve", "gateway", env={"SWARM_PORT": "0"})
    told.failed_with(2, "SWARM_PORT")
