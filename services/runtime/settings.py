"""What one process is told from outside: the environment (`SWARM_*`) and, below it, one `swarm.toml`."""

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, TypeAlias
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from contracts.errors import BadInput
from services.runtime.namespace import PARTITIONS_MAX

HOME_NAME = ".swarm"
FILE_NAME = "swarm.toml"
PREFIX, NESTED = "SWARM_", "__"
PORT = 8080
LISTEN = "127.0.0.1"
ISSUER_MAX, CLIENT_MAX, BUTTON_MAX = 500, 300, 40
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})
ORIGIN = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])(:\d{1,5})?"
)
DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?")
CLAIM = re.compile(r"[A-Za-z][A-Za-z0-9_.:/-]{0,99}")
OTHER_VARIABLES = ("debug", "log_level", "url", "token", "token_file")
"""What is read of the environment before there are settings, or in their place."""
LIKE_IN_FILE = 0.6
LIKE_IN_ENVIRONMENT = 0.8
"""The file is ours alone; variables of other programs may resemble ours by chance."""


def _expanded(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError as error:
        raise ValueError("nobody's home folder is known by this name") from error


def _own_port(value: object) -> object:
    """Kubernetes tells every container of a service named `swarm` that SWARM_PORT is `tcp://…`: it speaks of another."""
    return PORT if isinstance(value, str) and value.startswith("tcp://") else value


def _address(value: str) -> str:
    try:
        return str(ip_address(value))
    except ValueError as error:
        raise ValueError("it is no address of a machine, such as 127.0.0.1 or 0.0.0.0") from error


def _public(value: str) -> str:
    """An origin: scheme and host, and a port where it is another than usual. Plain http only where nobody listens in."""
    found = ORIGIN.fullmatch(value.lower().rstrip("/"))
    if value and found is None:
        raise ValueError("it is no origin, such as https://swarm.example.com")
    if found and found["scheme"] == "http" and found["host"] not in LOOPBACK_NAMES:
        raise ValueError("people sign in there, so it has to begin with https://")
    return found[0] if found else ""


def _issuer(value: str) -> str:
    """Who signs what we believe, as its own configuration spells it. Plain http only where nobody listens in."""
    if not value:
        return ""
    parts = urlsplit(value)
    if not parts.hostname or parts.query or parts.fragment or "@" in parts.netloc or not _plain(value):
        raise ValueError("it is no issuer, such as https://login.example.com")
    here = (f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname) in LOOPBACK_NAMES
    if parts.scheme != "https" and not (parts.scheme == "http" and here):
        raise ValueError("whoever could answer in its place could sign in as anybody, so it has to begin with https://")
    return value


def _domain(value: str) -> str:
    plain = value.lower().removeprefix("@")
    if plain and not DOMAIN.fullmatch(plain):
        raise ValueError("it is no domain, such as example.com")
    return plain


def _claim(value: str) -> str:
    if not CLAIM.fullmatch(value):
        raise ValueError("it is no claim, such as email or preferred_username")
    return value


def _button(value: str) -> str:
    plain = " ".join(value.split())
    if not plain or not plain.isprintable():
        raise ValueError("it is no name that a button can show")
    return plain


def _plain(value: str) -> bool:
    """Whether it can stand in an address as it is."""
    return value.isascii() and value.isprintable() and " " not in value


Place: TypeAlias = Annotated[Path, AfterValidator(_expanded)]
"""A path, `~` being somebody's home folder."""


class Review(BaseModel):
    """How long a person may take, and may change their mind."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    undo_window_s: int = Field(default=30, ge=0, le=3600)
    expires_h: int = Field(default=72, ge=1, le=24 * 30)


class RunLimits(BaseModel):
    """When a stage is given up."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_error_share: float = Field(default=0.2, ge=0.0, le=1.0)
    stall_s: int = Field(default=300, ge=1)


class ImportLimits(BaseModel):
    """How large a file may be that comes over HTTP, how many bytes of them may wait for a run, and how long."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bytes_max: int = Field(default=20_000_000, ge=1, le=64_000_000)
    waiting_bytes_max: int = Field(default=200_000_000, ge=1)
    kept_h: int = Field(default=24, ge=1, le=24 * 7)


class Oidc(BaseModel):
    """The identity provider where people may sign in; none where nothing is said.

    `name` is what the button says behind "Sign in with". `claim` names the login, and with a `domain` the login is what
    stands before the `@`. `client_secret_file` holds the secret in place of `client_secret`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: Annotated[str, Field(max_length=ISSUER_MAX), AfterValidator(_issuer)] = ""
    client_id: str = Field(default="", max_length=CLIENT_MAX)
    client_secret: SecretStr = SecretStr("")
    client_secret_file: Place | None = None
    name: Annotated[str, Field(max_length=BUTTON_MAX), AfterValidator(_button)] = "your company account"
    claim: Annotated[str, AfterValidator(_claim)] = "email"
    domain: Annotated[str, AfterValidator(_domain)] = ""


class Values(BaseModel):
    """Everything that can be set, wherever it is said.

    `redis_url` is empty for the embedded server. `identity_key` is 64 hex digits and only needed where SWARM_HOME is
    not shared; otherwise it is made once and kept there. `listen` is the address on which the ports of this process are
    open, and `origin` what people type to find the gateway, such as `https://swarm.example.com`; empty for this machine
    alone. `health_port` is 0 for none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    home: Place = Field(default_factory=lambda: default_home(Path.cwd()))
    redis_url: SecretStr = SecretStr("")
    namespace: str = "main"
    partitions: int = Field(default=1, ge=1, le=PARTITIONS_MAX)
    durability: str = ""
    identity_key: SecretStr = SecretStr("")
    offer: Place | None = None
    model: Place | None = None
    templates: Place | None = None
    campaigns: Place | None = None
    company_directory: Place | None = None
    review: Review = Review()
    run: RunLimits = RunLimits()
    imports: ImportLimits = ImportLimits()
    oidc: Oidc = Oidc()
    lease_ms: int = Field(default=15_000, ge=300)
    settle_s: float = Field(default=600.0, gt=0)
    port: Annotated[int, BeforeValidator(_own_port)] = Field(default=PORT, ge=1, le=65_535)
    listen: Annotated[str, AfterValidator(_address)] = LISTEN
    origin: Annotated[str, AfterValidator(_public)] = ""
    health_port: int = Field(default=0, ge=0, le=65_535)


class Settings(BaseSettings, Values):
    """Read once at the start of a process. A nested value is `SWARM_REVIEW__UNDO_WINDOW_S` in the environment."""

    # A section is told by its parts, so its bare name is no JSON to decode.
    model_config = SettingsConfigDict(env_prefix=PREFIX, env_nested_delimiter=NESTED, enable_decoding=False)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The command line first, then the environment, then the file."""
        _ = dotenv_settings, file_secret_settings
        return init_settings, env_settings, InitSettingsSource(settings_cls, read_file(Path(FILE_NAME).absolute()))


def load(namespace: str = "") -> Settings:
    """The settings of this process; a namespace that the command line names goes before everything else.

    Raises:
        BadInput: the file or the environment says what cannot be used; the sentence names it, and so does `field`.
    """
    try:
        return Settings(namespace=namespace) if namespace else Settings()
    except ValidationError as error:
        raise _refusal(error, variable, "", "Mend it, or unset it.") from error
    except (ValueError, OSError) as error:
        raise BadInput(f"The settings cannot be read: {error}.", "Mend the environment.") from error


def read_file(path: Path) -> dict[str, object]:
    """What the file says; empty where there is none. Each value has to be of its own type: only variables are texts.

    Raises:
        BadInput: it cannot be read, or it says what nobody knows or can use.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.", "Check its rights.", field=FILE_NAME) from error
    except ValueError as error:
        raise BadInput(f"{path} is no TOML: {error}.", "Mend it, or take it away.", field=FILE_NAME) from error
    try:
        # No setting is a time, and none is a list.
        Values.model_validate_json(json.dumps(found, default=lambda _: []), strict=True)
    except ValidationError as error:
        raise _refusal(error, str, f" in {path}", "Mend it, or take it out.") from error
    return found


def known() -> Iterator[str]:
    """Every setting by its name in the file, such as `namespace` or `review.expires_h`."""
    for name, field in Values.model_fields.items():
        match field.annotation:
            case type() as section if issubclass(section, BaseModel):
                yield from (f"{name}.{one}" for one in section.model_fields)
            case _:
                yield name


def variable(name: str) -> str:
    """The environment's name for a setting."""
    return PREFIX + name.replace(".", NESTED).upper()


def misspelt(variables: Iterable[str]) -> dict[str, str]:
    """Variables that nobody reads though they look like a setting, each with the one that is probably meant."""
    read = [*known(), *OTHER_VARIABLES]
    found: dict[str, str] = {}
    for one in variables:
        name = one.upper().removeprefix(PREFIX).replace(NESTED, ".").lower()
        if one.upper().startswith(PREFIX) and name not in read:
            for near in get_close_matches(name, read, 1, LIKE_IN_ENVIRONMENT):
                found[one] = variable(near)
    return found


def _refusal(error: ValidationError, spelled: Callable[[str], str], place: str, remedy: str) -> BadInput:
    """The first thing that is wrong, under the name by which it was said."""
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"])
    field, said = spelled(key), f"{spelled(key)}{place}"
    match first["type"]:
        case "extra_forbidden":
            names = dict.fromkeys(part for one in known() for part in (one, one.partition(".")[0]))
            near = get_close_matches(key, names, 1, LIKE_IN_FILE)
            meant = f"Perhaps {spelled(near[0])} is meant." if near else f"Use one of {_listed(known(), spelled)}."
            return BadInput(f"{said} is no setting.", meant, field=field)
        case "model_type":
            parts = (one for one in known() if one.startswith(f"{key}."))
            return BadInput(f"{said} is a section.", f"Use {_listed(parts, spelled)}.", field=field)
        case _:
            return BadInput(
                f"{said} cannot be used: {first['msg'].removeprefix('Value error, ')}.", remedy, field=field
            )


def _listed(names: Iterable[str], spelled: Callable[[str], str]) -> str:
    return ", ".join(map(spelled, names))


def default_home(start: Path) -> Path:
    """`.swarm` beside the nearest pyproject.toml of this project, else in the user's own folder."""
    for folder in (start, *start.parents):
        project = folder / "pyproject.toml"
        if project.exists() and 'name = "alpha-swarm"' in project.read_text(encoding="utf-8", errors="replace"):
            return folder / HOME_NAME
    return Path.home() / HOME_NAME
