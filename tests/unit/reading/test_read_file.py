"""Files as people have them are read; what cannot be read costs one row and is said."""

import json

import pytest

from contracts.errors import BadInput
from services.reading.columns import missing
from services.reading.file import read_file
from services.reading.sheet import CELL_CHARS_MAX, COLUMNS_MAX, ROWS_MAX, Sheet

PLAIN = "Email,First Name,Last Name,Company\nanna@acme.example,Anna,Müller,Acme\nbo@acme.example,Bo,Øst,Acme\n"


def read(text: str | bytes, name: str = "leads.csv", **mapping: str) -> Sheet:
    return read_file(name, text.encode() if isinstance(text, str) else text, mapping=mapping)


def errors(sheet: Sheet) -> dict[int, str]:
    return {row.number: row.error.reason for row in sheet.rows if row.error}


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    ("codec", "said"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("cp1252", "cp1252"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_every_form_a_spreadsheet_saves_gives_the_same_rows(
    codec: str, said: str, delimiter: str, line_end: str
) -> None:
    sheet = read(PLAIN.replace(",", delimiter).replace("\n", line_end).encode(codec))
    assert (sheet.encoding, sheet.delimiter, sheet.format) == (said, delimiter, "csv")
    assert [row.cells for row in sheet.rows] == [
        ("anna@acme.example", "Anna", "Müller", "Acme"),
        ("bo@acme.example", "Bo", "Øst", "Acme"),
    ]
    assert [(row.number, row.line) for row in sheet.rows] == [(1, 2), (2, 3)]


def test_bytes_that_cp1252_lacks_are_latin_1() -> None:
    assert read(PLAIN.encode("cp1252") + b"x@y.example,\x81,b,c\n").encoding == "latin-1"


def test_utf_16_big_endian_with_mark_is_read() -> None:
    assert read(b"\xfe\xff" + PLAIN.encode("utf-16-be")).rows[0].cells[2] == "Müller"


def test_a_stray_byte_in_a_utf_8_file_costs_its_row_alone() -> None:
    sheet = read(PLAIN.encode() + b"c@acme.example,Br\xff,X,Acme\nd@acme.example,D,D,Acme\n")
    assert sheet.encoding == "utf-8"
    assert errors(sheet) == {3: "The row holds bytes that are not of the file's encoding."}


def test_the_line_sep_names_the_delimiter() -> None:
    sheet = read("sep=;\nEmail;Company\nanna@acme.example;A, B and C\n")
    assert sheet.delimiter == ";"
    assert sheet.rows[0].cells == ("anna@acme.example", "A, B and C")


def test_linkedin_notes_before_the_header_are_passed_over() -> None:
    sheet = read(
        'Notes:\n"When exporting your connection data, you may notice that some, or all, are missing. ""More"""\n\n'
        "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
        "Anna,Vale,https://www.linkedin.example/in/a,,Acme,CEO,12 Mar 2024\n"
    )
    assert sheet.preset == "linkedin_connections"
    assert sheet.mapping["title"] == "Position"
    assert sheet.rows[0].line == 5


@pytest.mark.parametrize(
    ("header", "preset", "some"),
    [
        (
            "First Name,Title,Company,Company Name for Emails,Email,Email Status,# Employees,Website,Secondary Email",
            "apollo",
            {"company": "Company Name for Emails", "email": "Email", "employees": "# Employees", "domain": "Website"},
        ),
        (
            "Record ID,First Name,Last Name,Email,Phone Number,Job Title,Company Name,Lifecycle Stage,Country/Region",
            "hubspot",
            {"title": "Job Title", "company": "Company Name", "country": "Country/Region", "phone": "Phone Number"},
        ),
        (
            "First name,Last name,Email,Work email,Company name,Job title,LinkedIn Profile URL,Form name,Submitted at",
            "lead_gen",
            {"email": "Work email", "linkedin_url": "LinkedIn Profile URL"},
        ),
        (
            "Full Name,Title,Company,Company Website,Location,Sales Navigator URL,Email",
            "sales_navigator",
            {"full_name": "Full Name", "domain": "Company Website"},
        ),
        (
            "Vorname;Nachname;E-Mail-Adresse;Firma;Branche;Mitarbeiterzahl",
            "home_made",
            {"first_name": "Vorname", "email": "E-Mail-Adresse", "employees": "Mitarbeiterzahl"},
        ),
        (
            "Prénom;Nom;Adresse e-mail;Société;Intitulé du poste;Secteur d'activité",
            "home_made",
            {"last_name": "Nom", "company": "Société", "title": "Intitulé du poste", "industry": "Secteur d'activité"},
        ),
        (
            "Nombre;Apellidos;Correo electrónico;Empresa;Cargo;País",
            "home_made",
            {"first_name": "Nombre", "email": "Correo electrónico", "country": "País"},
        ),
        ("  EMAIL ,COMPANY", "home_made", {"email": "EMAIL", "company": "COMPANY"}),
    ],
)
def test_the_headers_of_known_exports_are_recognised(header: str, preset: str, some: dict[str, str]) -> None:
    columns = header.count(";" if ";" in header else ",")
    sheet = read(f"{header}\nx{';' * columns if ';' in header else ',' * columns}\n")
    assert sheet.preset == preset
    assert some.items() <= sheet.mapping.items()


def test_apollos_company_name_for_emails_is_no_persons_name() -> None:
    sheet = read("Company Name for Emails,Email\nAcme,a@acme.example\n")
    assert "full_name" not in sheet.mapping
    assert sheet.mapping["company"] == "Company Name for Emails"


def test_a_mapped_column_goes_before_a_recognised_one_and_is_taken_once() -> None:
    sheet = read("Email,Kontaktadresse,Company\na,b@acme.example,Acme\n", email="kontaktadresse")
    assert sheet.mapping == {"email": "Kontaktadresse", "company": "Company"}
    assert read("Name,Company\nx,y\n", company="Name", full_name="Company").mapping == {
        "company": "Name",
        "full_name": "Company",
    }


def test_an_unmatched_column_comes_with_the_option_that_takes_it() -> None:
    sheet = read("Email,Indusrty,Shoe size\na@acme.example,x,44\n")
    assert [(one.column, one.proposal) for one in sheet.unmatched] == [
        ("Indusrty", '--map industry="Indusrty"'),
        ("Shoe size", ""),
    ]


def test_a_file_whose_columns_nobody_knows_is_read_for_whoever_will_map_them() -> None:
    content = b"Kundin,Haus\nAda Engel,Northmoor\n"
    with pytest.raises(BadInput):
        read_file("leads.csv", content)
    sheet = read_file("leads.csv", content, unmapped=True)
    assert (sheet.mapping, len(sheet.rows), missing(sheet.mapping)) == ({}, 1, ("email", "full_name", "company"))
    mapped = read_file("leads.csv", content, mapping={"full_name": "Kundin", "company": "Haus"})
    assert missing(mapped.mapping) == ()
    assert missing({"company": "Haus"}) == ("email", "full_name")
    with pytest.raises(BadInput):
        read_file("leads.csv", b"anna@acme.example,Anna\nbo@acme.example,Bo\n", unmapped=True)


def test_a_broken_line_that_is_nested_too_deep_costs_itself_alone() -> None:
    sheet = read_file("leads.jsonl", b'{"email": "a@acme.example"}\n' + b'{"a":' * 50_000 + b"\n")
    assert [row.error is None for row in sheet.rows] == [True, False]


def test_a_message_says_a_mapping_as_its_reader_writes_it() -> None:
    def spelt(field: str, column: str) -> str:
        return f"{field} <- {column}"

    with pytest.raises(BadInput) as refused:
        read_file("leads.csv", b"Emial,Surname\nx,y\n", spelt=spelt)
    assert refused.value.remedy == "Try email <- Emial."


@pytest.mark.parametrize(
    ("content", "name", "mapping", "field", "words"),
    [
        (b"", "leads.csv", {}, "file", ["empty"]),
        (b"\xef\xbb\xbf \r\n\r\n", "leads.csv", {}, "file", ["empty"]),
        (
            b"anna@acme.example,Anna,Acme\nbo@acme.example,Bo,Acme\n",
            "leads.csv",
            {},
            "header",
            ["no header", "first line"],
        ),
        (b"Emial,Surname\nx,y\n", "leads.csv", {}, "email", ["`Emial`", '--map email="Emial"']),
        (b"First Name,Company\nx,y\n", "leads.csv", {}, "email", ['--map email="Column"']),
        (b"Email\n", "leads.csv", {}, "file", ["no rows"]),
        (b"Email\nx\n", "leads.csv", {"mail": "Email"}, "mail", ["no field `mail`", "email, full_name"]),
        (b"Email,Company\nx,y\n", "leads.csv", {"city": "Town"}, "city", ["no column `Town`", "`Email`, `Company`"]),
        (b"PK\x03\x04....", "leads.xlsx", {}, "file", ["Excel workbook", "CSV UTF-8"]),
        (b'[{"email": "a@acme.example"}', "leads.json", {}, "file", ["no valid JSON"]),
        (b"[]", "leads.json", {}, "file", ["no rows"]),
        (b"{oops\n{again\n", "leads.jsonl", {}, "file", ["No line"]),
        (b"[" * 100_000, "leads.json", {}, "file", ["nested too deep"]),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0", "leads.csv", {}, "file", ["no text", "CSV UTF-8"]),
        (b"\0a\x01\n\x03\0\n", "leads.csv", {}, "file", ["no text"]),
        (b",,\nx,y,z\n", "leads.csv", {}, "header", ["names no column"]),
        (b"[{}]", "leads.json", {}, "header", ["names no column"]),
        (b'[{"a": 1}]', "leads.json", {}, "email", ["`a`"]),
        (",".join(f"c{n}" for n in range(COLUMNS_MAX + 1)).encode() + b"\nx\n", "l.csv", {}, "header", ["257 columns"]),
        (b"Email," + b"c" * 600 + b"\nx,y\n", "leads.csv", {}, "header", ["500 characters"]),
    ],
)
def test_a_file_of_no_use_names_what_is_wrong_and_the_remedy(
    content: bytes, name: str, mapping: dict[str, str], field: str, words: list[str]
) -> None:
    with pytest.raises(BadInput) as refused:
        read_file(name, content, mapping=mapping)
    assert refused.value.values["field"] == field
    assert refused.value.remedy
    assert "\n" not in refused.value.sentence()
    for word in words:
        assert word in refused.value.sentence()


def test_more_rows_than_the_bound_are_refused() -> None:
    with pytest.raises(BadInput, match=f"{ROWS_MAX:,} rows"):
        read("Email\n" + "a\n" * (ROWS_MAX + 1))


HEAD = "Email,Name,Company\n"
GOOD = "a@acme.example,Anna,Acme\n"


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ('b@acme.example,"Bo,Acme\n', "quotation marks"),
        ('"b@acme.example,Bo,Acme\n', "quotation marks"),
        ('b@acme.example,"Bo" Bo,Acme\n', "quotation marks"),
        ("b@acme.example,Bo\n", "2 cells, the header 3"),
        ("b@acme.example,Bo,Acme,Berlin\n", "4 cells, the header 3"),
        (f"b@acme.example,{'x' * (CELL_CHARS_MAX + 1)},Acme\n", "64,000 characters"),
        (f"b@acme.example,{'x' * 1_000_000},Acme\n", "256,000 characters"),
        (f'b@acme.example,"{"x" * 1_000_000}",Acme\n', "256,000 characters"),
        ('b@acme.example,"' + "x y\n" * 250_000 + '",Acme\n', "256,000 characters"),
        (f'b@acme.example,"{"x" * 140_000}",Acme\n', "64,000 characters"),
        ("b@acme.example,B\0o,Acme\n", "NUL"),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else None,
)
@pytest.mark.parametrize("after", [GOOD, f'c@acme.example,"Acme, C",Acme\n{GOOD}', GOOD * 50])
def test_a_broken_row_is_refused_and_no_other(broken: str, reason: str, after: str) -> None:
    sheet = read(HEAD + GOOD + broken + after)
    assert list(errors(sheet)) == [2]
    assert reason in errors(sheet)[2]
    assert len(sheet.rows) == 2 + after.count("\n")
    assert sheet.rows[-1].cells == ("a@acme.example", "Anna", "Acme")
    assert sheet.rows[1].error is not None
    assert sheet.rows[1].error.remedy


def test_an_open_quote_swallows_no_rows_that_come_before_another() -> None:
    rows = "c@acme.example,Cy,Acme\n" * 20_000
    sheet = read(HEAD + 'b@acme.example,"Bo,Acme\n' + rows + 'd@acme.example,Di",Acme\n' + GOOD)
    assert len(sheet.rows) == 20_003
    # The last of the two has a quotation mark inside a cell, which is a character like any other.
    assert list(errors(sheet)) == [1]


def test_cells_over_several_lines_and_quotes_inside_are_read() -> None:
    sheet = read(HEAD + 'b@acme.example,"Bo ""B""\nBerg","Acme, Inc."\n\n' + GOOD + 'c@acme.example,6" Pipe,Acme\n')
    assert [row.cells[1] for row in sheet.rows] == ['Bo "B"\nBerg', "Anna", '6" Pipe']
    assert [row.line for row in sheet.rows] == [2, 5, 6]


def test_empty_cells_behind_the_header_are_dropped() -> None:
    assert read(HEAD + "b@acme.example,Bo,Acme,,\n").rows[0].cells == ("b@acme.example", "Bo", "Acme")


def test_other_line_ends_stay_inside_their_cell() -> None:
    assert read(HEAD + 'b@acme.example,B\u2028o,"Acme, X"\n').rows[0].cells == ("b@acme.example", "B\u2028o", "Acme, X")


PEOPLE = [
    {
        "email": "a@acme.example",
        "company": {"name": "Acme", "size": 120},
        "technologies": ["HubSpot", {"name": "Gong"}],
    },
    {"email": "b@acme.example", "score": 1.0, "demo requested": True, "odd": {"deep": {"er": 1}}, "none": None},
]


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("a.json", json.dumps(PEOPLE), "json"),
        ("a.json", json.dumps({"contacts": PEOPLE}, indent=1), "json"),
        ("a.txt", json.dumps(PEOPLE), "json"),
        ("a.jsonl", "\n".join(map(json.dumps, PEOPLE)), "jsonl"),
        ("a.txt", "\n\n".join(map(json.dumps, PEOPLE)) + "\n", "jsonl"),
    ],
)
def test_json_is_read_in_each_of_its_forms(name: str, text: str, kind: str) -> None:
    sheet = read(text, name)
    assert sheet.format == kind
    assert {"email", "company", "technologies", "demo_requested"} <= set(sheet.mapping)
    named = [dict(zip(sheet.header, row.cells, strict=True)) for row in sheet.rows]
    assert named[0]["company.name"] == "Acme"
    assert named[0]["technologies"] == "HubSpot; Gong"
    assert named[1]["demo requested"] == "true"
    assert "{" not in "".join(named[1].values())


def test_one_object_alone_is_one_row() -> None:
    assert len(read(json.dumps(PEOPLE[0], indent=1), "a.json").rows) == 1
    assert len(read(json.dumps(PEOPLE[0]), "a.json").rows) == 1


def test_a_broken_json_line_costs_its_row_alone() -> None:
    sheet = read('{"email": "a@acme.example"}\n{"email": \n[1]\n{"email": "c@acme.example"}\n', "a.jsonl")
    assert errors(sheet) == {2: "The line is no valid JSON.", 3: "The row is no JSON object."}
    assert [row.line for row in sheet.rows] == [1, 2, 3, 4]


def test_a_json_value_that_is_too_long_costs_its_row_alone() -> None:
    sheet = read(json.dumps([{"email": "x" * 70_000}, {"email": "a@acme.example"}]), "a.json")
    assert list(errors(sheet)) == [1]


def test_reasons_hold_nothing_of_the_row() -> None:
    sheet = read(HEAD + 'secret@acme.example,"Secret,Acme\nsecret,secret\n')
    assert errors(sheet)
    assert "ecret" not in repr([row.error for row in sheet.rows])
