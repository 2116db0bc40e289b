"""From one row of a file to a lead that could be, or to a refusal that says what mends it."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Literal, TypeAlias

import msgspec
from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

from contracts.envelope import Personal
from contracts.identity import account_id, account_key, lead_id
from contracts.lead import PERSONAL_FIELDS, Value
from services.providers.company_directory.port import host_of
from services.reading.aliases import ALIASES
from services.reading.chunks import Chunk
from services.reading.columns import columns_of, plain
from services.reading.sheet import Row

VALUE_CHARS_MAX = 300
LONG_VALUE_CHARS_MAX = {"technologies": 4_000, "linkedin_url": 2_000, "domain": 2_000, "hiring": 1_000}

NO_ADDRESS_STATUSES = frozenset(
    {"unavailable", "invalid", "bounced", "hard bounced", "do not mail", "spam trap", "spamtrap", "undeliverable"}
)
"""What an address provider says of addresses that must not be written to. The address is then as good as absent; every
other status is kept beside the address, and ENRICHER gives less confidence to what was not verified."""

Layout: TypeAlias = Mapping[str, Sequence[int]]
"""Our field to the places of its columns, the best first."""

LOCAL_CHARS_MAX = 64
ADDRESS_CHARS_MAX = 254
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_DOT_ATOM = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
"""What RFC 5322 allows of an address before its @, without quotes; anything else goes to the library whole."""
_PLAIN_DOMAIN = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
"""The host names that most addresses have; any other goes to the library."""
_SPECIAL_DOMAINS = tuple(f".{name}" for name in SPECIAL_USE_DOMAIN_NAMES)

_EMPTY = frozenset(
    {"", "-", "--", "—", "n/a", "#n/a", "na", "null", "none", "nan", "unknown", "[]", "(blank)", "#ref!"}
)
_NOTHING = frozenset({"no", "false", "0"})
_INVISIBLE = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\s]+")


class Candidate(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A row that can be a lead, with the ids it would have."""

    row: int
    lead_id: str
    account_id: str
    fields: dict[str, Value]


class Matched(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One column of a file, and the field that is taken from it: because of its name, because a person says so, or none."""

    column: str
    field: str | None = None
    how: Literal["alias", "mapping"] | None = None


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """A row that cannot be a lead: which field, why, and what mends it; nothing of its content."""

    row: int
    field: str
    reason: str
    remedy: str


def layout(header: Sequence[str], mapping: Mapping[str, str]) -> dict[str, tuple[int, ...]]:
    """Where each field is looked for.

    A field that is taken from a column we recognise is also looked for in the other columns that mean it, for rows in
    which the first is empty; one that a person mapped is taken from that column alone.
    """
    names = [plain(column) for column in header]
    places: dict[str, tuple[int, ...]] = {}
    for field, column in mapping.items():
        if plain(column) in names:
            first = names.index(plain(column))
            others = [place for place in columns_of(field, header) if place != first]
            taken = {plain(other) for known, other in mapping.items() if known != field}
            spare = [place for place in others if names[place] not in taken]
            places[field] = (first, *(spare if plain(column) in ALIASES[field] else ()))
    return places


def matched(header: Sequence[str], mapping: Mapping[str, str], wishes: Mapping[str, str]) -> list[Matched]:
    """Each column of a file in order, with what is taken from it.

    Args:
        mapping: as the file was read.
        wishes: what of it a person mapped.
    """
    found = [Matched(column=column) for column in header]
    for field, places in layout(header, mapping).items():
        for place in places:
            how: Literal["alias", "mapping"] = "mapping" if field in wishes else "alias"
            found[place] = Matched(column=header[place], field=field, how=how if place == places[0] else "alias")
    return found


def candidates(chunk: Chunk, identity_key: bytes) -> list[Candidate | Refused]:
    """Every row of a chunk, in order."""
    places = layout(chunk.header, chunk.mapping)
    return [to_candidate(row, places, identity_key) for row in chunk.rows]


def to_candidate(row: Row, places: Layout, identity_key: bytes) -> Candidate | Refused:
    """The lead in a row, or why there is none."""
    if row.error is not None:
        return Refused(row=row.number, field=row.error.field, reason=row.error.reason, remedy=row.error.remedy)
    values: dict[str, str] = {}
    for field, at in places.items():
        for place in at:
            if cell := row.cells[place].strip():
                values[field] = cell
                break
    return candidate_of(row.number, values, identity_key)


def candidate_of(row: int, values: Mapping[str, str], identity_key: bytes) -> Candidate | Refused:
    """The lead that these texts by field name make.

    Refused, in this order: a value that is too long or damaged, an address that is none, neither an address nor a full
    name and a company.
    """
    texts: dict[str, str] = {}
    for field, raw in values.items():
        if len(raw) > (most := LONG_VALUE_CHARS_MAX.get(field, VALUE_CHARS_MAX)):
            return Refused(
                row=row, field=field, reason=f"The value has more than {most:,} characters.", remedy="Shorten it."
            )
        if "\ufffd" in raw:
            return Refused(
                row=row, field=field, reason="The value lost characters in a conversion.", remedy=_SAVE_AGAIN
            )
        text = raw if field == "email" else cleaned(raw)
        if text.casefold() not in _EMPTY:
            texts[field] = text
    unusable = texts.get("email_status", "").casefold() in NO_ADDRESS_STATUSES
    address = "" if unusable else texts.pop("email", "")
    texts.pop("email", None)
    if address:
        checked = address_of(address)
        if checked is None:
            return Refused(
                row=row, field="email", reason="This is not one valid e-mail address.", remedy=_ADDRESS_REMEDY
            )
        texts["email"] = address = checked
    _settle(texts)
    full_name, company, domain = texts.get("full_name", ""), texts.get("company", ""), texts.get("domain", "")
    if not address and not (full_name and company):
        return _nobody(row, unusable=unusable, named=bool(full_name))
    account = account_id(identity_key, account_key(address, company, domain))
    return Candidate(
        row=row,
        lead_id=lead_id(
            identity_key, address=address, full_name=full_name, company=company, domain=domain, account=account
        ),
        account_id=account,
        fields={name: Personal.plain(text) if name in PERSONAL_FIELDS else text for name, text in texts.items()},
    )


_SAVE_AGAIN = "Export the file again as CSV UTF-8."
_ADDRESS_REMEDY = "Give one address such as name@company.com, or leave the cell empty and give name and company."


def _settle(texts: dict[str, str]) -> None:
    """Make the fields fit each other: the name from its parts, the host from the web address, no empty answers."""
    if "full_name" not in texts and "first_name" in texts and "last_name" in texts:
        texts["full_name"] = f"{texts['first_name']} {texts['last_name']}"
    if host := host_of(texts.pop("domain", "")):
        texts["domain"] = host
    if "linkedin_url" in texts and "linkedin." not in texts["linkedin_url"].casefold():
        del texts["linkedin_url"]
    for field in ("hiring", "funding"):
        if texts.get(field, "").casefold() in _NOTHING:
            del texts[field]


def _nobody(row: int, *, unusable: bool, named: bool) -> Refused:
    why = "The address is marked as not usable" if unusable else "There is no e-mail address"
    if named:
        return Refused(
            row=row, field="company", reason=f"{why}, and no company.", remedy="Give an address or the company."
        )
    return Refused(
        row=row,
        field="email",
        reason=f"{why}, and no full name.",
        remedy="Give an address, or a full name and a company.",
    )


def cleaned(text: str) -> str:
    """The text without control and direction characters, its white space made single."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return _CONTROLS.sub(" ", _INVISIBLE.sub("", text)).strip()


def address_of(text: str) -> str | None:
    """The address as mail systems write it; None for line ends, quoted parts, IP addresses and everything invalid.

    Nothing is asked over the network. A reserved `.example` domain is valid, which samples and tests live on.
    """
    plain_text = text.strip()
    if plain_text[:7].casefold() == "mailto:":
        plain_text = plain_text[7:]
    if not plain_text.isprintable():
        return None
    local, _, domain = plain_text.rpartition("@")
    if len(local) <= LOCAL_CHARS_MAX and _DOT_ATOM.fullmatch(local):
        host = _mail_domain(domain)
        return f"{local}@{host}" if host and len(local) + len(host) < ADDRESS_CHARS_MAX else None
    return _valid(_INVISIBLE.sub("", plain_text))


@lru_cache(maxsize=16_384)
def _mail_domain(domain: str) -> str | None:
    """The domain of a plain local part; leads of one company come together, and this is the slow half of an address."""
    if (
        _PLAIN_DOMAIN.fullmatch(domain) and "--" not in domain
    ):  # What the library would say, in a twentieth of the time.
        return None if f".{domain}".endswith(_SPECIAL_DOMAINS) else domain
    address = _valid(f"x@{domain}")
    return address.partition("@")[2] if address else None


def _valid(address: str) -> str | None:
    try:
        return validate_email(address, check_deliverability=False).normalized
    except EmailNotValidError:
        return None
