"""What the gateway works with; `services.cli` opens it, so that nothing here knows where the store is."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TypeAlias

from litestar.di import NamedDependency
from litestar.params import SkipValidation

from services.commands.accounts import Accounts
from services.commands.drafts import Drafts
from services.commands.exclusions import ExclusionDesk
from services.commands.icp import IdealCustomers
from services.commands.icp_pages import Comparisons
from services.commands.imports import Imports
from services.commands.personal_reads import PersonalReads
from services.commands.provided import ProviderSignIns
from services.commands.runs import Runs
from services.commands.set_up import ShowsSetUp
from services.commands.sign_in import SignIns
from services.commands.templates import Templates
from services.runtime.clock import Clock
from services.runtime.log import EventLog
from services.runtime.view_store import ViewStore


@dataclass(frozen=True)
class Backend:
    """One open namespace.

    Args:
        set_up: what the user set up, as it stands whenever it is asked.
        promise: what the store promises to keep, in words; shown wherever health is.
        review_expires_h: how long a draft waits for a person.
        services: the names of all services, whose processes `dependencies` looks for.
        provided: signing in at an identity provider; None where there is none.
    """

    log: EventLog
    views: ViewStore
    accounts: Accounts
    sign_ins: SignIns
    drafts: Drafts
    runs: Runs
    personal_reads: PersonalReads
    imports: Imports
    templates: Templates
    ideals: IdealCustomers
    comparisons: Comparisons
    set_up: ShowsSetUp
    exclusions: ExclusionDesk
    clock: Clock
    promise: str
    review_expires_h: int
    services: tuple[str, ...]
    provided: ProviderSignIns | None = None


Opens: TypeAlias = Callable[[], AbstractAsyncContextManager[Backend]]
Behind: TypeAlias = NamedDependency[SkipValidation[Backend]]
"""What a route asks for to be given it. Nobody sends it, so with no request is it looked whether it is one."""
