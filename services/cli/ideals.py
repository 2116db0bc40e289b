"""The way to the ideal customers of a namespace, with SEGMENTOR's own reader of what they say."""

from functools import partial

from contracts.campaign import Audience
from services.commands.icp import Given as GivenIdeal
from services.commands.icp import IdealCustomers
from services.runtime.campaigns import Campaigns
from services.runtime.clock import Clock
from services.runtime.log import EventLog
from services.runtime.settings import Settings
from services.segmentor.judge import read_judge
from services.segmentor.model import DEFAULT, text_of


def ideals_of(log: EventLog, settings: Settings, identity_key: bytes, clock: Clock) -> IdealCustomers:
    """Tells and changes which ideal customer is in force."""
    audiences = partial(audience_of, Campaigns(settings.campaigns))
    return IdealCustomers(log, clock, read_judge, partial(given_ideal, settings), identity_key, audiences)


def audience_of(campaigns: Campaigns, name: str) -> Audience | None:
    """Whom a campaign is for, as its file stands now; None where it cannot be used."""
    found = campaigns.read(name).campaign
    return found.audience if found else None


def given_ideal(settings: Settings) -> GivenIdeal:
    """What leads are scored by where nothing was ever activated.

    Raises:
        BadInput: the file of the settings cannot be read.
    """
    return GivenIdeal(text=text_of(settings.model or DEFAULT), way="file" if settings.model else "shipped")
