"""What a column holds is looked at: unknown names are proposed by their values, and a wrong column is told."""

import pytest

from contracts.errors import BadInput
from services.reading.columns import check_usable
from services.reading.contents import ROWS_LOOKED_AT, VALUES_LOOKED_AT, doubted, likely, values_of
from services.reading.file import read_file
from services.reading.sheet import Row, Sheet

HEADER = "Wer,Firma,Kontakt privat,Netz,Seite\n"
ROW = "Anna Vale,Acme,anna@acme.example,https://www.linkedin.com/in/anna,www.acme.example\n"


def read(text: str, **mapping: str) -> Sheet:
    return read_file("leads.csv", text.encode(), mapping=mapping, unmapped=True)


def test_columns_with_names_of_no_language_are_proposed_by_what_they_hold() -> None:
    sheet = read(HEADER + ROW)
    assert [(one.column, one.proposal, one.because) for one in sheet.unmatched] == [
        ("Wer", "", ""),
        ("Kontakt privat", '--map email="Kontakt privat"', "it holds e-mail addresses"),
        ("Netz", '--map linkedin_url="Netz"', "it holds LinkedIn addresses"),
        ("Seite", '--map domain="Seite"', "it holds web addresses"),
    ]


def test_a_field_is_proposed_once_and_never_where_it_is_taken() -> None:
    sheet = read("Email,A,B\na@acme.example,b@acme.example,https://acme.example\n")
    assert [(one.column, one.field) for one in sheet.unmatched] == [("A", ""), ("B", "domain")]
    twice = read("A,B,Company\na@acme.example,b@acme.example,Acme\n")
    assert [(one.column, one.field) for one in twice.unmatched] == [("A", "email"), ("B", "")]


def test_the_refusal_of_a_file_without_a_usable_column_proposes_by_values_too() -> None:
    with pytest.raises(BadInput, match="neither an e-mail address") as told:
        read_file("leads.csv", (HEADER + ROW).encode())
    assert '--map email="Kontakt privat"' in told.value.remedy


def test_a_column_that_holds_no_addresses_is_doubted_and_the_right_one_named() -> None:
    sheet = read(HEADER + ROW * 3, email="Firma")
    [doubt] = sheet.doubts
    assert doubt.detail == (
        "`email` is taken from the column `Firma`, and none of its first 3 values is an e-mail address."
    )
    assert doubt.remedy == '`Kontakt privat` looks like it: --map email="Kontakt privat".'
    assert "Acme" not in doubt.detail + doubt.remedy


def test_a_wrong_column_without_a_better_one_asks_which_it_is() -> None:
    sheet = read("Email,Company,Title\na@acme.example,Acme,www.acme.example\n")
    [doubt] = sheet.doubts
    assert (doubt.field, doubt.column) == ("title", "Title")
    assert doubt.remedy == 'Say which column it is: --map title="Column".'


@pytest.mark.parametrize(
    ("field", "values", "wrong"),
    [
        ("email", ["a@b.example", "mailto:c@d.example", "x"], False),
        ("email", ["x", "y", "a@b.example"], True),
        ("employees", ["11-50", "about 200", "1,000+"], False),
        ("employees", ["Acme", "Beta"], True),
        ("company", ["3M", "Forêt & Fils", "株式会社"], False),
        ("company", ["https://acme.example", "b@acme.example"], True),
        ("first_name", ["Zoé", "Éric"], False),
        ("phone", ["whatever"], False),
        ("email", [], False),
    ],
)
def test_a_column_is_doubted_where_most_of_its_values_do_not_fit(field: str, values: list[str], wrong: bool) -> None:
    assert doubted(field, values) is wrong


def test_words_are_likely_nothing() -> None:
    assert likely(["Acme", "Beta"]) == likely([]) == ""


def test_only_the_first_rows_are_looked_at() -> None:
    rows = [Row(number, number, ("" if number <= ROWS_LOOKED_AT else "x",)) for number in range(1, 2_000)]
    assert values_of(rows, 0) == []
    assert len(values_of([Row(1, 1, ("x",))] * 200, 0)) == VALUES_LOOKED_AT


def test_lines_before_the_header_are_counted() -> None:
    assert read("Notes:\nsome words\n\nEmail\na@acme.example\n").skipped == 3
    assert read("Email\na@acme.example\n").skipped == 0


def test_a_usable_file_passes() -> None:
    sheet = read("Email\na@acme.example\n")
    check_usable(sheet.header, sheet.mapping, sheet.unmatched)
    assert sheet.doubts == ()


def test_who_looks_after_a_contact_is_never_proposed_as_the_person() -> None:
    sheet = read("Email,Contact owner,Kontakt Inhaber\na@acme.example,Mara Field,Mara Field\n")
    assert [one.field for one in sheet.unmatched] == ["", ""]


def test_a_full_name_is_not_proposed_beside_its_parts() -> None:
    sheet = read("First Name,Last Name,Company,Full Nme\nAnna,Vale,Acme,Anna Vale\n")
    assert [one.field for one in sheet.unmatched] == [""]
