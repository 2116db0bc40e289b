"""Letting people in, on the command line: their one-time links and passwords."""

from services.cli.people import accounts_of
from services.commands.sign_in import SignIns
from services.runtime.clock import Clock
from services.runtime.log import EventLog
from services.runtime.redis_client import Client
from services.runtime.sign_in_store import SignInStore


def sign_ins_of(log: EventLog, client: Client, clock: Clock) -> SignIns:
    """The way of people in and out."""
    return SignIns(accounts_of(log, clock), SignInStore(client, log.namespace))
