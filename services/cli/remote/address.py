"""Which gateway is meant, and what to show it: from the environment alone, and never to anybody else."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from contracts.errors import BadInput
from services.cli.given import URL
from services.runtime.settings import LOOPBACK_NAMES, ORIGIN

TOKEN, TOKEN_FILE = "SWARM_TOKEN", "SWARM_TOKEN_FILE"
TOKEN_CHARS_MAX = 512
_TOKEN = re.compile(r"[\x21-\x7e]{1,512}")


@dataclass(frozen=True)
class Address:
    """A gateway, such as `https://swarm.example.com`, and a token for it, which is in no printed form of this."""

    origin: str
    token: str = field(repr=False)


def read(environment: Mapping[str, str]) -> Address:
    """The gateway that SWARM_URL names.

    Raises:
        BadInput: it is no address, others could hear the token on the way, or there is no token. No value is told, for
            any of them may hold a secret.
    """
    found = ORIGIN.fullmatch(environment.get(URL, "").strip().lower().rstrip("/"))
    if found is None:
        raise BadInput(f"{URL} is no address.", "Write it as https://swarm.example.com.", field=URL)
    if found["scheme"] == "http" and found["host"] not in LOOPBACK_NAMES:
        raise BadInput(
            f"{URL} names another machine by plain http, where others can read the token.",
            "Use https://, or a tunnel to 127.0.0.1.",
            field=URL,
        )
    return Address(found[0], _token(environment))


def _token(environment: Mapping[str, str]) -> str:
    said, file = environment.get(TOKEN, ""), environment.get(TOKEN_FILE, "")
    if said and file:
        raise BadInput(f"{TOKEN} and {TOKEN_FILE} are both set.", "Unset one of them.", field=TOKEN)
    name = TOKEN_FILE if file else TOKEN
    token = (_read(Path(file)) if file else said).strip()
    if not token:
        raise BadInput(
            f"{URL} is set, and there is no token for it.",
            f"Set {TOKEN}, or {TOKEN_FILE} to a file with it; `swarm token create LOGIN` makes one.",
            field=name,
        )
    if not _TOKEN.fullmatch(token):
        raise BadInput(f"{name} holds no token.", "It is one word; copy it again.", field=name)
    return token


def _read(path: Path) -> str:
    try:
        with path.expanduser().open("rb") as file:
            return file.read(2 * TOKEN_CHARS_MAX).decode(errors="replace")
    except (OSError, RuntimeError) as error:
        raise BadInput(f"{TOKEN_FILE} cannot be read.", "Check its path and its rights.", field=TOKEN_FILE) from error
