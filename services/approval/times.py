"""Until when a draft takes answers, and how a moment is told."""

from datetime import UTC, datetime

from contracts.email import Email
from contracts.errors import DecisionRefused


def check_in_time(state: Email, now: datetime) -> None:
    """A draft whose time is up takes no answer, marked or not: the clock's delay must not decide what goes out.

    Raises:
        DecisionRefused: it is up.
    """
    if state.expires_at is not None and time_is_up(state, now):
        raise DecisionRefused(
            f"The draft has expired: it could be answered until {shown(state.expires_at)}.", status=state.status
        )


def time_is_up(state: Email, now: datetime) -> bool:
    """Whether the draft has expired, marked or not."""
    return state.expires_at is not None and now >= state.expires_at


def shown(at: datetime) -> str:
    """A moment in a sentence."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
