"""Whose login a provider names: one that it vouches for, of our domain, in our letters."""

from typing import Any

import pytest

from contracts.errors import Unauthenticated
from services.access.provided import login_of

DOMAIN = "works.example"
GRACE = f"grace@{DOMAIN}"
VERIFIED: dict[str, Any] = {"email": GRACE, "email_verified": True}


@pytest.mark.parametrize(
    ("claims", "claim", "domain"),
    [
        (VERIFIED, "email", DOMAIN),
        (VERIFIED | {"email": f"Grace@{DOMAIN.upper()}"}, "email", DOMAIN),
        ({"preferred_username": "grace"}, "preferred_username", ""),
        ({"preferred_username": "GRACE"}, "preferred_username", ""),
        ({"upn": GRACE, "email": "alan@evil.example"}, "upn", DOMAIN),
    ],
)
def test_claim_names_a_login(claims: dict[str, Any], claim: str, domain: str) -> None:
    assert login_of(claims, claim, domain) == "grace"


@pytest.mark.parametrize(
    "said",
    [
        {"email_verified": False},
        {"email_verified": "true"},
        {"email_verified": 1},
        {"email_verified": None},
        {"email": None},
        {"email": ""},
        {"email": [GRACE]},
        {"email": "grace"},
        {"email": f"@{DOMAIN}"},
        {"email": f"grace @{DOMAIN}"},
        {"email": f" {GRACE}"},
        {"email": f"{GRACE} "},
        {"email": f"grace+x@{DOMAIN}"},
        {"email": f"ｇrace@{DOMAIN}"},
        {"email": f"grace@{DOMAIN.replace('k', chr(0x212A))}"},
        {"email": "grace@evil.example"},
        {"email": f"grace@sub.{DOMAIN}"},
        {"email": f"{GRACE}.evil.example"},
        {"email": f"grace@evil.example@{DOMAIN}"},
        {"email": f"{GRACE}\n"},
        {"email": f"{'g' * 65}@{DOMAIN}"},
    ],
    ids=str,
)
def test_address_that_is_not_one_of_ours_names_nobody(said: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated) as refused:
        login_of(VERIFIED | said, "email", DOMAIN)
    assert "grace" not in refused.value.sentence()


@pytest.mark.parametrize("said", [None, "", "grace ", GRACE, "gra ce", "ｇrace", 7, True, {"grace": 1}], ids=str)
def test_name_that_is_no_login_names_nobody(said: object) -> None:
    with pytest.raises(Unauthenticated):
        login_of({"preferred_username": said}, "preferred_username", "")
