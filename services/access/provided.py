"""Whose login an identity provider names. Pure."""

from collections.abc import Mapping

from contracts.errors import BadInput, Unauthenticated
from services.access.decide import checked_login

EMAIL, EMAIL_VERIFIED = "email", "email_verified"
NOBODY = "The provider names nobody who could have a login here."


def login_of(claims: Mapping[str, object], claim: str, domain: str) -> str:
    """The login that a claim names, however it is capitalised.

    Args:
        claims: what the provider says of a person.
        claim: which of it names the login. An e-mail address only counts where the provider has verified it.
        domain: what stands behind the `@` of each; the login is what stands before it. Empty: the claim is the login.

    Raises:
        Unauthenticated: it names none of ours. The sentence is for a log: whoever signs in is told less, and what the
            provider says of a person is not in it.
    """
    said = claims.get(claim)
    if not isinstance(said, str) or not said:
        raise Unauthenticated(f"The provider does not say {claim}.")
    if claim == EMAIL and claims.get(EMAIL_VERIFIED) is not True:
        raise Unauthenticated("The provider has not verified the e-mail address.")
    # No other letter may stand for one of ours, however much the two look alike.
    if not said.isascii():
        raise Unauthenticated(NOBODY)
    login, _, behind = said.lower().partition("@") if domain else (said.lower(), "", "")
    if behind != domain:
        raise Unauthenticated(f"The provider names somebody outside {domain}.")
    try:
        known = checked_login(login)
    except BadInput:
        raise Unauthenticated(NOBODY) from None
    # A provider may have both `grace` and `grace ` with a space behind; only the first is ours.
    if known != login:
        raise Unauthenticated(NOBODY)
    return known
