"""Accounts as they may stand, and decisions about them with one value of the test's own."""

from datetime import timedelta
from functools import partial

from contracts.access import AccessAccount, Role, evolve
from contracts.envelope import Event
from services.access import decide
from services.access.credential import hash_of
from tests.controls import AT, DAY, LOGIN, TOKEN, account_closed, account_opened, envelope, given, token_created

SECRET = bytes(range(32))
HASHED = hash_of(SECRET)
LATER = AT + DAY
SESSION = "5e" * 8

NOBODY = AccessAccount()
OPEN = given("access", account_opened())
CLOSED = given("access", account_opened(), account_closed())
TOKENED = given("access", account_opened(), token_created(secret_hash=HASHED, scopes=()))


def account(*roles: Role) -> AccessAccount:
    """Open, with these roles."""
    return given("access", account_opened(roles=roles))


def after(state: AccessAccount, *events: Event) -> AccessAccount:
    """The account with these facts, recorded a day later."""
    for event in events:
        state = evolve(state, envelope(event, recorded_at=LATER))
    return state


add = partial(decide.open_account, login=LOGIN, name="Grace Hopper", roles=("reviewer",))
change = partial(decide.change_roles, roles=("operator",), other_admins=0)
close = partial(decide.close_account, reason="Gone sailing.", other_admins=0)
create = partial(
    decide.create_token,
    token_id=TOKEN,
    secret_hash=HASHED,
    label="laptop",
    scopes=(),
    life=timedelta(days=90),
    now=LATER,
)
revoke = partial(decide.revoke_token, token_id=TOKEN, reason="Left on a train.")
open_session = partial(decide.open_session, token_id=SESSION, secret_hash=HASHED, way="password", now=LATER)
set_password = partial(decide.set_password, password_hash="$argon2id$other", kept_session="", now=LATER)
