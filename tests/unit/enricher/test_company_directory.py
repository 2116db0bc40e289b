"""Every directory of companies keeps what the port promises."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from contracts.errors import BadInput, ProviderUnavailable
from services.providers.company_directory.fake import FakeCompanyDirectory
from services.providers.company_directory.file import FileCompanyDirectory, load
from services.providers.company_directory.port import Company, CompanyDirectory

KNOWN = (
    Company(name="Acme", domain="acme.example", employees=120, industry="Legal", technologies=("Gong", "HubSpot")),
    Company(name="Twin", domain="twin-a.example", employees=50),
    Company(name="Twin", domain="twin-b.example", revenue_usd=5_000_000, observed_at=datetime(2026, 3, 1, tzinfo=UTC)),
)
Make = Callable[[Sequence[Company], Path], CompanyDirectory]


def fake(companies: Sequence[Company], _: Path) -> CompanyDirectory:
    return FakeCompanyDirectory(companies)


def csv_file(companies: Sequence[Company], directory: Path) -> CompanyDirectory:
    lines = ["domain,name,employees,industry,technologies,revenue_usd,country,observed_at"]
    for one in companies:
        seen = one.observed_at.date().isoformat() if one.observed_at else ""
        tools = ";".join(one.technologies)
        lines.append(
            f"https://www.{one.domain},{one.name},{one.employees or ''},{one.industry},{tools},"
            f"{one.revenue_usd or ''},{one.country},{seen}"
        )
    path = directory / "companies.csv"
    path.write_text("\n".join(lines), encoding="utf-8-sig")
    return load(path)


def json_file(companies: Sequence[Company], directory: Path) -> CompanyDirectory:
    plain = [
        {
            "domain": one.domain,
            "name": one.name,
            "employees": one.employees,
            "industry": one.industry,
            "technologies": list(one.technologies),
            "revenue_usd": one.revenue_usd,
            "observed_at": one.observed_at.isoformat() if one.observed_at else None,
        }
        for one in companies
    ]
    path = directory / "companies.json"
    path.write_bytes(msgspec.json.encode(plain))
    return load(path)


@pytest.fixture(params=[fake, csv_file, json_file])
def directory(request: pytest.FixtureRequest, tmp_path: Path) -> CompanyDirectory:
    make: Make = request.param
    return make(KNOWN, tmp_path)


async def test_a_company_is_found_by_its_domain(directory: CompanyDirectory) -> None:
    assert await directory.find("acme.example", "Whatever") == KNOWN[0]
    assert await directory.find("twin-b.example", "") == KNOWN[2]


async def test_without_a_domain_an_unambiguous_name_will_do(directory: CompanyDirectory) -> None:
    assert await directory.find("", " ACME ") == msgspec.structs.replace(KNOWN[0], matched_by="name")


async def test_an_ambiguous_name_finds_nobody(directory: CompanyDirectory) -> None:
    assert await directory.find("", "Twin") is None


async def test_another_domain_of_the_same_name_is_another_company(directory: CompanyDirectory) -> None:
    assert await directory.find("acme-other.example", "Acme") is None


async def test_nothing_finds_nobody(directory: CompanyDirectory) -> None:
    assert await directory.find("", "") is None
    assert await directory.find("", "Acm") is None


def test_a_directory_has_a_name(directory: CompanyDirectory) -> None:
    assert directory.name.isidentifier()


async def test_the_fake_fails_when_told_to() -> None:
    directory = FakeCompanyDirectory(KNOWN, [ProviderUnavailable("No answer.")])
    with pytest.raises(ProviderUnavailable):
        await directory.find("acme.example", "")
    assert await directory.find("acme.example", "") == KNOWN[0]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"size,branch\n1,2\n", "neither a column"),
        (b"domain,name\n,\n,\xff\n", "not UTF-8"),
        (b"domain,name,employees\n,,5\n", "Row 2"),
        (b'domain,name\n"acme.example,x\n', "broken"),
        (b"domain,observed_at\nacme.example,yesterday\n", "ISO date"),
        (b'[{"domain": {}}]', "JSON array"),
    ],
)
def test_a_directory_file_of_no_use_is_bad_input(content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "companies.csv"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=words):
        load(path)


def test_a_missing_directory_file_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        load(tmp_path / "none.csv")


async def test_the_shipped_sample_loads() -> None:
    shipped = Path(__file__).parents[3] / "services" / "hunter" / "samples" / "companies.csv"
    directory = load(shipped)
    assert isinstance(directory, FileCompanyDirectory)
    first = shipped.read_text(encoding="utf-8").splitlines()[1].split(",")
    assert await directory.find(first[0], "") is not None
