"""The identity provider of the settings: whole, or a sentence that names what is missing before anything starts."""

import os
from pathlib import Path

import pytest

from contracts.errors import BadInput
from services.cli.identity import SECRET_MAX, registered_of
from services.runtime.settings import load

WHOLE = {
    "ISSUER": "https://login.example.com/realm",
    "CLIENT_ID": "swarm",
    "CLIENT_SECRET": "not told",
    "DOMAIN": "works.example",
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing of the machine's own settings is seen."""
    for name in os.environ:
        if name.startswith("SWARM_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A whole provider."""
    for name, value in WHOLE.items():
        monkeypatch.setenv(f"SWARM_OIDC__{name}", value)
    return monkeypatch


def test_nothing_said_is_no_provider() -> None:
    assert registered_of(load()) is None


def test_whole_provider_is_used_and_its_secret_is_never_printed(said: pytest.MonkeyPatch) -> None:
    found = registered_of(load())
    assert found
    assert (found.issuer, found.client_id, found.client_secret) == (WHOLE["ISSUER"], "swarm", "not told")
    assert (found.name, found.scope) == ("your company account", "openid email")
    assert "not told" not in repr((found, load()))


def test_secret_may_be_in_a_file_and_a_part_of_the_rest_in_another(folder: Path, said: pytest.MonkeyPatch) -> None:
    (folder / "secret").write_text("from a file\n")
    (folder / "swarm.toml").write_text('[oidc]\nname = "Works"\nissuer = "https://elsewhere.example"\n')
    said.delenv("SWARM_OIDC__CLIENT_SECRET")
    said.setenv("SWARM_OIDC__CLIENT_SECRET_FILE", str(folder / "secret"))
    found = registered_of(load())
    assert found
    assert (found.client_secret, found.name, found.issuer) == ("from a file", "Works", WHOLE["ISSUER"])


@pytest.mark.parametrize("secret", ["CLIENT_SECRET", "DOMAIN"])
def test_client_may_have_no_secret_and_another_claim_needs_no_domain(said: pytest.MonkeyPatch, secret: str) -> None:
    said.setenv("SWARM_OIDC__CLAIM", "preferred_username")
    said.delenv(f"SWARM_OIDC__{secret}")
    found = registered_of(load())
    assert found
    assert found.scope == "openid profile email"


@pytest.mark.parametrize("name", ["ISSUER", "CLIENT_ID", "DOMAIN"])
def test_half_a_provider_is_refused_by_the_name_of_what_is_missing(said: pytest.MonkeyPatch, name: str) -> None:
    said.delenv(f"SWARM_OIDC__{name}")
    with pytest.raises(BadInput) as refused:
        registered_of(load())
    assert refused.value.values["field"] == f"SWARM_OIDC__{name}"
    assert refused.value.detail.startswith(f"SWARM_OIDC__{name} is missing")
    assert refused.value.remedy.startswith("Set it to ")


@pytest.mark.parametrize("content", [b"", b" \n", b"two\nlines", b"x" * (SECRET_MAX + 1), b"\0"])
def test_file_without_a_secret_is_refused_and_not_repeated(
    folder: Path, said: pytest.MonkeyPatch, content: bytes
) -> None:
    (folder / "secret").write_bytes(content)
    said.delenv("SWARM_OIDC__CLIENT_SECRET")
    said.setenv("SWARM_OIDC__CLIENT_SECRET_FILE", str(folder / "secret"))
    with pytest.raises(BadInput, match="holds no secret") as refused:
        registered_of(load())
    assert refused.value.values["field"] == "SWARM_OIDC__CLIENT_SECRET_FILE"


@pytest.mark.parametrize("file", ["/nowhere/secret", "/dev"])
@pytest.mark.parametrize("written", ["not told", ""])
def test_secret_said_twice_or_in_no_file_is_refused(said: pytest.MonkeyPatch, file: str, written: str) -> None:
    said.setenv("SWARM_OIDC__CLIENT_SECRET", written)
    said.setenv("SWARM_OIDC__CLIENT_SECRET_FILE", file)
    with pytest.raises(BadInput, match="both set" if written else "cannot be read") as refused:
        registered_of(load())
    assert refused.value.values["field"] == "SWARM_OIDC__CLIENT_SECRET_FILE"


@pytest.mark.parametrize(
    "issuer",
    ["https://login.example.com", "https://login.example.com:8443/realm/", "http://localhost:1", "http://[::1]/realm"],
)
def test_issuer_is_taken_as_it_is_written(said: pytest.MonkeyPatch, issuer: str) -> None:
    said.setenv("SWARM_OIDC__ISSUER", issuer)
    assert load().oidc.issuer == issuer


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ISSUER", "http://login.example.com"),
        ("ISSUER", "http://127.0.0.1.example.com"),
        ("ISSUER", "http://127.0.0.1@login.example.com"),
        ("ISSUER", "login.example.com"),
        ("ISSUER", "ftp://login.example.com"),
        ("ISSUER", "https://"),
        ("ISSUER", "https://[::1"),
        ("ISSUER", "https://login.example.com/?realm=a"),
        ("ISSUER", "https://login.example.com/#realm"),
        ("ISSUER", "https://login.example.com/a b"),
        ("ISSUER", "https://ann:secret@login.example.com"),
        ("ISSUER", "https://" + "x" * 500),
        ("DOMAIN", "works"),
        ("DOMAIN", "works.example/x"),
        ("DOMAIN", "*.example"),
        ("CLAIM", ""),
        ("CLAIM", "e mail"),
        ("NAME", ""),
        ("NAME", "x" * 41),
        ("NAME", "a\u202eb"),
        ("SECRET", "x"),
    ],
)
def test_setting_that_cannot_be_used_is_named(said: pytest.MonkeyPatch, name: str, value: str) -> None:
    said.setenv(f"SWARM_OIDC__{name}", value)
    with pytest.raises(BadInput) as refused:
        load()
    assert refused.value.values["field"] == f"SWARM_OIDC__{name}"
    assert "secret@" not in refused.value.sentence()


def test_domain_may_be_written_with_the_at_and_in_capitals(said: pytest.MonkeyPatch) -> None:
    said.setenv("SWARM_OIDC__DOMAIN", "@Works.Example")
    assert load().oidc.domain == "works.example"
