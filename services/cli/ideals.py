"""The way to the ideal customers of a namespace, with SEGMENTOR's own reader of what they say."""

from functools import partial

from services.commands.icp import Given as GivenIdeal
from services.commands.icp import IdealCustomers
from services.runtime.clock import Clock
from services.runtime.log import EventLog
from services.runtime.settings import Settings
from services.segmentor.judge import read_judge
from services.segmentor.model import DEFAULT, text_of


def ideals_of(log: EventLog, settings: Settings, identity_key: bytes, clock: Clock) -> IdealCustomers:
    """Tells and changes which ideal customer is in force."""
    return IdealCustomers(log, clock, read_judge, partial(given_ideal, settings), identity_key)


def given_ideal(settings: Settings) -> GivenIdeal:
    """What leads are scored by where nothing was ever activated.

    Raises:
        BadInput: the file of the settings cannot be read.
    """
    return GivenIdeal(text=text_of(settings.model or DEFAULT), way="file" if settings.model else "shipped")
