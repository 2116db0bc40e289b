"""The view `accounts`: given facts, then this row."""

from contracts.envelope import reveal
from services.projections.views import ACCOUNTS, AUDIT
from tests import controls
from tests.unit.projections.folds import row_of, rows_of, said

BY = controls.REVIEWER


def test_account_is_a_row_from_its_opening() -> None:
    opened = said(controls.account_opened(), 1, BY)
    row = row_of(ACCOUNTS, opened)
    assert (row.account_id, row.login, reveal(row.name)) == (controls.PERSON, "grace", "Grace Hopper")
    assert (row.roles, row.open, row.tokens) == (("reviewer",), True, ())
    assert ACCOUNTS.rank
    assert ACCOUNTS.rank(row) == opened.recorded_at.timestamp()


def test_roles_are_the_latest() -> None:
    assert row_of(ACCOUNTS, controls.account_opened(), controls.roles_changed()).roles == ("reviewer", "admin")


def test_token_says_who_made_it_and_until_when_and_holds_no_hash() -> None:
    made = said(controls.token_created(), 2, BY)
    [token] = row_of(ACCOUNTS, controls.account_opened(), made).tokens
    assert (token.token_id, token.label, token.scopes, token.by) == (controls.TOKEN, "laptop", ("read", "decide"), BY)
    assert (token.created_at, token.revoked_at) == (made.recorded_at, None)
    assert controls.HASH not in repr(token)


def test_sessions_are_told_from_tokens_and_a_password_only_by_when_it_was_set() -> None:
    session = controls.token_created(token_id="0" * 16, kind="session", way="link", label="link of ada@local")
    row = row_of(ACCOUNTS, controls.account_opened(), controls.token_created(), session, controls.password_set())
    assert [one.token_id for one in row.of_kind("token")] == [controls.TOKEN]
    assert [(one.way, one.label) for one in row.of_kind("session")] == [("link", "link of ada@local")]
    assert row.password_at
    assert "argon2" not in repr(row)
    again = row_of(ACCOUNTS, controls.account_opened(), controls.password_set(), controls.account_opened())
    assert again.password_at


def test_only_the_revoked_token_ends() -> None:
    row = row_of(
        ACCOUNTS,
        controls.account_opened(),
        controls.token_created(),
        controls.token_created(token_id="0" * 16),
        controls.token_revoked(),
    )
    assert [one.revoked_at is None for one in row.tokens] == [False, True]


def test_closing_ends_every_token_and_opening_again_none_of_that() -> None:
    facts = (controls.account_opened(), controls.token_created(), controls.account_closed())
    closed = row_of(ACCOUNTS, *facts)
    assert (closed.open, closed.closed_at) == (False, said(facts[2], 3).recorded_at)
    assert closed.tokens[0].revoked_at == closed.closed_at
    again = row_of(ACCOUNTS, *facts, controls.account_opened(roles=("operator",)))
    assert (again.open, again.closed_at, again.roles) == (True, None, ("operator",))
    assert again.tokens == closed.tokens


def test_nobody_is_a_row_who_was_never_opened() -> None:
    assert rows_of(ACCOUNTS, controls.token_created(), controls.account_closed()) == {}


def test_every_act_about_people_is_audited_without_name_or_secret() -> None:
    acts = (
        controls.account_opened(),
        controls.roles_changed(),
        controls.token_created(),
        controls.token_revoked(),
        controls.account_closed(),
        controls.token_created(kind="session", way="password", label=""),
        controls.token_created(kind="session", way="link", label="link of ada@local"),
        controls.token_created(kind="session", way="oidc", label=""),
        controls.password_set(),
    )
    rows = list(rows_of(AUDIT, *(said(one, seq, BY) for seq, one in enumerate(acts, start=1))).values())
    assert [row.words for row in rows] == [
        "grace as reviewer",
        "reviewer, admin",
        f"{controls.TOKEN} for read, decide, until 2026-05-31 09:00 UTC",
        f"{controls.TOKEN}: Left on a train.",
        "Gone sailing.",
        f"{controls.TOKEN}: signed in by password",
        f"{controls.TOKEN}: signed in by link, link of ada@local",
        f"{controls.TOKEN}: signed in by the identity provider",
        "password set",
    ]
    assert {row.by for row in rows} == {BY}
    assert not any("Hopper" in repr(row) or controls.HASH in repr(row) or "argon2" in repr(row) for row in rows)
