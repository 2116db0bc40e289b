"""Every decision about the list of those who are left alone: what may stand on it, and what changes it. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from contracts.envelope import Event
from contracts.errors import BadInput, NotFound
from contracts.exclusion import LABELS_MAX, LABELS_MIN, ExclusionKind, address_key, domain_key, host_form
from contracts.policy import Excluded, Exclusion, ExclusionRemoved, ExclusionsCounted
from services.providers.company_directory.port import host_of

REASON_MAX, SOURCE_MAX, GIVEN_MAX = 2_000, 200, 320
FIELD = "who"

_ADDRESS = re.compile(r"[^\s@]@[^\s@]+\.[^\s@]")
_LOCAL = re.compile(r"[^\s@<>()\[\]\\,;:\"]{1,64}")
_REMEDY = "Give one address such as name@company.com, or one domain such as company.com."


class Entry(NamedTuple):
    """What is to be left alone: the key that the list keeps, and whether it is one mailbox or a domain."""

    key: str
    kind: ExclusionKind


def who_of(given: str) -> tuple[ExclusionKind, str]:
    """The address or domain that somebody wrote; `@company.com`, `*.company.com` and a web address mean the domain.

    Raises:
        BadInput: it is neither, or it would cover everybody. What was given is not repeated.
    """
    text = given.strip().removeprefix("mailto:")
    if len(text) > GIVEN_MAX:
        raise BadInput(f"An address or domain has at most {GIVEN_MAX} characters.", _REMEDY, field=FIELD)
    local, at, behind = text.rpartition("@")
    if at and "/" in text:
        raise BadInput("This is not one e-mail address.", _REMEDY, field=FIELD)
    host = host_of(behind.removeprefix("*."))
    if at and local not in {"", "*"}:
        if not _LOCAL.fullmatch(local) or not host:
            raise BadInput("This is not one e-mail address.", _REMEDY, field=FIELD)
        return "address", f"{local}@{host}"
    labels = host_form(host).split(".")
    if not host or len(labels) < LABELS_MIN:
        raise BadInput("This is neither an e-mail address nor a domain.", _REMEDY, field=FIELD)
    if len(labels) > LABELS_MAX:
        raise BadInput(f"A domain on this list has at most {LABELS_MAX} parts.", "Give a shorter one.", field=FIELD)
    return "domain", host


def entry_of(identity_key: bytes, given: str) -> Entry:
    """The key of what somebody wrote; raises as `who_of`."""
    kind, text = who_of(given)
    return Entry(address_key(identity_key, text) if kind == "address" else domain_key(identity_key, text), kind)


def checked_reason(reason: str, given: str = "") -> str:
    """The reason, trimmed.

    Raises:
        BadInput: it is too long, or it holds an address or the very text that the list is not to keep.
    """
    words = reason.strip()
    if len(words) > REASON_MAX:
        raise BadInput(f"A reason has at most {REASON_MAX:,} characters.", "Say it shorter.", field="reason")
    if _ADDRESS.search(words) or (given and given.strip().casefold() in words.casefold()):
        raise BadInput(
            "The reason repeats the address or domain, and the list keeps neither.",
            "Say why without naming it.",
            field="reason",
        )
    return words


def checked_source(name: str) -> str:
    """The name of a list as it is kept: the end of a path, never one that holds an address."""
    last = re.split(r"[/\\]", name.strip())[-1][:SOURCE_MAX]
    return "" if _ADDRESS.search(last) else last


def exclude(
    count: int, standing: Mapping[str, Exclusion | None], entries: Sequence[Entry], *, reason: str, source: str
) -> list[Event]:
    """Leave these alone from now on; nothing of those that are left alone already.

    Args:
        count: how many keys are excluded.
        standing: each of the entries' keys as it stands, None where it is not excluded.
        reason, source: checked.
    """
    fresh = {entry.key: entry for entry in entries if standing[entry.key] is None}
    if not fresh:
        return []
    said = [Excluded(key=one.key, kind=one.kind, reason=reason, source=source) for one in fresh.values()]
    return [ExclusionsCounted(count=count + len(fresh)), *said]


def remove(count: int, standing: Exclusion | None, key: str, *, known: bool) -> list[Event]:
    """Leave them alone no longer; nothing where that stands already.

    Args:
        known: whether the key was ever excluded.

    Raises:
        NotFound: it never was.
    """
    if not known:
        raise NotFound(
            "Nobody was ever excluded so.",
            "`swarm exclude list` shows who is; an address can be covered by its domain: `--check` says by what.",
        )
    if standing is None:
        return []
    return [ExclusionsCounted(count=max(0, count - 1)), ExclusionRemoved(key=key)]
