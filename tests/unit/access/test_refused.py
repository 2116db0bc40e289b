"""What is refused, in which order, and what the refusal names."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from contracts.errors import BadInput, DecisionRefused, NotFound
from services.access.decide import LIVE_TOKENS_MAX, checked_password
from tests.unit.access.examples import (
    CLOSED,
    NOBODY,
    OPEN,
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


@pytest.mark.parametrize("login", ["", "-ann", ".ann", "ann b", "ann@here", "änn", "a" * 65, "ann\n.", "ann/b"])
def test_what_is_no_login_opens_nothing(login: str) -> None:
    with pytest.raises(BadInput, match="1 to 64") as caught:
        add(NOBODY, login=login)
    assert caught.value.values["field"] == "login"


@pytest.mark.parametrize("login", ["a", "0", "ann", "a.b_c-d", "a" * 64])
def test_what_is_a_login_opens_an_account(login: str) -> None:
    assert len(add(NOBODY, login=login)) == 1


@pytest.mark.parametrize(
    ("field", "asks", "values"),
    [
        ("name", add, {"name": "x" * 201}),
        ("roles", add, {"roles": ()}),
        ("roles", add, {"roles": ("reviewer", "king")}),
        ("roles", change, {"roles": ()}),
        ("roles", change, {"roles": ("king",)}),
        ("reason", close, {"reason": "x" * 2001}),
        ("label", create, {"label": "x" * 65}),
        ("scopes", create, {"scopes": ("read", "fly")}),
        ("expires", create, {"life": timedelta(minutes=59)}),
        ("expires", create, {"life": timedelta(days=366, seconds=1)}),
        ("reason", revoke, {"reason": "x" * 2001}),
    ],
)
@pytest.mark.parametrize("state", [NOBODY, CLOSED], ids=["nobody", "closed"])
def test_bad_input_comes_first_and_names_the_field(
    field: str, asks: Callable[..., object], values: dict[str, Any], state: object
) -> None:
    with pytest.raises(BadInput) as caught:
        asks(state, **values)
    assert caught.value.values["field"] == field


@pytest.mark.parametrize("asks", [change, close, create, revoke, open_session, set_password])
def test_nobody_is_not_found(asks: Callable[..., object]) -> None:
    with pytest.raises(NotFound):
        asks(NOBODY)


@pytest.mark.parametrize(
    "password", ["", "x" * 11, "x" * 201, "u\u0308" * 6, "Grace-Murray-H", " grace-murray-h", "\ud800" * 12]
)
def test_what_is_short_long_or_the_login_is_no_password(password: str) -> None:
    with pytest.raises(BadInput) as caught:
        checked_password(password, "grace-murray-h")
    assert caught.value.values == {"field": "new"}
    assert password == "" or password not in caught.value.sentence()


def test_unknown_token_is_not_found() -> None:
    with pytest.raises(NotFound, match="no such token"):
        revoke(OPEN)


def test_open_account_is_not_opened_with_other_roles() -> None:
    with pytest.raises(DecisionRefused, match="other roles: reviewer"):
        add(OPEN, roles=("admin",))


@pytest.mark.parametrize("asks", [change, create, open_session, set_password])
def test_closed_account_takes_nothing(asks: Callable[..., object]) -> None:
    with pytest.raises(DecisionRefused, match="is closed") as caught:
        asks(CLOSED)
    assert "swarm user add grace" in caught.value.remedy


@pytest.mark.parametrize("asks", [change, close])
def test_last_admin_stays(asks: Callable[..., object]) -> None:
    with pytest.raises(DecisionRefused, match="the last admin"):
        asks(account("reviewer", "admin"))


def test_token_cannot_do_more_than_its_owner() -> None:
    with pytest.raises(DecisionRefused, match=r"do not give audit, run\."):
        create(OPEN, scopes=("run", "read", "audit"))


def test_one_token_too_many_is_refused() -> None:
    state = OPEN
    for number in range(LIVE_TOKENS_MAX):
        state = after(state, *create(state, token_id=f"{number:016x}"))
    with pytest.raises(DecisionRefused, match="20 tokens"):
        create(state)
    state = after(state, *revoke(state, token_id=f"{3:016x}"))
    assert len(create(state)) == 1
