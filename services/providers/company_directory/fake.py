"""A directory that knows what a test tells it, and fails when told to."""

from collections.abc import Iterable

import msgspec

from contracts.errors import SwarmError
from contracts.identity import normalise
from services.providers.company_directory.port import Company


class FakeCompanyDirectory:
    """Answers from a list.

    Args:
        companies: what it knows.
        failures: raised one after another, before it begins to answer.
    """

    name = "fake_directory"

    def __init__(self, companies: Iterable[Company] = (), failures: Iterable[SwarmError] = ()) -> None:
        self._companies = tuple(companies)
        self._failures = list(failures)
        self.asked: list[tuple[str, str]] = []

    async def find(self, domain: str, company: str) -> Company | None:
        """As the port says; every question is kept in `asked`."""
        self.asked.append((domain, company))
        if self._failures:
            raise self._failures.pop(0)
        if domain:
            return next((one for one in self._companies if one.domain == domain), None)
        wanted = normalise(company)
        named = [one for one in self._companies if wanted and normalise(one.name) == wanted]
        return msgspec.structs.replace(named[0], matched_by="name") if len(named) == 1 else None
