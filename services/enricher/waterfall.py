"""Sources in order: each is asked only while something that is wanted is not there, and adds only what is missing."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from contracts.lead import Found, Lead, Value
from services.enricher.decide import missing
from services.enricher.row_values import row_values
from services.providers.company_directory.port import CompanyDirectory

DIRECTORY = "directory"
BY_DOMAIN = 0.8
BY_NAME = 0.6


class Source(Protocol):
    """Somebody who may know more of a lead."""

    @property
    def name(self) -> str:
        """What a failure is attributed to."""
        ...

    async def ask(self, lead: Lead, known: Mapping[str, Found]) -> Mapping[str, Found]:
        """What it knows, given what the sources before it found.

        Raises:
            ProviderUnavailable: no answer this time.
            ProviderRefused: no answer at all.
        """
        ...


class RowSource:
    """What came with the lead itself."""

    name = "row"

    async def ask(self, lead: Lead, known: Mapping[str, Found]) -> Mapping[str, Found]:  # noqa: ARG002
        """The readable values of the row; it waits for nothing."""
        return row_values(lead)


class DirectorySource:
    """A directory of companies, asked by domain, else by name.

    Args:
        directory: who knows.
        clock: when it is asked, for an answer that does not say when it was learned.
    """

    def __init__(self, directory: CompanyDirectory, clock: Callable[[], datetime]) -> None:
        self._directory = directory
        self._clock = clock

    @property
    def name(self) -> str:
        return self._directory.name

    async def ask(self, lead: Lead, known: Mapping[str, Found]) -> Mapping[str, Found]:  # noqa: ARG002
        """The company's figures; nothing where neither domain nor company is known."""
        domain, company = _text(known, "domain"), _text(known, "company")
        if not domain and not company:
            return {}
        answer = await self._directory.find(domain, company)
        if answer is None:
            return {}
        confidence = BY_DOMAIN if answer.matched_by == "domain" else BY_NAME
        observed_at = answer.observed_at or self._clock()
        values: dict[str, Value | None] = {
            "company": answer.name,
            "domain": answer.domain,
            "employees": answer.employees,
            "industry": answer.industry,
            "technologies": answer.technologies,
            "revenue_usd": answer.revenue_usd,
            "country": answer.country,
        }
        return {
            name: Found(value=value, source=DIRECTORY, confidence=confidence, observed_at=observed_at)
            for name, value in values.items()
            if value
        }


async def climb(lead: Lead, sources: Sequence[Source]) -> dict[str, Found]:
    """What the sources know together; an earlier one is never overruled.

    Raises:
        ProviderUnavailable: a source that was needed gave no answer; nothing is recorded and the loop asks again.
        ProviderRefused: a source that was needed never will.
    """
    found: dict[str, Found] = {}
    for source in sources:
        if found and not missing(found):
            break
        for name, one in (await source.ask(lead, found)).items():
            found.setdefault(name, one)
    return found


def _text(known: Mapping[str, Found], name: str) -> str:
    value = known[name].value if name in known else ""
    return value if isinstance(value, str) else ""
