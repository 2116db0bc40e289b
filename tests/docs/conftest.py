"""Where pages are followed: an empty folder with a store of its own, or a copy of the sources."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from services.runtime.identity_key import FILE_NAME
from services.runtime.server_process import ThrowAwayServer
from tests.conftest import short_directory
from tests.docs.walking import ROOT

IDENTITY_KEY = "5a" * 32
"""The same each time, and so are the ids of leads and drafts that the pages type."""
SOURCES = ("contracts", "services", "gateway", "tests", "pyproject.toml")
NOT_COPIED = ("page", "e2e", "storm", "containers")
"""What no page asks for. Compiled modules are copied with the rest, with their times: compiling all would take seconds."""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Path]:
    """See `new_desk`."""
    with new_desk(tmp_path) as folder:
        yield folder


@contextmanager
def new_desk(place: Path) -> Iterator[Path]:
    """The folder of a new user, Ada, who has no settings; her swarm works on a store that ends with the block."""
    folder = place / "desk"
    folder.mkdir()
    with _new_swarm(place), _standing_in(folder):
        yield folder


@pytest.fixture
def sources(tmp_path: Path) -> Iterator[Path]:
    """A copy of the sources, for a page that adds to them, and a new swarm."""
    folder = tmp_path / "alpha-swarm"
    folder.mkdir()
    for one in SOURCES:
        if (ROOT / one).is_dir():
            shutil.copytree(ROOT / one, folder / one, ignore=shutil.ignore_patterns(*NOT_COPIED))
        else:
            shutil.copy(ROOT / one, folder)
    with _new_swarm(tmp_path):
        yield folder


@contextmanager
def _new_swarm(place: Path) -> Iterator[None]:
    home = place / "home"
    home.mkdir(mode=0o700)
    (home / FILE_NAME).write_text(IDENTITY_KEY, encoding="ascii")
    with (
        short_directory() as short,
        ThrowAwayServer(short) as server,
        environment({"SWARM_HOME": str(home), "SWARM_REDIS_URL": server.url, "LOGNAME": "ada"}),
    ):
        yield


@contextmanager
def environment(told: Mapping[str, str]) -> Iterator[None]:
    """A user's environment with these variables and no other setting of ours; afterwards as it was."""
    before = dict(os.environ)
    for name in before:
        if name.startswith("SWARM_") or name == "COLUMNS":
            del os.environ[name]
    os.environ.update(told)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def _standing_in(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
