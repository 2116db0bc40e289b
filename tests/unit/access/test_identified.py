"""Who a token stands for: one person with a valid one, and the same silence for everything else."""

from datetime import timedelta
from uuid import uuid4

import pytest

from contracts.access import AccessAccount
from contracts.envelope import Actor
from contracts.errors import Unauthenticated
from services.access import credential
from services.access.rights import identify
from tests.controls import AT, DAY, LOGIN, PERSON, TOKEN, account_opened, given, roles_changed, token_created
from tests.unit.access.examples import (
    HASHED,
    LATER,
    OPEN,
    SECRET,
    SESSION,
    TOKENED,
    add,
    after,
    close,
    open_session,
    revoke,
)

TEXT = credential.write(PERSON, TOKEN, SECRET)
ENDS = AT + 90 * DAY


def test_valid_token_stands_for_its_owner() -> None:
    person = identify(TOKENED, TOKEN, HASHED, LATER)
    assert (person.account_id, person.login, person.roles) == (PERSON, LOGIN, ("reviewer",))
    assert (person.token_id, person.expires_at) == (TOKEN, ENDS)
    assert person.actor == Actor(kind="person", id="grace@swarm")
    assert (person.may("decide"), person.may("run")) == (True, False)


def test_scopes_narrow_and_roles_bound_what_a_token_may_do() -> None:
    narrow = given("access", account_opened(), token_created(secret_hash=HASHED, scopes=("read", "decide")))
    assert identify(narrow, TOKEN, HASHED, LATER).permissions == ("decide", "read")
    demoted = after(narrow, roles_changed(roles=("auditor",)))
    assert identify(demoted, TOKEN, HASHED, LATER).permissions == ("read",)


CLOSED = after(TOKENED, *close(TOKENED))


@pytest.mark.parametrize(
    ("account", "token_id", "secret_hash", "now"),
    [
        (None, TOKEN, HASHED, LATER),
        (AccessAccount(), TOKEN, HASHED, LATER),
        (OPEN, TOKEN, HASHED, LATER),
        (TOKENED, "0" * 16, HASHED, LATER),
        (TOKENED, TOKEN, credential.hash_of(b"guess"), LATER),
        (TOKENED, TOKEN, "", LATER),
        (TOKENED, TOKEN, HASHED, ENDS),
        (after(TOKENED, *revoke(TOKENED)), TOKEN, HASHED, LATER),
        (CLOSED, TOKEN, HASHED, LATER),
        (after(CLOSED, *add(CLOSED)), TOKEN, HASHED, LATER),
        (TOKENED, "", "0" * 64, AT - 90_000 * DAY),
    ],
    ids=[
        "no account",
        "never opened",
        "no token",
        "another token",
        "another secret",
        "no secret",
        "expired",
        "revoked",
        "closed",
        "opened again",
        "the stand-in",
    ],
)
def test_everything_else_is_told_the_same(
    account: AccessAccount | None, token_id: str, secret_hash: str, now: object
) -> None:
    with pytest.raises(Unauthenticated) as caught:
        identify(account, token_id, secret_hash, now)  # type: ignore[arg-type]
    assert (caught.value.detail, caught.value.values) == ("These credentials are not valid.", {})


def test_a_token_is_no_session_and_a_session_no_token() -> None:
    in_session = after(OPEN, *open_session(OPEN))
    assert identify(in_session, SESSION, HASHED, LATER, "session").kind == "session"
    for account, token_id, kind in ((in_session, SESSION, "token"), (TOKENED, TOKEN, "session")):
        with pytest.raises(Unauthenticated):
            identify(account, token_id, HASHED, LATER, kind)  # type: ignore[arg-type]


def test_token_is_good_until_the_moment_it_expires() -> None:
    assert identify(TOKENED, TOKEN, HASHED, ENDS - timedelta(microseconds=1)).login == LOGIN


def test_text_and_its_parts_are_one() -> None:
    assert credential.parse(TEXT) == (PERSON, TOKEN, HASHED)
    assert len(TEXT) == credential.LENGTH == 81
    assert SECRET.hex() not in repr(credential.parse(TEXT))


NO_TOKENS = (
    "",
    "swarm_",
    TEXT[6:],
    TEXT[:-1],
    TEXT + "A",
    TEXT + "=",
    "x" * 1_000_000,
    "SWARM_" + TEXT[6:],
    " " + TEXT[1:],
    TEXT[:40] + "\n" + TEXT[41:],
    TEXT[:40] + "\0" + TEXT[41:],
    TEXT[:-1] + "+",
    TEXT[:-1] + "é",
    TEXT[:-1] + "\ud800",
)


@pytest.mark.parametrize("text", NO_TOKENS, ids=range(len(NO_TOKENS)))
def test_what_is_no_token_is_told_the_same_without_being_repeated(text: str) -> None:
    with pytest.raises(Unauthenticated) as caught:
        credential.parse(text)
    assert caught.value.detail == "These credentials are not valid."
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_there_is_one_spelling_of_a_token() -> None:
    """Its last character has two bits to spare; all but one way to fill them are refused."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    others = [TEXT[:-1] + one for one in letters if letters.index(one) // 4 == letters.index(TEXT[-1]) // 4]
    assert len(others) == 4
    accepted = []
    for text in others:
        try:
            accepted.append(credential.parse(text))
        except Unauthenticated:
            continue
    assert len(accepted) == 1


def test_token_id_comes_from_the_command() -> None:
    command = str(uuid4())
    assert credential.token_id_of(command) == credential.token_id_of(command) != credential.token_id_of(str(uuid4()))
    assert len(bytes.fromhex(credential.token_id_of(command))) == credential.TOKEN_ID_BYTES


def test_csrf_is_of_one_session_and_tells_nothing_of_it() -> None:
    other = credential.write(PERSON, TOKEN, bytes(32))
    assert credential.csrf_of(TEXT) == credential.csrf_of(TEXT) != credential.csrf_of(other)
    assert credential.csrf_of(TEXT) not in {HASHED, SECRET.hex()}


@pytest.mark.parametrize("text", ["", "AAAA", "é" * 43, "=" * 43, "A" * 42 + "B", "A" * 44])
def test_what_is_no_link_has_a_hash_that_no_link_has(text: str) -> None:
    secret = credential.write_link_secret(SECRET)
    assert credential.parse_link_secret(secret) == HASHED
    assert credential.parse_link_secret(text) == credential.hash_of(b"")
