"""Who writes, what they offer, and what they may say about themselves: configuration, each claim with its evidence."""

import hashlib
import re
import tomllib
from email.utils import formataddr
from pathlib import Path

import msgspec

from contracts.errors import BadInput
from services.crafter.headers import fit_for_header, is_address
from services.crafter.languages import known_language
from services.guard.draft import Compliance

DEMO = Path(__file__).with_name("offers") / "demo.toml"

_HEADER_FIELDS = ("company", "sender_name", "sender_title", "sender_address", "reply_to")


class Proof(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One sentence about the sender, and what shows that it is true."""

    text: str
    evidence: str


class Offer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One sender and one offer.

    `line` says in one sentence what is offered, `resource` what can be sent along, as `a …` (empty where there is
    nothing), `proofs` what else may be said. `opt_out` is the sentence that says how not to be written to again.
    """

    company: str
    sender_name: str
    sender_title: str
    sender_address: str
    reply_to: str
    postal_address: str
    opt_out: str
    line: str
    line_evidence: str
    proofs: tuple[Proof, ...]
    resource: str = ""
    resource_evidence: str = ""
    booking_link: str = ""
    language: str = "en"
    competitors: tuple[str, ...] = ()

    def sender(self) -> str:
        """The From header."""
        return formataddr((self.sender_name, self.sender_address))

    def compliance(self) -> Compliance:
        """What the guard looks for in each message."""
        return Compliance(
            signature=self.sender_name,
            postal_address=self.postal_address,
            opt_out=self.opt_out,
            competitors=self.competitors,
            language=self.language,
        )


def offer_hash(offer: Offer) -> str:
    """SHA-256, in hex, of the offer as canonical JSON."""
    return hashlib.sha256(msgspec.json.encode(offer, order="deterministic")).hexdigest()


def load_offer(path: Path | None = None) -> Offer:
    """Read an offer; without a path the fictional one of the demonstration.

    Raises:
        BadInput: the file cannot be read, or a field is missing, empty or unfit for a header; the field is named.
    """
    source = path or DEMO
    try:
        offer = msgspec.convert(tomllib.loads(source.read_text(encoding="utf-8")), Offer)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise BadInput(f"The offer {source.name} cannot be used: {error}.", "Mend the file.") from error
    return checked(offer)


def checked(offer: Offer) -> Offer:
    """The offer, if every part can be used.

    Raises:
        BadInput: as `load_offer`.
    """
    for field in _HEADER_FIELDS:
        fit_for_header(field, getattr(offer, field))
    for field in ("sender_address", "reply_to"):
        if not is_address(getattr(offer, field)):
            raise BadInput(
                f"The offer's {field} is no e-mail address.", "Write it as name@company.example.", field=field
            )
    for field in ("postal_address", "opt_out", "line", "line_evidence"):
        fit_for_header(field, getattr(offer, field))
    for proof in offer.proofs:
        fit_for_header("proofs.text", proof.text)
        fit_for_header("proofs.evidence", proof.evidence)
    if not offer.proofs:
        raise BadInput("The offer has no proofs.", "Give at least one, with its evidence.", field="proofs")
    if offer.resource and not offer.resource_evidence:
        raise BadInput("The offer's resource has no evidence.", "Say where it is.", field="resource_evidence")
    if offer.booking_link and not re.fullmatch(r"https://[^\s<>\"]+", offer.booking_link):
        raise BadInput("The offer's booking_link is no https address.", "Mend or remove it.", field="booking_link")
    known_language(offer.language)
    return offer
