"""How leads, accounts and e-mails get their ids, and which partition an id lives in.

An id is a UUID whose last eight hex digits, the *route*, come from the account (the domain of the address, or the
company). Everybody at one company, their e-mails and the account itself therefore share a partition, so one commit can
expect all of them, while the digits a person types stay different for each.
"""

import hmac
import unicodedata
from functools import lru_cache
from uuid import UUID

from contracts.uuid5 import uuid5

NAMESPACE = UUID("6f2f8c1e-6f0a-5d57-9d43-0b6f0f1f7a10").bytes
ROUTE_DIGITS = 8
CONTROL = 0


def normalise(text: str) -> str:
    """NFKC, case-folded, inner white space made single: the form that ids are derived from."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _keyed(identity_key: bytes, text: str) -> str:
    return hmac.digest(identity_key, text.encode(), "sha256").hex()


def _routed(seed: str, route: str) -> str:
    return uuid5(NAMESPACE, seed)[:-ROUTE_DIGITS] + route


def account_key(address: str, company: str, domain: str) -> str:
    """What names the account of a person: the domain of the address, else the company's domain, else its name."""
    return normalise(address.rpartition("@")[2] or domain or company)


@lru_cache(maxsize=4096)
def account_id(identity_key: bytes, account: str) -> str:
    """The id of the company that `account_key` names; kept for a while, since colleagues come together in a list."""
    return _routed("account:" + _keyed(identity_key, account), _keyed(identity_key, "route:" + account)[:ROUTE_DIGITS])


def lead_id(identity_key: bytes, *, address: str, full_name: str, company: str, domain: str, account: str = "") -> str:
    """The id of one person at one company.

    By the normalised address; without one by full name and the company's domain (its name where that is missing too).

    Args:
        account: the id of the company, where the caller has it already.
    """
    person = normalise(address) or f"{normalise(full_name)}|{normalise(domain or company)}"
    account = account or account_id(identity_key, account_key(address, company, domain))
    return _routed("lead:" + _keyed(identity_key, person), account[-ROUTE_DIGITS:])


@lru_cache(maxsize=4096)
def email_id(lead: str, step: int) -> str:
    """The id of the e-mail that touch number `step` of a lead's sequence writes; whoever hears of a lead asks for it."""
    return _routed(f"email:{lead}:{step}", lead[-ROUTE_DIGITS:])


def suppression_id(identity_key: bytes, address: str) -> str:
    """The id under which an address is left alone: a keyed hash, so the list holds no address."""
    return _keyed(identity_key, "suppression:" + normalise(address))


def refusal_id(run: str, row: int) -> str:
    """The id under which a row that became no lead is recorded."""
    return uuid5(NAMESPACE, f"refusal:{run}:{row}")


def partition_of(aggregate: str, partitions: int) -> int:
    """The partition of a lead, account or e-mail: 0 where there is one, else 1 to `partitions`; 0 is then control."""
    return CONTROL if partitions == 1 else 1 + int(aggregate[-ROUTE_DIGITS:], 16) % partitions
