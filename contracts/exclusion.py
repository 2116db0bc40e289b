"""Who is left alone: the one form in which an address or a domain is compared, and the keys of the list.

The list holds keyed hashes alone. A person's key is that of their mailbox; a domain's covers every domain below it.
"""

import hmac
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal, TypeAlias

from contracts.envelope import Personal, reveal
from contracts.identity import normalise
from contracts.lead import Known

ExclusionKind: TypeAlias = Literal["address", "domain"]

PREFIX = "excl:"
LABELS_MIN, LABELS_MAX = 2, 8
"""How many labels an excluded domain has: a bare ending would be everybody, and each one more is looked up per lead."""
_PUNYCODE = "xn--"


def host_form(domain: str) -> str:
    """A domain in letters of its own script, case-folded: both spellings of an international domain are one."""
    return normalise(".".join(_label(label) for label in normalise(domain).strip(".").split(".")))


def mailbox_form(address: str) -> str:
    """An address without what its owner put behind a plus; empty for what is none.

    All that a plus sets apart arrives in one mailbox, so whoever is left alone is so under each of them.
    """
    local, at, domain = normalise(address).rpartition("@")
    host = host_form(domain)
    return f"{local.partition('+')[0] or local}@{host}" if local and at and host else ""


def address_key(identity_key: bytes, address: str) -> str:
    """The key of a mailbox; empty for what is no address."""
    mailbox = mailbox_form(address)
    return _keyed(identity_key, "address", mailbox) if mailbox else ""


def domain_key(identity_key: bytes, domain: str) -> str:
    """The key of a domain, as it is excluded."""
    return _keyed(identity_key, "domain", host_form(domain))


@lru_cache(maxsize=4096)
def domain_keys(identity_key: bytes, domain: str) -> tuple[str, ...]:
    """The keys of a domain and of each domain above it, under any of which it is left alone."""
    labels = host_form(domain).split(".")
    most = min(len(labels), LABELS_MAX)
    return tuple(_keyed(identity_key, "domain", ".".join(labels[-n:])) for n in range(LABELS_MIN, most + 1))


def keys_of(identity_key: bytes, address: str, domain: str = "") -> tuple[str, ...]:
    """Every key under which somebody is left alone: their mailbox, its domain and the company's, each once."""
    own = address_key(identity_key, address)
    mailboxes = (own, *domain_keys(identity_key, address.rpartition("@")[2])) if own else ()
    company = domain_keys(identity_key, domain) if domain else ()
    return tuple(dict.fromkeys((*mailboxes, *company)))


def keys_of_fields(identity_key: bytes, fields: Mapping[str, object]) -> tuple[str, ...]:
    """As `keys_of`, for the fields of a row or of a lead."""
    return keys_of(identity_key, _text(fields.get("email")), _text(fields.get("domain")))


def _text(value: object) -> str:
    value = value.value if isinstance(value, Known) else value
    if isinstance(value, Personal):
        return reveal(value)
    return value if isinstance(value, str) else ""


def _label(label: str) -> str:
    if not label.startswith(_PUNYCODE):
        return label
    try:
        return label.removeprefix(_PUNYCODE).encode().decode("punycode")
    except UnicodeError:
        return label


def _keyed(identity_key: bytes, kind: ExclusionKind, text: str) -> str:
    return PREFIX + hmac.digest(identity_key, f"exclusion:{kind}:{text}".encode(), "sha256").hex()
