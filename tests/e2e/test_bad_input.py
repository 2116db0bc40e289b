"""Whatever cannot be used is one line with its remedy and its exit code; nothing is recorded and nothing is lost."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from services.runtime.server_process import ThrowAwayServer, server_binary
from tests.conftest import short_directory
from tests.e2e.console import swarm
from tests.own_offer import WITH_OFFER

HEADER = b"First Name,Last Name,Title,Company,Email\n"
GOOD = b"Ada,Vale,CEO,Umberford Software,ada.vale@umberford-software.example\n"
STAGING = ("run", "--mode", "staging", "--synthetic", "--input")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\n\n  \n", "is empty"),
        (HEADER, "no rows"),
        (GOOD, "no header"),
        (b"a,b\n1,2\n", "neither an e-mail address"),
        (b"PK\x03\x04whatever", "Excel workbook"),
    ],
    ids=["empty", "blank", "header-alone", "no-header", "no-column", "workbook"],
)
def test_a_file_that_cannot_be_used(shared_home: Path, tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "leads.csv"
    file.write_bytes(content)
    swarm(shared_home, *STAGING, str(file)).failed_with(2, words)


def test_broken_quotes_and_a_megabyte_cost_their_rows_alone(shared_home: Path, tmp_path: Path) -> None:
    file = tmp_path / "leads.csv"
    broken = b'Ben,"Gray,CTO,Northmoor,ben@northmoor.example\n'
    large = b"Cleo," + b"x" * 1_000_000 + b",CTO,Southmoor,cleo@southmoor.example\n"
    file.write_bytes(HEADER + GOOD + broken + large + GOOD.replace(b"ada", b"amy"))
    told = swarm(shared_home, *STAGING, str(file), "--json")
    assert (told.code, told.err) == (0, "")
    rows = told.json["rows"]
    assert (rows["rows"], rows["sourced"], rows["refused"]) == (4, 2, 2)
    assert [one["row"] for one in told.json["refusals"]] == [2, 3]
    assert all(one["remedy"] for one in told.json["refusals"])


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("run", "--mode", "moon"), 2, "dry_run, sandbox, staging, production"),
        (("run", "--mode", "sandbox", "--source", "moon"), 2, "competitor_gong"),
        (("run", "--mode", "sandbox", "--limit", "21"), 2, "at most 20"),
        (("run", "--mode", "sandbox", "--limit", "many"), 2, "limit"),
        (("run",), 2, "--mode"),
        (("run", "--mode", "staging"), 3, "Staging works through files"),
        (("run", "--mode", "production", "--yes"), 3, "real rows"),
        (("run", "--mode", "staging", "--input", "/no/such.csv"), 2, "no file /no/such.csv"),
        (("run", "--mode", "sandbox", "--map", "email=X"), 2, "--map"),
        (("moon",), 2, "No such command"),
        (("runs", "run_1"), 2, "no run"),
        (("replay", "--view", "moon"), 2, "queue, feedback"),
        (("serve", "moon"), 2, "hunter"),
        (("tail", "--from", "moon"), 2, "841"),
        (("dead", "retry", "moon"), 2, "dead list"),
        (("dead", "list", "moon"), 2, "Leave 'moon' out"),
        (("user", "list", "moon"), 2, "Leave 'moon' out"),
        (("queue", "--namespace", "No Such"), 2, "namespace"),
    ],
    ids=lambda value: "-".join(value)[:32] if isinstance(value, tuple) else None,
)
def test_a_command_that_cannot_be_meant(shared_home: Path, arguments: tuple[str, ...], code: int, words: str) -> None:
    swarm(shared_home, *arguments).failed_with(code, words)


def test_staging_takes_no_unmarked_file_and_production_wants_a_yes(shared_home: Path, tmp_path: Path) -> None:
    file = tmp_path / "leads.csv"
    file.write_bytes(HEADER + GOOD)
    swarm(shared_home, "run", "--mode", "staging", "--input", str(file)).failed_with(3, "marked synthetic")
    swarm(shared_home, "run", "--mode", "production", "--input", str(file), env=WITH_OFFER).failed_with(2, "--yes")


def test_a_setting_that_cannot_be_used_is_named(home: Path) -> None:
    swarm(home, "queue", env={"SWARM_PARTITIONS": "many"}).failed_with(2, "SWARM_PARTITIONS")


def test_doctor_remarks_on_a_variable_that_looks_misspelt(home: Path) -> None:
    told = swarm(home, "doctor", env={"SWARM_NAMESPCE": "demo", "SWARM_TEST_REDIS_URL": "redis://elsewhere"})
    assert (told.code, told.err) == (0, "")
    remarks = [line for line in told.out.splitlines() if line.startswith("environment")]
    assert len(remarks) == 1
    assert "note" in remarks[0]
    assert "SWARM_NAMESPCE is no setting. Perhaps SWARM_NAMESPACE is meant." in remarks[0]


@pytest.fixture
def plain_server() -> Iterator[tuple[str, redis.Redis]]:
    """A server as somebody else set it up: no append-only file."""
    with short_directory() as directory:
        socket = directory / "s"
        arguments = [str(server_binary()), "--port", "0", "--unixsocket", str(socket), "--dir", str(directory)]
        process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL)
        client = redis.Redis(unix_socket_path=str(socket))
        while True:
            try:
                client.ping()
                break
            except redis.ConnectionError:
                assert process.poll() is None
        yield f"unix://{socket}", client
        client.close()
        process.terminate()
        process.wait(10)


def test_a_server_that_forgets_or_evicts_is_refused(home: Path, plain_server: tuple[str, redis.Redis]) -> None:
    url, client = plain_server
    where = {"SWARM_REDIS_URL": url}
    run = ("run", "--mode", "sandbox")
    swarm(home, *run, env=where).failed_with(5, "no append-only file", "SWARM_DURABILITY=relaxed")
    client.config_set("maxmemory-policy", "allkeys-lru")
    swarm(home, *run, env=where).failed_with(5, "may evict", "noeviction")
    told = swarm(home, "doctor", env=where)
    assert (told.code, told.err) == (1, "")
    assert "may evict" in told.out
    assert client.dbsize() == 0


def test_a_server_that_is_down_is_said_and_nothing_is_lost(home: Path) -> None:
    with short_directory() as directory, ThrowAwayServer(directory) as server:
        where = {"SWARM_REDIS_URL": server.url}
        assert swarm(home, "run", "--mode", "sandbox", env=where).code == 0
        server.kill()
        swarm(home, "queue", env=where).failed_with(5, "does not answer")
        swarm(home, "run", "--mode", "sandbox", env=where).failed_with(5, "SWARM_REDIS_URL")
        server.start()
        assert swarm(home, "runs", "--json", env=where).json["total"] == 1
        assert swarm(home, "verify", env=where).code == 0
