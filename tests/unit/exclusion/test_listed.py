"""A list in whatever form people keep one: everybody in it is found once, and a line that names nobody is told."""

import pytest

from contracts.errors import BadInput, TooLarge
from contracts.exclusion import address_key, domain_key
from services.exclusion.decide import Entry
from services.exclusion.listed import LINES_MAX, read_list
from tests.controls import IDENTITY_KEY

ADA = Entry(address_key(IDENTITY_KEY, "ada@acme.example"), "address")
ACME = Entry(domain_key(IDENTITY_KEY, "acme.example"), "domain")


@pytest.mark.parametrize(
    "text",
    [
        "ada@acme.example\nacme.example\n",
        "# our customers\n\nada@acme.example\n  \nhttps://www.acme.example/\nADA@acme.example",
        "Name,E-mail,Website\nAda,ada@acme.example,quiet.example\nAcme,,www.acme.example\n",
        "Company;Email;Company Domain\nAcme;ada@acme.example;\nAcme, Inc.;;acme.example\n",
        "domain\twork_email\nacme.example\t\n\tAda@acme.example\n",
        '"ada@acme.example","A, B"\n"acme.example","C"\n',
    ],
)
def test_everybody_in_a_list_is_found_once(text: str) -> None:
    listed = read_list(IDENTITY_KEY, text)
    assert sorted(listed.entries) == sorted([ADA, ACME])
    assert listed.refused == []


def test_line_that_names_nobody_is_told_by_its_number_and_not_repeated() -> None:
    listed = read_list(IDENTITY_KEY, "Name,Email\nAda,ada@acme.example\nBob,secret words\nCleo,\n")
    assert (listed.lines, listed.entries) == (3, [ADA])
    assert [one.line for one in listed.refused] == [3, 4]
    assert all("secret" not in one.reason + one.remedy and one.remedy for one in listed.refused)


def test_list_that_names_nobody_or_too_many_is_refused_whole() -> None:
    with pytest.raises(BadInput):
        read_list(IDENTITY_KEY, "Name\nAda\n")
    with pytest.raises(BadInput):
        read_list(IDENTITY_KEY, "")
    with pytest.raises(TooLarge):
        read_list(IDENTITY_KEY, "acme.example\n" * (LINES_MAX + 1))
