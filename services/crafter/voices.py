"""In whose words a lead is written to: the user's own offer, or the demonstration's for invented people alone."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeAlias

from contracts.errors import NotSetUp
from contracts.lead import Lead
from contracts.setup import Gap
from services.crafter.offer import load_offer, read_offer
from services.crafter.render import Voice, voice_of

VoiceOf: TypeAlias = Callable[[Lead], Voice]
"""The voice in which a lead is written to.

Raises:
    NotSetUp: there is none for a real person.
"""

NO_OFFER = Gap(
    key="offer", why="is not set", remedy="`swarm init` writes an offer.toml, and a swarm.toml that names it."
)


IS_DEMO = Gap(
    key="company",
    why="is that of the demonstration",
    remedy="Write who you are; the demonstration's company is invented.",
)


class Voices:
    """The user's own offer, read anew when its file changes, so that what is mended there holds for the next draft.

    Args:
        own: the file of the offer; None where nobody named one.
    """

    def __init__(self, own: Path | None) -> None:
        self._own = own
        self._read: _Read | None = None
        self._demo = voice_of(load_offer())

    def of(self, lead: Lead) -> Voice:
        """See `VoiceOf`."""
        return self.find(synthetic=lead.synthetic)

    def find(self, *, synthetic: bool) -> Voice:
        """The voice for an invented person, or for a real one.

        Raises:
            NotSetUp: there is none for a real person.
        """
        found = self._fresh()
        if found.voice is not None:
            return found.voice
        if synthetic:
            return self._demo
        raise not_set_up(found.gaps)

    def gaps(self) -> tuple[Gap, ...]:
        """What keeps real people from being written to; empty where nothing does."""
        return self._fresh().gaps

    def _fresh(self) -> "_Read":
        if self._own is None:
            return _Read(None, None, (NO_OFFER,))
        stamp = _stamp(self._own)
        if self._read is None or self._read.stamp != stamp:
            offer, gaps = read_offer(self._own)
            if offer == self._demo.offer:
                offer, gaps = None, (IS_DEMO,)
            self._read = _Read(stamp, voice_of(offer) if offer else None, gaps)
        return self._read


class _Read(NamedTuple):
    stamp: tuple[int, int, int] | None
    voice: Voice | None
    gaps: tuple[Gap, ...]


def not_set_up(gaps: tuple[Gap, ...]) -> NotSetUp:
    """The refusal to write to a real person, with everything that is missing by its key."""
    keys = ", ".join(one.key or one.why for one in gaps)
    return NotSetUp(
        f"Real people are written to in your own words alone, and your offer is not whole: {keys}.",
        "Fill it in; `swarm doctor` says what each is, and `swarm init` writes the file to fill in.",
        missing=keys,
    )


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
