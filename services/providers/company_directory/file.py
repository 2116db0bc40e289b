"""A company directory kept as a local CSV or JSON file: loaded whole when the process starts, asked in memory."""

import csv
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from contracts.errors import BadInput
from contracts.identity import normalise
from services.providers.company_directory.port import Company, employees_of, host_of, revenue_usd_of, technologies_of

FILE_BYTES_MAX = 64_000_000
COLUMNS = ("domain", "name", "employees", "industry", "technologies", "revenue_usd", "country", "observed_at")


class FileCompanyDirectory:
    """Knows the companies of one file, by domain and, where that is asked, by an unambiguous name."""

    name = "directory"

    def __init__(self, companies: Iterable[Company]) -> None:
        self._by_domain: dict[str, Company] = {}
        self._by_name: dict[str, list[Company]] = {}
        for company in companies:
            if company.domain:
                self._by_domain.setdefault(company.domain, company)
            self._by_name.setdefault(normalise(company.name), []).append(company)

    async def find(self, domain: str, company: str) -> Company | None:
        """As the port says; never raises, for there is nothing to wait for."""
        if domain:
            return self._by_domain.get(domain)
        named = self._by_name.get(normalise(company), []) if company.strip() else []
        return msgspec.structs.replace(named[0], matched_by="name") if len(named) == 1 else None


def load(path: Path) -> FileCompanyDirectory:
    """The directory in a file: CSV with the columns of `COLUMNS`, or a JSON array of such objects.

    Raises:
        BadInput: there is no such file, it is too large, or a line of it cannot be used.
    """
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= FILE_BYTES_MAX else b""
    except OSError as error:
        raise BadInput(f"The company directory {path} cannot be read.", "Check path and rights.") from error
    if size > FILE_BYTES_MAX:
        raise BadInput(f"The company directory {path} is larger than {FILE_BYTES_MAX:,} bytes.", "Split it.")
    return FileCompanyDirectory(companies(path.name, content))


def companies(name: str, content: bytes) -> list[Company]:
    """The companies in the bytes of a directory file called `name`.

    Raises:
        BadInput: not UTF-8, no name or domain column, or a row without both.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"The company directory {name} is not UTF-8.", "Save it as CSV UTF-8.") from error
    rows = _objects(name, text) if text.lstrip().startswith("[") else _lines(name, text)
    return [_company(name, number, row) for number, row in rows]


def _lines(name: str, text: str) -> list[tuple[int, dict[str, str]]]:
    reader = csv.reader(text.splitlines(), strict=True)
    try:
        header = [column.strip().casefold().replace(" ", "_") for column in next(reader, [])]
        if not {"domain", "name"} & set(header):
            raise BadInput(
                f"The company directory {name} has neither a column `domain` nor `name`.",
                f"Its columns are {', '.join(COLUMNS)}.",
            )
        return [(reader.line_num, dict(zip(header, row, strict=False))) for row in reader if any(row)]
    except csv.Error as error:
        raise BadInput(f"Line {reader.line_num} of the company directory {name} is broken.", "Mend it.") from error


def _objects(name: str, text: str) -> list[tuple[int, dict[str, str]]]:
    try:
        listed = msgspec.json.decode(text, type=list[dict[str, str | int | list[str] | None]])
    except msgspec.MsgspecError as error:
        raise BadInput(f"The company directory {name} is no JSON array of objects.", str(error)) from error
    return [(number, {key: _text(value) for key, value in one.items()}) for number, one in enumerate(listed, start=1)]


def _text(value: str | int | list[str] | None) -> str:
    return "; ".join(value) if isinstance(value, list) else str(value) if value is not None else ""


def _company(name: str, number: int, row: dict[str, str]) -> Company:
    cell = {column: row.get(column, "").strip() for column in COLUMNS}
    domain = host_of(cell["domain"])
    if not domain and not cell["name"]:
        raise BadInput(f"Row {number} of the company directory {name} has neither domain nor name.", "Mend it.")
    employees, revenue = employees_of(cell["employees"]), revenue_usd_of(cell["revenue_usd"])
    return Company(
        name=cell["name"] or domain,
        domain=domain,
        employees=employees.value if employees else None,
        industry=cell["industry"],
        technologies=technologies_of(cell["technologies"]),
        revenue_usd=revenue.value if revenue else None,
        country=cell["country"],
        observed_at=_moment(name, number, cell["observed_at"]),
    )


def _moment(name: str, number: int, text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadInput(
            f"`observed_at` in row {number} of the company directory {name} is no ISO date.", "Write 2026-03-31."
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
