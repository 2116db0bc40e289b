"""What the user set up: whether a run may start, and what is missing for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from contracts.commands import RequestRun
from contracts.errors import DecisionRefused
from contracts.setup import Gap
from services.cli.given import DEMO
from services.crafter.voices import Voices, not_set_up
from services.runtime.settings import Settings

STAND_IN = "There is no whole offer of your own, so the demonstration's stands in: these people are invented."
"""What is said of a run over invented people where real ones would be refused."""


@dataclass(frozen=True)
class SetUp:
    """Everything of the user's own that runs of a namespace need."""

    namespace: str
    voices: Voices

    def ready(self, command: RequestRun) -> None:
        """Refuse a run for which not everything is set up.

        Raises:
            DecisionRefused: real rows never get into the namespace of the demonstration.
            NotSetUp: real people are to be written to, and there is no whole offer of the user's own.
        """
        if command.terms.mode == "production":
            check_namespace(self.namespace)
            if gaps := self.missing():
                raise not_set_up(gaps)

    def missing(self) -> tuple[Gap, ...]:
        """What keeps real people from being written to; empty where nothing does."""
        return self.voices.gaps()


def set_up_of(settings: Settings) -> SetUp:
    """What these settings name."""
    return SetUp(settings.namespace, Voices(settings.offer))


def print_gaps(gaps: Sequence[Gap]) -> None:
    """Everything that is missing, one a line."""
    from services.cli.printing import heading, say, table

    say(heading("Missing before real people are written to"))
    say(table(("key", "", "what mends it"), [(one.key, one.why, one.remedy) for one in gaps]), "")


def check_namespace(namespace: str) -> None:
    """Keep real rows and the demonstration apart.

    Raises:
        DecisionRefused: this namespace is the demonstration's.
    """
    if namespace == DEMO:
        raise DecisionRefused(
            f"The namespace {DEMO} is the demonstration's: nothing of your own goes there.",
            "Name another one, such as `--namespace main`; each has its own leads and drafts.",
            field="namespace",
        )
