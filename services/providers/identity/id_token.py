"""What a provider says of a person, checked before a word of it is believed."""

from datetime import datetime

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import ClaimError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from services.providers.identity.port import Claims
from services.providers.identity.told import Granted, refused

LEEWAY_S = 60
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Those that a public key checks. With any other whoever knows the public key, or nobody's key, could sign."""


class UnknownKey(Exception):
    """The token names a key that is not among these; there may be newer ones."""


def checked(granted: Granted, keys: KeySet, *, issuer: str, client_id: str, nonce: str, now: datetime) -> Claims:
    """What the token says: signed with one of these keys, by this issuer, for this client and sign-in, and in time.

    Raises:
        UnknownKey: it is signed with none of them.
        ProviderRefused: anything else of it does not stand up.
    """
    # A header that we do not know is ignored, as RFC 7515 has it, unless the token calls it critical.
    registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
    try:
        token = jwt.decode(granted.id_token, keys, registry=registry)
        claims = CodeIDToken(
            token.claims,
            token.header,
            options={"iss": {"value": issuer}, "aud": {"value": client_id}},
            params={"nonce": nonce, "client_id": client_id, "access_token": granted.access_token},
        )
        claims.validate(now=int(now.timestamp()), leeway=LEEWAY_S)
    except InvalidKeyIdError as error:
        raise UnknownKey from error
    except JoseError as error:
        claim = f" {error.claim}" if isinstance(error, ClaimError) else ""
        raise refused(f"id token: {error.error}{claim}") from error
    except (ValueError, TypeError, RecursionError) as error:
        raise refused("id token: it does not read") from error
    return dict(claims)
