"""What every command is told: which namespace, as whom, and for whom it prints."""

import getpass
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from contracts.envelope import Actor
from contracts.errors import BadInput

if TYPE_CHECKING:
    from services.cli.remote.address import Address
    from services.runtime.settings import Settings

URL = "SWARM_URL"
DEMO = "demo"
SAMPLES = Path(__file__).parent.parent / "hunter" / "samples"
SAMPLE_LEADS = SAMPLES / "demo.csv"
SAMPLE_COMPANIES = SAMPLES / "companies.csv"


def samples() -> frozenset[str]:
    """SHA-256 in hex of the shipped files, which hold invented people."""
    return frozenset({hashlib.sha256(SAMPLE_LEADS.read_bytes()).hexdigest()})


@dataclass(frozen=True)
class Given:
    """The options that each command takes.

    Args:
        json: print one JSON document for a program instead of text for a person.
        namespace: empty for the one of the settings.
        login: who acts; empty for whoever is logged in.
    """

    json: bool = False
    namespace: str = ""
    login: str = ""

    def elsewhere(self) -> "Address | None":
        """The gateway that SWARM_URL names; None where commands work beside the store.

        Raises:
            BadInput: what names it, or the token for it, cannot be used.
        """
        if not os.environ.get(URL):
            return None
        from services.cli.remote.address import read

        return read(os.environ)

    def here(self, why: str = "this command needs the log itself") -> None:
        """For commands that have no other way than beside the store.

        Raises:
            BadInput: a gateway is named, and this machine is not meant.
        """
        if os.environ.get(URL):
            raise BadInput(
                f"{URL} names a gateway, and {why}.",
                f"Run it where the swarm runs, or unset {URL}.",
                field=URL,
            )

    def settings(self) -> "Settings":
        """The settings of this process; the namespace `demo` has nothing of the user's own in it.

        It knows the shipped sample of companies, no offer but the demonstration's, and no campaign.

        Raises:
            BadInput: one of them cannot be used; it is named. Or a gateway is, and this machine is not meant.
        """
        self.here()
        from services.runtime.settings import load

        found = load(self.namespace)
        if found.namespace != DEMO:
            return found
        return found.model_copy(
            update={"offer": None, "campaigns": None, "company_directory": found.company_directory or SAMPLE_COMPANIES}
        )

    def actor(self) -> Actor:
        """The person who acts: whoever can reach this home is that person, on this machine alone."""
        return Actor(kind="person", id=f"{self.login or _login()}@local")

    def options(self) -> str:
        """What a further command needs to speak of the same namespace, with a blank before it."""
        return f" --namespace {self.namespace}" if self.namespace else ""


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return f"uid{os.getuid()}"
