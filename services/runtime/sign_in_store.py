"""What signing in keeps beside the log for minutes: failed attempts, links, and who was sent to the identity provider.

None of it is a fact. While the store is away nothing is counted and no link is found, so nobody gets in.
"""

import hashlib
import ipaddress
from pathlib import Path
from typing import NamedTuple

from services.runtime import keys
from services.runtime.redis_client import Client, ask, named_failures

FAILURES_MAX = 5
LOCKED_S = 15 * 60
"""For how long an attempt is counted, and for how long too many of them lock."""
LINK_S = 10 * 60
"""For how long a link is good."""
WAITING_S = 10 * 60
"""For how long somebody may be at the identity provider."""
WAITING_MAX = 1_000
"""How many may be there at once. Nobody has to be known to go there, so there has to be an end."""
HOME_NETWORK_BITS = 64
"""What one customer has of IPv6 at least; in it anybody has as many addresses as they like."""
COUNT = (Path(__file__).parent / "count_attempt.lua").read_text()
FORGIVE = (Path(__file__).parent / "forgive_attempt.lua").read_text()
KEEP = (Path(__file__).parent / "keep_waiting.lua").read_text()
TAKE = (Path(__file__).parent / "take_waiting.lua").read_text()


class LinkOf(NamedTuple):
    """Whom a link lets in, and who made it."""

    account_id: str
    by: str


class SignInStore:
    """Attempts, links and who is away, of one namespace."""

    def __init__(self, client: Client, namespace: str) -> None:
        self._client = client
        self._namespace = namespace

    async def attempt(self, account_id: str, address: str) -> float:
        """Count an attempt before it is looked at.

        Args:
            account_id: of the login that was named, whether there is such an account or not.
            address: where it came from; empty where nobody knows.

        Returns:
            0, or for how many seconds no attempt for this account or from there is looked at.
        """
        names = self._names(account_id, address)
        async with named_failures():
            wait_ms = await ask(self._client, "EVAL", COUNT, len(names), *names, FAILURES_MAX, LOCKED_S * 1_000)
        return float(wait_ms) / 1_000

    async def forgive(self, account_id: str, address: str) -> None:
        """That attempt was right."""
        names = self._names(account_id, address)
        async with named_failures():
            await ask(self._client, "EVAL", FORGIVE, len(names), *names)

    async def keep_link(self, secret_hash: str, account_id: str, by: str) -> None:
        """Let whoever has this secret in as this account, once and for some minutes."""
        async with named_failures():
            name = keys.sign_in_link(self._namespace, secret_hash)
            await ask(self._client, "SET", name, f"{account_id} {by}", "EX", LINK_S)

    async def take_link(self, secret_hash: str) -> LinkOf | None:
        """Whose link this is; None where it was used, has ended, or never was. Of two who ask at once one gets it."""
        async with named_failures():
            found: bytes | None = await ask(self._client, "GETDEL", keys.sign_in_link(self._namespace, secret_hash))
        if found is None:
            return None
        account_id, _, by = found.decode().partition(" ")
        return LinkOf(account_id, by)

    async def keep_waiting(self, name_hash: str, kept: bytes) -> bool:
        """Keep what somebody has to come back with, for some minutes; False where too many others are away."""
        names = self._waiting(name_hash)
        async with named_failures():
            ends = (WAITING_S * 1_000, WAITING_MAX)
            return bool(await ask(self._client, "EVAL", KEEP, len(names), *names, kept, *ends))

    async def take_waiting(self, name_hash: str) -> bytes | None:
        """What was kept under this name; None where it was taken, has ended, or never was. Of two at once one gets it."""
        names = self._waiting(name_hash)
        async with named_failures():
            found: bytes | None = await ask(self._client, "EVAL", TAKE, len(names), *names)
        return found

    def _waiting(self, name_hash: str) -> tuple[str, str]:
        return keys.sign_in_waiting(self._namespace, name_hash), keys.sign_ins_waiting(self._namespace)

    def _names(self, account_id: str, address: str) -> tuple[str, str]:
        return (
            keys.sign_in_failures(self._namespace, "account", account_id),
            keys.sign_in_failures(self._namespace, "address", _network(address)),
        )


def _network(address: str) -> str:
    """What counts as one place: an address, or of IPv6 its first half; hashed, for it only has to be told apart."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return _hashed(address)
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    if isinstance(found, ipaddress.IPv6Address):
        return _hashed(str(ipaddress.ip_network((found, HOME_NETWORK_BITS), strict=False)))
    return _hashed(str(found))


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
