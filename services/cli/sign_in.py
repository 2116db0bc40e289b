"""Letting people in, on the command line: the first admin, one-time links and passwords."""

import re
import sys
from contextlib import suppress
from uuid import uuid4

from contracts.codec import outward
from contracts.errors import BadInput, DecisionRefused, NotFound
from contracts.identity import CONTROL
from services.access.decide import checked_login
from services.cli.given import URL, Given
from services.cli.keys import hidden
from services.cli.logs import configure
from services.cli.opening import call
from services.cli.people import accounts_of
from services.cli.people_desk import managing
from services.cli.printing import document, say
from services.cli.store import Store, open_store
from services.commands.sign_in import SignIns
from services.runtime.clock import Clock
from services.runtime.log import EventLog
from services.runtime.redis_client import Client
from services.runtime.settings import LISTEN, ORIGIN, Settings
from services.runtime.sign_in_store import SignInStore

SOMEBODY = "admin"
LOGIN = "LOGIN"
TERMS = "It is good for ten minutes, and once."


def sign_ins_of(log: EventLog, client: Client, clock: Clock) -> SignIns:
    """The way of people in and out."""
    return SignIns(accounts_of(log, clock), SignInStore(client, log.namespace))


async def make_link(given: Given, login: str, address: str) -> int:
    """Make a one-time link and show it, this once."""
    configure()
    where = _checked(address) if address else ""
    async with managing(given) as people:
        made = await people.link(login, where)
    plain = checked_login(login)
    if given.json:
        document({"login": plain, "link": made.address, "expires_at": made.expires_at})
    else:
        say(made.address, f"Whoever opens it is {plain} there. {TERMS}")
    return 0


async def set_password(given: Given, login: str) -> int:
    """Set a password that is typed twice, or comes as the first line of the input."""
    configure()
    plain = checked_login(login)
    if given.elsewhere():
        raise BadInput(
            "Nobody sets a password for somebody else over a gateway.",
            f"`{call(given, f'user link {plain}')}` lets them in to set it themselves, or unset {URL} where the swarm runs.",
            field=URL,
        )
    password = await _asked() if sys.stdin.isatty() else _piped()
    async with open_store(given.settings()) as store:
        receipt = await _sign_ins(store).set_password(plain, password, given.actor())
    if given.json:
        document({"login": plain, "receipt": outward(receipt) if receipt else None})
    else:
        say(f"{plain} signs in with that password from now on. Every session of theirs has ended.")
    return 0


async def first_admin(given: Given, sign_ins: SignIns) -> str:
    """Open an account for the person at the machine where nobody ever had one; empty where somebody had."""
    accounts = sign_ins.accounts
    if await accounts.log.tail(CONTROL, ["access"], 0, count=1):
        return ""
    login = _login_of(given.actor().id)
    await accounts.open_account(login, name="", roles=["admin"], actor=given.actor(), command_id=str(uuid4()))
    return login


async def how_to_sign_in(given: Given, sign_ins: SignIns, admin: str, address: str, *, link: bool) -> str:
    """What to tell whoever started the gateway. A link is only shown to who is there: a file would keep it.

    Args:
        admin: the login of who was let in by this very start; empty for none.
        address: of the page.
        link: one is wanted, also where nobody was let in; it needs an account of the person at this machine.
    """
    first = f"{admin} is the first admin. " if admin else ""
    login = admin or (_login_of(given.actor().id) if link else "")
    if login and sys.stdout.isatty():
        with suppress(NotFound, DecisionRefused):
            made = await sign_ins.make_link(login, given.actor())
            return f"{first}Sign in by opening this: {made.at(address)}\n{TERMS}"
    return f"{first}Who signs in needs a one-time link: {call(given, f'user link {admin or LOGIN}')}"


def page_address(settings: Settings, port: int) -> str:
    """Where the page of a gateway is, as the person at this machine types it."""
    return settings.origin or f"http://{LISTEN}:{port}"


def _sign_ins(store: Store) -> SignIns:
    return sign_ins_of(store.log, store.client, store.clock)


def _login_of(actor_id: str) -> str:
    """A login as near as can be to how somebody is called on this machine."""
    plain = re.sub(r"[^a-z0-9._-]+", "-", actor_id.rpartition("@")[0].lower()).strip("._-")[:64]
    return plain or SOMEBODY


def _checked(address: str) -> str:
    found = ORIGIN.fullmatch(address.lower().rstrip("/"))
    if found is None:
        raise BadInput(f"--address {address!r} is none.", "Write it as http://127.0.0.1:8080.", field="address")
    return found[0]


async def _asked() -> str:
    first, second = await hidden("New password: "), await hidden("Once more: ")
    if first != second:
        raise BadInput("These are two different passwords.", "Try again; nothing was changed.", field="new")
    return first


def _piped() -> str:
    return sys.stdin.buffer.readline().decode(errors="surrogateescape").rstrip("\r\n")
