"""ETags name one text; every error of ours has a status, and the more special one wins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import errors
from contracts.errors import BadInput, SwarmError
from gateway.answers import position_text, read_position
from gateway.etag import etag, read_etag
from gateway.problems import status_of

HASH = "ab" * 32
STATUSES = {
    "Ambiguous": 422,
    "AlreadyDecided": 409,
    "BadInput": 422,
    "ClaimedByAnother": 409,
    "Conflict": 409,
    "DamagedEntry": 500,
    "DecisionRefused": 409,
    "PersonExcluded": 409,
    "Forbidden": 403,
    "GuardRefused": 422,
    "NotSetUp": 409,
    "KeyReused": 422,
    "LockedOut": 429,
    "Misdirected": 421,
    "NotFound": 404,
    "PreconditionMissing": 428,
    "ProviderRefused": 500,
    "ProviderSignInFailed": 401,
    "ProviderUnavailable": 500,
    "SecretShown": 409,
    "StaleVersion": 409,
    "StoreUnavailable": 503,
    "SwarmError": 500,
    "TooLarge": 413,
    "Unauthenticated": 401,
    "UnsafeStore": 503,
    "VersionConflict": 409,
}


@given(version=st.integers(1, 999_999_999))
def test_etag_is_read_as_it_was_written(version: int) -> None:
    assert read_etag(etag(version, HASH)) == (version, HASH)


@pytest.mark.parametrize(
    "value", ["", "*", '"1"', f'"0.{HASH}"', f'"01.{HASH}"', f"1.{HASH}", f'W/"1.{HASH}"', f'"1.{HASH}0"', '"1.xyz"']
)
def test_other_tags_are_refused_by_name(value: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_etag(value)
    assert caught.value.values["field"] == "If-Match"


def test_every_error_of_ours_has_its_status() -> None:
    kinds = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, SwarmError)]
    assert {kind.__name__: int(status_of(kind("what happened"))) for kind in kinds} == STATUSES


@given(st.dictionaries(st.integers(0, 64), st.integers(0, 10**12), min_size=1))
def test_position_is_read_as_it_was_written(positions: dict[int, int]) -> None:
    assert read_position(position_text(positions)) == positions


@pytest.mark.parametrize("text", ["", "1", "a:b", "1:2:3", "0:1.", "-1:2", "0:-4"])
def test_other_positions_are_refused(text: str) -> None:
    with pytest.raises(BadInput):
        read_position(text)
