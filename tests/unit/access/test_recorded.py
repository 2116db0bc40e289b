"""What each decision records, and that it records nothing where that already stands."""

from datetime import timedelta

import pytest

from contracts.access import account_id_of
from services.access.decide import CHANGED_SINCE, LIVE_SESSIONS_MAX, LIVE_TOKENS_MAX, checked_password
from services.access.rights import permissions_of
from tests import controls
from tests.unit.access.examples import (
    CLOSED,
    HASHED,
    LATER,
    NOBODY,
    OPEN,
    SESSION,
    TOKENED,
    account,
    add,
    after,
    change,
    close,
    create,
    open_session,
    revoke,
    set_password,
)


def test_account_is_opened() -> None:
    assert add(NOBODY) == [controls.account_opened()]


def test_login_and_roles_are_recorded_in_one_spelling() -> None:
    [opened] = add(NOBODY, login=" GRACE ", name=" Grace Hopper ", roles=("admin", "reviewer", "admin"))
    assert opened == controls.account_opened(roles=("reviewer", "admin"))
    assert account_id_of("Grace") == account_id_of("grace") != account_id_of("ada")


def test_closed_account_is_opened_again_and_its_tokens_stay_dead() -> None:
    closed = after(TOKENED, *close(TOKENED))
    reopened = after(closed, *add(closed))
    assert reopened.open
    assert [one.revoked_at for one in reopened.tokens] == [LATER]


def test_roles_are_changed() -> None:
    assert change(OPEN) == [controls.roles_changed(roles=("operator",))]


def test_admin_goes_where_another_stays() -> None:
    admin = account("admin")
    assert change(admin, other_admins=1) == [controls.roles_changed(roles=("operator",))]
    assert close(admin, other_admins=1) == [controls.account_closed()]


def test_last_admin_may_take_another_role_beside() -> None:
    assert change(account("admin"), roles=("admin", "auditor")) == [controls.roles_changed(roles=("auditor", "admin"))]


def test_account_is_closed() -> None:
    assert close(OPEN) == [controls.account_closed()]


def test_token_is_created() -> None:
    expected = controls.token_created(secret_hash=HASHED, scopes=("read",), expires_at=LATER + timedelta(days=90))
    assert create(OPEN, label=" laptop ", scopes=("read", "read")) == [expected]


@pytest.mark.parametrize("life", [timedelta(hours=1), timedelta(days=366)], ids=str)
def test_token_lives_up_to_its_bounds(life: timedelta) -> None:
    [token] = create(OPEN, life=life)
    assert token == controls.token_created(secret_hash=HASHED, scopes=(), expires_at=LATER + life)


def test_dead_tokens_leave_room_for_living_ones_and_are_forgotten_in_the_end() -> None:
    state = OPEN
    for number in range(100):
        token_id = f"{number:016x}"
        state = after(state, *create(state, token_id=token_id))
        if number < 90:
            state = after(state, *revoke(state, token_id=token_id))
    assert len(state.tokens) == 60
    assert sum(one.revoked_at is None for one in state.tokens) == 10 < LIVE_TOKENS_MAX


def test_token_is_revoked() -> None:
    assert revoke(TOKENED) == [controls.token_revoked()]


@pytest.mark.parametrize(
    "repeated",
    [
        add(OPEN),
        add(OPEN, login="Grace"),
        change(OPEN, roles=("reviewer",)),
        close(CLOSED),
        create(TOKENED, label="another"),
        open_session(after(OPEN, *open_session(OPEN))),
        revoke(after(TOKENED, *revoke(TOKENED))),
        revoke(after(TOKENED, *close(TOKENED))),
    ],
    ids=[
        "opened",
        "opened in capitals",
        "same roles",
        "closed",
        "created",
        "session",
        "revoked",
        "revoked with its account",
    ],
)
def test_repeat_is_ignored(repeated: list[object]) -> None:
    assert repeated == []


def test_session_is_opened_for_twelve_hours() -> None:
    assert open_session(OPEN) == [
        controls.token_created(
            token_id=SESSION,
            label="",
            secret_hash=HASHED,
            scopes=(),
            expires_at=LATER + timedelta(hours=12),
            kind="session",
            way="password",
        )
    ]


def test_eleventh_session_ends_the_oldest_and_no_token() -> None:
    state = TOKENED
    for number in range(12):
        state = after(state, *open_session(state, token_id=f"{number:016x}"))
    living = [one.token_id for one in state.tokens if one.revoked_at is None]
    assert living == [controls.TOKEN, *(f"{number:016x}" for number in range(2, 12))]


def test_sessions_and_tokens_do_not_count_towards_each_other() -> None:
    state = OPEN
    for number in range(LIVE_TOKENS_MAX):
        state = after(state, *open_session(state, token_id=f"a{number:015x}"))
        state = after(state, *create(state, token_id=f"{number:016x}"))
    assert sum(one.revoked_at is None for one in state.tokens) == LIVE_TOKENS_MAX + LIVE_SESSIONS_MAX


def test_password_is_set_and_other_sessions_end() -> None:
    state = TOKENED
    for token_id in ("0a" * 8, "0b" * 8):
        state = after(state, *open_session(state, token_id=token_id))
    ended, password = set_password(state, kept_session="0b" * 8)
    assert ended == controls.token_revoked(token_id="0a" * 8, reason=CHANGED_SINCE)
    assert password == controls.password_set(hash="$argon2id$other")
    assert after(state, ended, password).password_hash == "$argon2id$other"
    assert len(set_password(state)) == 3


@pytest.mark.parametrize("password", ["x" * 12, "x" * 200, "grace hopper", " " * 12, "\u00fc" * 12])
def test_what_is_long_enough_is_a_password(password: str) -> None:
    assert checked_password(password, "grace") == password


def test_password_is_compared_as_one_spelling() -> None:
    assert checked_password("u\u0308" * 12, "grace") == "\u00fc" * 12


def test_permissions_are_those_of_all_roles_within_the_scopes() -> None:
    assert permissions_of(("reviewer",)) == ("decide", "read", "read_personal")
    assert permissions_of(("reviewer", "auditor")) == ("audit", "decide", "read", "read_personal")
    assert permissions_of(("reviewer",), ("read", "run")) == ("read",)
    assert permissions_of(("admin",)) == ("admin", "audit", "decide", "read", "read_personal", "run")
