"""The text of a token: whose it is, which it is, and the secret. Only a hash of the secret goes further than this."""

import base64
import hashlib
import hmac
from typing import NamedTuple
from uuid import UUID

from contracts.access import NAMESPACE
from contracts.errors import Unauthenticated
from contracts.uuid5 import uuid5

PREFIX = "swarm_"
ACCOUNT_BYTES, TOKEN_ID_BYTES, SECRET_BYTES = 16, 8, 32
LENGTH = len(PREFIX) + (ACCOUNT_BYTES + TOKEN_ID_BYTES + SECRET_BYTES) * 4 // 3 + 1
INVALID = "These credentials are not valid."


class Credential(NamedTuple):
    """What is left of a token's text when its secret is hashed."""

    account_id: str
    token_id: str
    secret_hash: str


def token_id_of(command_id: str) -> str:
    """The id of the token that a command makes: the same whenever the command is sent again."""
    return uuid5(NAMESPACE, f"token:{command_id}").replace("-", "")[: 2 * TOKEN_ID_BYTES]


def hash_of(secret: bytes) -> str:
    """What is recorded of a secret. It is 32 random bytes, so one round of SHA-256 leaves nothing to guess."""
    return hashlib.sha256(secret).hexdigest()


def write(account_id: str, token_id: str, secret: bytes) -> str:
    """The text that its owner gets to see, once."""
    return _spelled(UUID(account_id).bytes + bytes.fromhex(token_id) + secret)


def _spelled(content: bytes) -> str:
    return PREFIX + base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def parse(text: str) -> Credential:
    """Take a token's text apart.

    Raises:
        Unauthenticated: it is none. Also where it only decodes to the same bytes as one: there is one spelling.
    """
    try:
        if len(text) != LENGTH:
            raise ValueError("another length")
        content = base64.urlsafe_b64decode(text.removeprefix(PREFIX) + "=")
        if _spelled(content) != text:
            raise ValueError("another spelling")
    except ValueError:
        raise Unauthenticated(INVALID) from None
    account = content[:ACCOUNT_BYTES].hex()
    return Credential(
        account_id=f"{account[:8]}-{account[8:12]}-{account[12:16]}-{account[16:20]}-{account[20:]}",
        token_id=content[ACCOUNT_BYTES:-SECRET_BYTES].hex(),
        secret_hash=hash_of(content[-SECRET_BYTES:]),
    )


def csrf_of(text: str) -> str:
    """What a page of ours sends beside its session's cookie: whoever cannot read the session cannot know it."""
    return hmac.new(text.encode(), b"csrf", hashlib.sha256).hexdigest()


def write_link_secret(secret: bytes) -> str:
    """The secret of a one-time link, as it stands in the link."""
    return base64.urlsafe_b64encode(secret).rstrip(b"=").decode()


def parse_link_secret(text: str) -> str:
    """The hash of a one-time link's secret; of whatever is no such secret a hash that no link has."""
    try:
        secret = base64.urlsafe_b64decode(text + "=")
    except ValueError:
        secret = b""
    return hash_of(secret if write_link_secret(secret) == text and len(secret) == SECRET_BYTES else b"")
