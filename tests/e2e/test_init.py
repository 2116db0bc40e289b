"""From an empty folder to a run over real people: `swarm init`, what is missing, and the refusal until nothing is."""

from pathlib import Path

import pytest

from tests.e2e.console import on_terminal, swarm
from tests.own_offer import OWN_OFFER

LEADS = (
    b"First Name,Last Name,Title,Company,Email,Employees,Industry\n"
    b"Ada,Vale,CEO,Umberford Software,ada.vale@umberford-software.com,120,Software\n"
)
RUN = ("run", "--mode", "production", "--yes", "--input", "leads.csv")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of the user's own, with a list in it."""
    (tmp_path / "leads.csv").write_bytes(LEADS)
    return tmp_path


def test_off_a_terminal_the_files_are_written_to_be_filled_in(shared_home: Path, folder: Path) -> None:
    told = swarm(shared_home, "init", "--json", cwd=folder)
    assert (told.code, told.err) == (0, "")
    assert (told.json["written"], told.json["kept"]) == (["offer.toml", "swarm.toml"], [])
    missing = {one["key"] for one in told.json["missing"]}
    assert missing >= {"company", "sender_address", "postal_address", "line", "time_zone", "proofs[1].evidence"}
    refused = swarm(shared_home, *RUN, cwd=folder)
    refused.failed_with(3, "your offer is not whole", *missing)
    assert all(key in refused.out for key in missing)
    assert swarm(shared_home, *RUN, "--json", cwd=folder).json["error"]["slug"] == "not-set-up"
    assert swarm(shared_home, "runs", "--json", cwd=folder).json["total"] == 0


def test_what_is_there_is_never_written_over(shared_home: Path, folder: Path) -> None:
    own, settings = folder / "offer.toml", folder / "swarm.toml"
    own.write_text(OWN_OFFER.read_text())
    settings.write_text('namespace = "mine"\n')
    told = swarm(shared_home, "init", cwd=folder)
    assert (told.code, told.err) == (0, "")
    assert "Left as it was: swarm.toml and offer.toml" in told.out
    assert 'add the line offer = "offer.toml"' in told.out
    assert (own.read_text(), settings.read_text()) == (OWN_OFFER.read_text(), 'namespace = "mine"\n')


def test_a_person_is_asked_and_then_can_start(shared_home: Path, folder: Path) -> None:
    answers = [
        ("Your company: ", "Tidewater Calibration"),
        ("Who signs the e-mails: ", "Ines Brandt"),
        ("Their title: ", "Managing Partner"),
        ("Their e-mail address: ", "ines at tidewater"),
        ("sender_address is no e-mail address. Write it as name@company.example.", ""),
        ("Their e-mail address: ", "ines@tidewater.example"),
        ("The address for answers [ines@tidewater.example]: ", ""),
        ("Your postal address, on one line: ", "3 Quay Road, Bristol BS1 4QA, United Kingdom"),
        ("somebody who does not know you: ", "At Tidewater Calibration we keep your measuring devices within limits."),
        ("What shows that this is true: ", "Service description, section 1."),
        ("(empty: nothing): ", ""),
        ("(empty: none): ", ""),
        ("A sentence that may be said about you (empty: no more): ", "One visit a year covers every device."),
        ("What shows that this is true: ", "Service description, section 2."),
        ("Another sentence that may be said about you (empty: no more): ", ""),
        ("The language of the e-mails [en]: ", ""),
        ("Your time zone", "Europe/London"),
    ]
    with on_terminal(shared_home, "init", "--namespace", "asked", cwd=folder) as person:
        for question, answer in answers:
            person.until(question)
            if "Write it as" not in question:
                person.type(f"{answer}\n")
        screen = person.rest()
        assert person.ended() == 0, screen
    assert "to fill in" not in screen
    told = swarm(shared_home, *RUN, "--json", cwd=folder)
    assert (told.code, told.err) == (0, "")
    assert (told.json["namespace"], told.json["status"]) == ("asked", "waiting_for_review")
    draft = swarm(shared_home, "queue", "--json", cwd=folder).json["drafts"][0]
    shown = swarm(shared_home, "show", draft["email_id"], "--json", cwd=folder).json
    assert shown["content"]["sender"] == "Ines Brandt <ines@tidewater.example>"
    assert "3 Quay Road" in shown["content"]["text"]
    assert "Fieldnote" not in shown["content"]["text"]


def test_real_rows_never_get_into_the_demonstration(shared_home: Path, folder: Path) -> None:
    (folder / "offer.toml").write_text(OWN_OFFER.read_text())
    env = {"SWARM_OFFER": "offer.toml"}
    swarm(shared_home, *RUN, "--namespace", "demo", cwd=folder, env=env).failed_with(3, "demonstration", "--namespace")
    swarm(shared_home, "init", "--namespace", "demo", cwd=folder).failed_with(3, "demonstration")
    sandbox = swarm(shared_home, "run", "--mode", "sandbox", "--namespace", "demo", "--json", cwd=folder, env=env)
    drafted = swarm(shared_home, "tail", "--json", "--type", "email.drafted", "--namespace", "demo", cwd=folder).out
    assert sandbox.code == 0
    assert "Fieldnote" in drafted
    assert "Tidewater" not in drafted


def test_invented_people_are_written_to_by_the_demonstration_until_the_offer_is_whole(
    shared_home: Path, folder: Path
) -> None:
    told = swarm(shared_home, "run", "--mode", "sandbox", "--namespace", "early", cwd=folder)
    assert (told.code, told.err) == (0, "")
    assert "the demonstration's stands in" in told.out


def test_doctor_lists_what_is_missing_until_nothing_is(shared_home: Path, folder: Path) -> None:
    def offer() -> list[tuple[str, bool | None]]:
        checks = swarm(shared_home, "doctor", "--json", cwd=folder).json["checks"]
        return [(one["found"], one["ok"]) for one in checks if one["name"] == "offer"]

    assert offer() == [("offer is not set.", None)]
    assert swarm(shared_home, "init", cwd=folder).code == 0
    missing = offer()
    assert ("postal_address is empty.", False) in missing
    assert len(missing) == 11
    assert swarm(shared_home, "doctor", cwd=folder).code == 1
    (folder / "offer.toml").write_text(OWN_OFFER.read_text())
    [(found, ok)] = offer()
    assert ok
    assert "Tidewater Calibration, Ines Brandt <ines.brandt@tidewater.example>, en, Europe/London; hash " in found
