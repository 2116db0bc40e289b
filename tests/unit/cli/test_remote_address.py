"""Which gateway a command goes to, and that its token goes nowhere else and is never printed."""

from pathlib import Path

import pytest

from contracts.errors import BadInput
from services.cli.remote.address import read

HTTPS = "https://swarm.example.com"


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        (f"{HTTPS}/", HTTPS),
        ("HTTPS://Swarm.Example.com:8443", "https://swarm.example.com:8443"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://localhost", "http://localhost"),
        ("http://[::1]:9", "http://[::1]:9"),
    ],
)
def test_an_address_is_read(url: str, origin: str) -> None:
    address = read({"SWARM_URL": url, "SWARM_TOKEN": " one\n"})
    assert (address.origin, address.token) == (origin, "one")
    assert "one" not in repr(address)


@pytest.mark.parametrize(
    "url", ["http://swarm.example.com", "http://10.0.0.1:8080", "http://0.0.0.0", "http://127.0.0.1.example.com"]
)
def test_a_token_does_not_cross_a_network_by_plain_http(url: str) -> None:
    with pytest.raises(BadInput, match="plain http"):
        read({"SWARM_URL": url, "SWARM_TOKEN": "one"})


@pytest.mark.parametrize(
    "url", ["swarm", "ftp://swarm", f"{HTTPS}/api", f"{HTTPS}?a=b", "https://ada:pass@swarm.example"]
)
def test_what_is_no_address_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(BadInput) as refused:
        read({"SWARM_URL": url, "SWARM_TOKEN": "one"})
    assert refused.value.values == {"field": "SWARM_URL"}
    assert "pass" not in refused.value.sentence()


def test_a_token_comes_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("swarm_abc\n")
    assert read({"SWARM_URL": HTTPS, "SWARM_TOKEN_FILE": str(file)}).token == "swarm_abc"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({}, "SWARM_TOKEN"),
        ({"SWARM_TOKEN": "  "}, "SWARM_TOKEN"),
        ({"SWARM_TOKEN": "my secret"}, "SWARM_TOKEN"),
        ({"SWARM_TOKEN": "secret\r\nX-Other: 1"}, "SWARM_TOKEN"),
        ({"SWARM_TOKEN": "secret" * 100}, "SWARM_TOKEN"),
        ({"SWARM_TOKEN": "secret", "SWARM_TOKEN_FILE": "/dev/null"}, "SWARM_TOKEN"),
        ({"SWARM_TOKEN_FILE": "/nowhere/secret"}, "SWARM_TOKEN_FILE"),
        ({"SWARM_TOKEN_FILE": "/dev/null"}, "SWARM_TOKEN_FILE"),
    ],
)
def test_without_a_good_token_nothing_is_asked(more: dict[str, str], field: str) -> None:
    with pytest.raises(BadInput) as refused:
        read({"SWARM_URL": HTTPS, **more})
    assert refused.value.values == {"field": field}
    assert "secret" not in refused.value.sentence()
