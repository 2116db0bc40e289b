"""Figures, lists and hosts in the words people write them in."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.enricher.domains import is_free_mail, registered_domain
from services.providers.company_directory.port import (
    EMPLOYEES_MAX,
    employees_of,
    host_of,
    revenue_usd_of,
    technologies_of,
)


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("240", 240, "exact"),
        ("350.0", 350, "exact"),
        ("1,200", 1_200, "exact"),
        ("1.200", 1_200, "exact"),
        ("1 200", 1_200, "exact"),
        ("1'200", 1_200, "exact"),
        ("1.234.567", 1_234_567, "exact"),
        ("5K", 5_000, "exact"),
        ("1.2k", 1_200, "exact"),
        ("~300", 300, "exact"),
        ("200 employees", 200, "exact"),
        ("self-employed", 1, "exact"),
        ("51-200", 125, "range"),
        ("51 – 200 employees", 125, "range"),
        ("201 to 500", 350, "range"),
        ("2-10", 6, "range"),
        ("1-5K", 3_000, "range"),
        ("<10", 5, "range"),
        ("Nov-50", 30, "range"),
        ("10,000+", 10_000, "open"),
        ("more than 500", 500, "open"),
    ],
)
def test_employees_are_read(text: str, value: int, kind: str) -> None:
    assert employees_of(text) == (value, kind)


@pytest.mark.parametrize("text", ["", "0", "many", "n/a", "12,345,678", "500-200", "1-2-3", "{'size': 5}x5", "9" * 30])
def test_words_without_a_sound_number_say_nothing(text: str) -> None:
    assert employees_of(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$5M", 5_000_000),
        ("$1.5B", 1_500_000_000),
        ("12500000", 12_500_000),
        ("10,000,000", 10_000_000),
        ("$12.5 million", 12_500_000),
        ("USD 3,000,000", 3_000_000),
        ("US$ 2.250M", 2_250_000),
        ("$1M - $5M", 3_000_000),
        ("1-5M", 3_000_000),
        ("$100M+", 100_000_000),
        ("<$1M", 500_000),
        ("$400K", 400_000),
    ],
)
def test_revenue_is_read_in_dollars(text: str, value: int) -> None:
    figure = revenue_usd_of(text)
    assert figure is not None
    assert figure.value == value


@pytest.mark.parametrize("text", ["€5M", "5 Mio EUR", "£2m", "", "undisclosed", "0"])
def test_other_money_is_not_converted(text: str) -> None:
    assert revenue_usd_of(text) is None


def test_technologies_are_names_each_once() -> None:
    assert technologies_of("HubSpot, Gong;hubspot | Outreach\nCI/CD") == ("HubSpot", "Gong", "Outreach", "CI/CD")
    assert technologies_of("{'name': 'Chorus'}, Gong") == ("Gong",)
    assert technologies_of(", ;") == ()


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("https://www.Acme.example/de?x=1", "acme.example"),
        ("acme.example:8080", "acme.example"),
        ("http://bücher.example/", "xn--bcher-kva.example"),
        ("anna@acme.example", "acme.example"),
        ("acme", ""),
        ("192.0.2.1", ""),
        ("-acme.example", ""),
        ("not a site", ""),
        ("", ""),
    ],
)
def test_hosts_are_found_in_web_addresses(text: str, host: str) -> None:
    assert host_of(text) == host


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("shop.acme.co.uk", "acme.co.uk"),
        ("acme.com", "acme.com"),
        ("eu.shop.acme.example", "acme.example"),
        ("acme.example", "acme.example"),
        ("", ""),
    ],
)
def test_the_company_owns_the_registered_domain(host: str, domain: str) -> None:
    assert registered_domain(host) == domain


def test_free_mail_is_no_company() -> None:
    assert is_free_mail("gmail.com")
    assert not is_free_mail("acme.example")


# A busy machine is slow; that is no finding.
CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@CALM
@given(st.text(max_size=40))
def test_no_words_break_the_readers(text: str) -> None:
    figure = employees_of(text)
    assert figure is None or 0 < figure.value <= EMPLOYEES_MAX
    revenue_usd_of(text)
    technologies_of(text)
    host_of(text)
