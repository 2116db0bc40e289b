"""A provider that says of everybody what a test tells it, and fails when told to."""

from collections.abc import Iterable
from urllib.parse import quote

from contracts.errors import SwarmError
from services.providers.identity.port import Answer, Asked, Claims


class FakeIdentityProvider:
    """Answers by itself.

    Args:
        says: of everybody.
        failures: raised one after another, before it begins to answer.
    """

    name = "the fake"

    def __init__(self, says: Claims, failures: Iterable[SwarmError] = ()) -> None:
        self._says = says
        self._failures = list(failures)
        self.asked: list[tuple[Asked, Answer]] = []

    async def address(self, asked: Asked, state: str) -> str:
        """As the port says."""
        self._fail()
        return f"https://identity.example/authorize?state={quote(state)}&nonce={quote(asked.nonce)}"

    async def claims(self, asked: Asked, answer: Answer) -> Claims:
        """As the port says; every question is kept in `asked`."""
        self.asked.append((asked, answer))
        self._fail()
        return self._says

    def _fail(self) -> None:
        if self._failures:
            raise self._failures.pop(0)
