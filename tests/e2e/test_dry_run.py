"""A dry run shows what a file says and what would come of it, and records nothing."""

import csv
from pathlib import Path
from shlex import split

import pytest

from tests.e2e.console import swarm
from tests.own_offer import WITH_OFFER

FRENCH = (
    "Liste de contacts;;;;;\n"
    "Prénom;Nom;Société;Fonction;Adr. perso;Effectif\n"
    "Zoé;Lefèvre;Atelier Brûlé;Directrice générale;zoe.lefevre@atelier-brule.fr;120\n"
    "Éric;Garçon;Forêt & Fils;Directeur commercial;;50-200\n"
    "Anaïs;;;;;\n"
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mes contacts.csv"
    path.write_bytes(FRENCH.encode("cp1252"))
    return path


def test_it_shows_how_the_file_is_read_every_column_leads_and_counts(shared_home: Path, file: Path) -> None:
    told = swarm(shared_home, "run", "--mode", "dry_run", "--input", str(file))
    assert (told.code, told.err) == (0, "")
    lines = [" ".join(line.split()) for line in told.out.splitlines()]
    for line in (
        "Dry run over mes contacts.csv: nothing is recorded",
        "Namespace main. SHADOW: nothing leaves this machine.",
        "format: csv, cp1252, semicolon",
        "holds: 3 rows, 6 columns; 1 line before the header passed over",
        "Prénom first name its name",
        'Adr. perso nothing it holds e-mail addresses; to take it: --map email="Adr. perso"',
        "Effectif employees its name",
        "The first 2 rows as leads",
        "rows: 2 sourced + 0 updated + 0 duplicate + 1 refused + 0 not taken = 3 rows",
        "unwritten: 2 leads without an e-mail address; kept until one comes.",
        "1 refused row",
    ):
        assert line in lines, told.out
    assert f"run --mode production --input '{file}' --refused refused.csv" in told.out
    assert swarm(shared_home, "runs", "--json").json["total"] == 0


def test_what_is_mapped_is_taken_and_said_again_in_the_next_command(shared_home: Path, file: Path) -> None:
    told = swarm(shared_home, "run", "--mode", "dry_run", "--input", str(file), "--map", "email=Adr. perso")
    assert "Adr. perso   email         you say so" in told.out
    assert "--map 'email=Adr. perso' --refused" in told.out
    assert "unwritten: 1 lead without" in told.out


def test_everything_that_was_asked_for_is_in_the_next_command(shared_home: Path, file: Path, tmp_path: Path) -> None:
    asked = ("--as-of", "2026-03-02", "--limit", "2", "--segment", "tier_4", "--draft", "tier_4,needs_data")
    refused = tmp_path / "not these.csv"
    told = swarm(shared_home, "run", "--mode", "dry_run", "--input", str(file), *asked, "--refused", str(refused))
    assert told.out.rstrip().endswith(
        f"--input '{file}' {' '.join(asked[:4])} {' '.join(asked[4:])} --refused '{refused}'"
    )
    again = swarm(shared_home, *split(told.out.rstrip().rpartition("\n")[2])[1:], "--yes", env=WITH_OFFER)
    assert (again.code, again.err) == (0, "")
    assert "not taken = 3 rows" in again.out


def test_people_that_a_source_invents_are_the_same_in_the_next_command(shared_home: Path) -> None:
    shown = swarm(shared_home, "run", "--mode", "dry_run", "--source", "event_saastr", "--limit", "1")
    assert "not taken = 1 row\n" in shown.out
    following = shown.out.rstrip().rpartition("\n")[2]
    assert "run --mode sandbox --source event_saastr --limit 1 --seed " in following
    assert swarm(shared_home, *split(following)[1:]).code == 0
    again = swarm(shared_home, *split(following.replace("sandbox", "dry_run"))[1:], "--json")
    assert (again.json["rows"]["sourced"], again.json["rows"]["duplicate"]) == (0, 1)


def test_mended_rows_are_not_written_over_by_the_next_command(shared_home: Path, tmp_path: Path) -> None:
    path = tmp_path / "refused.csv"
    path.write_text("Name,Email,Company\nAnna Ahrens,anna@acme.example,Acme\n")
    told = swarm(shared_home, "run", "--mode", "dry_run", "--input", str(path))
    assert told.out.rstrip().endswith("--refused still-refused.csv")


def test_a_wrong_column_is_doubted_with_the_right_one(shared_home: Path, file: Path) -> None:
    told = swarm(shared_home, "run", "--mode", "dry_run", "--input", str(file), "--map", "email=Fonction")
    assert "none of its first 2 values is an e-mail address." in told.out
    assert '`Adr. perso` looks like it: --map email="Adr. perso".' in told.out


def test_a_file_that_cannot_be_used_is_shown_all_the_same(shared_home: Path, tmp_path: Path) -> None:
    path = tmp_path / "leads.csv"
    path.write_text("Wer,Womit\nAnna,anna@acme.example\n")
    told = swarm(shared_home, "run", "--mode", "dry_run", "--input", str(path))
    told.failed_with(2, "neither an e-mail address", '--map email="Womit"')
    assert "it holds e-mail addresses" in told.out
    told = swarm(shared_home, "run", "--mode", "dry_run", "--input", str(path), "--json")
    assert told.code == 2
    assert told.json["error"]["slug"] == "bad-input"
    assert [one["field"] for one in told.json["unmatched"]] == ["", "email"]
    assert told.json["rows"]["refused"] == 1


def test_the_refused_rows_of_a_dry_run_are_written_too(shared_home: Path, file: Path, tmp_path: Path) -> None:
    refused = tmp_path / "refused.csv"
    told = swarm(shared_home, "run", "--mode", "dry_run", "--input", str(file), "--refused", str(refused))
    assert f"1 refused row in {refused}" in told.out
    with refused.open(encoding="utf-8-sig", newline="") as lines:
        [row] = csv.DictReader(lines)
    assert (row["Prénom"], row["row"], row["field"]) == ("Anaïs", "3", "email")


def test_a_run_over_a_doubtful_column_says_so_before_it_begins(shared_home: Path, file: Path) -> None:
    mapped = ("--input", str(file), "--map", "email=Fonction", "--synthetic")
    told = swarm(shared_home, "run", "--mode", "staging", *mapped)
    assert told.out.startswith(
        "Look twice: `email` is taken from the column `Fonction`, and none of its first 2 values"
    )


def test_a_mapping_is_kept_by_name_offered_again_and_dropped(shared_home: Path, file: Path) -> None:
    dry_run = ("run", "--mode", "dry_run", "--input", str(file))
    mapped = ("--map", "email=Adr. perso", "--map", "country=Fonction")
    told = swarm(shared_home, *dry_run, *mapped, "--save-map", "crm")
    assert "--map-name crm --refused" in told.out
    assert told.out.endswith("The mapping is kept as crm: take it again with --map-name crm.\n")
    told = swarm(shared_home, *dry_run)
    assert (
        "Kept for this header\n  email from Adr. perso, country from Fonction; to take it again: --map-name crm"
        in told.out
    )
    told = swarm(shared_home, *dry_run, "--map-name", "crm", "--map", "title=Fonction", "--json")
    assert (told.json["mapping"]["email"], told.json["mapping"]["title"]) == ("Adr. perso", "Fonction")
    assert "country" not in told.json["mapping"]
    assert [one["name"] for one in told.json["kept"]] == ["crm"]
    assert "it was kept as crm" in swarm(shared_home, *dry_run, "--map-name", "crm").out
    swarm(shared_home, *dry_run, "--map-name", "events").failed_with(2, "'events' is kept", "There are: crm.")
    swarm(shared_home, *dry_run, "--save-map", "crm").failed_with(2, "nothing is said")
    assert [one["name"] for one in swarm(shared_home, "mappings", "--json").json["mappings"]] == ["crm"]
    assert "crm is dropped" in swarm(shared_home, "mappings", "drop", "crm").out
    assert "No mapping is kept" in swarm(shared_home, "mappings").out
