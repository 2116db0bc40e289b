"""Campaigns as they stand in their folder, one file each, read anew when a file changes."""

import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

import msgspec

from contracts.campaign import NAME, Campaign
from contracts.errors import BadInput, NotSetUp
from contracts.setup import Gap

SUFFIX = ".toml"
UNNAMED = Gap(
    key="", why="has a name that no campaign can have", remedy="Use small letters, digits, _ and -, at most 40."
)


class Read(NamedTuple):
    """A file of a campaign: the campaign, or what keeps it from being one. `stamp` tells whether the file changed."""

    campaign: Campaign | None
    gaps: tuple[Gap, ...]
    stamp: tuple[int, int, int] | None = None


class Campaigns:
    """The campaigns of a folder.

    Args:
        folder: None where nobody named one.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self._known: dict[str, Read] = {}

    def names(self) -> list[str]:
        """Every campaign, also one that cannot be used."""
        if self.folder is None or not self.folder.is_dir():
            return []
        return sorted(path.stem for path in self.folder.glob(f"*{SUFFIX}") if path.is_file())

    def read(self, name: str) -> Read:
        """One campaign, as far as it goes."""
        path = self.path(name)
        if path is None:
            return Read(None, (UNNAMED if self.folder else self._unknown(name),))
        if (stamp := stamp_of(path)) is None:
            return Read(None, (self._unknown(name),))
        known = self._known.get(name)
        if known is None or known.stamp != stamp:
            known = self._known[name] = _read(path, stamp)
        return known

    def check_name(self, name: str) -> None:
        """Find a misspelt name before anything is opened.

        Raises:
            BadInput: there is no such campaign.
        """
        if name not in self.names():
            raise BadInput(f"There is no campaign {name[:60]!r}.", self._unknown(name).remedy, field="campaign")

    def find(self, name: str) -> Campaign:
        """A campaign that can be used.

        Raises:
            NotSetUp: there is no such campaign, or its file cannot be used.
        """
        found = self.read(name)
        return found.campaign or _refused(name, found.gaps)

    def path(self, name: str) -> Path | None:
        """The file of a campaign; None for a name that none can have."""
        return self.folder / f"{name}{SUFFIX}" if self.folder and NAME.fullmatch(name) else None

    def _unknown(self, name: str) -> Gap:
        if self.folder is None:
            remedy = 'Name the folder of your campaigns in swarm.toml: campaigns = "campaigns".'
        elif names := self.names():
            near = get_close_matches(name, names, 1)
            remedy = f"Perhaps {near[0]} is meant." if near else f"There are {', '.join(names)}."
        else:
            remedy = f"Write {self.folder / 'NAME'}{SUFFIX}; `swarm campaigns --help` says what goes in."
        return Gap(key="", why="is not there", remedy=remedy)


def stamp_of(path: Path) -> tuple[int, int, int] | None:
    """What is another one when a file has changed; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _refused(name: str, gaps: tuple[Gap, ...]) -> Campaign:
    first = gaps[0]
    raise NotSetUp(f"The campaign {name[:60]!r} cannot be used: {first.sentence()}.", first.remedy, field="campaign")


def _read(path: Path, stamp: tuple[int, int, int]) -> Read:
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        return Read(None, (Gap(key="", why=f"cannot be read: {error.strerror}", remedy="Check its rights."),), stamp)
    except ValueError as error:
        return Read(None, (Gap(key="", why=f"is no TOML: {error}", remedy="Mend the file."),), stamp)
    gaps = tuple(_gaps(found))
    return Read(None if gaps else msgspec.convert(found, Campaign), gaps, stamp)


def _gaps(found: Mapping[str, object]) -> Iterator[Gap]:
    names = Campaign.__struct_fields__
    for key, value in found.items():
        if key not in names:
            near = get_close_matches(key, names, 1)
            remedy = f"Perhaps {near[0]} is meant." if near else f"Use {', '.join(names)}."
            yield Gap(key=key, why="is no key of a campaign", remedy=remedy)
            continue
        try:
            msgspec.convert({key: value}, Campaign)
        except msgspec.ValidationError as error:
            what, _, where = str(error).partition(" - at ")
            part = where.strip("`").removeprefix("$.") or key
            yield Gap(key=part, why=f"cannot be used: {what}", remedy="Mend it, or take it out.")
