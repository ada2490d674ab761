from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from serving import PASSPHRASE, run

from facewire.errors import SignInError
from facewire.record.folder import FolderLock, open_data
from facewire.record.patients import find_by_code
from facewire.record.people import (
    FREE_ATTEMPTS,
    NewAccount,
    check_password,
    create_account,
)
from facewire.record.same_person import join
from facewire.record.sessions import find_session, open_session
from facewire.record.store import Record
from unit.record.made_folder import all_rows, fill, make_folder

OTHER = "eight loud herons fly off"
NO_PASSPHRASE = "A passphrase is needed"


def recovery_key_of(text: str) -> str:
    found = re.search(r"Recovery key: (\S+)", text)
    assert found is not None
    return found[1]


def secret(path: Path, text: str) -> str:
    path.write_text(text + "\n")
    path.chmod(0o600)
    return str(path)


@pytest.mark.slow
def test_a_folder_in_use_gets_a_passphrase_changes_it_and_is_recovered(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "data")
    data = ("--data", str(folder.path))
    made = run("vault", "create", *data, FACEWIRE_PASSPHRASE=PASSPHRASE)
    assert made.returncode == 0
    key = recovery_key_of(made.stdout)
    both = {"FACEWIRE_PASSPHRASE": PASSPHRASE, "FACEWIRE_NEW_PASSPHRASE": OTHER}
    assert run("vault", "passphrase", *data, **both).returncode == 0
    assert open_data(folder.path, OTHER).encrypted
    typed = secret(tmp_path / "key.txt", key.lower().replace("-", " "))
    again = ("--recovery-file", typed, "--new-passphrase-file")
    back = run("vault", "recover", *data, *again, secret(tmp_path / "new.txt", PASSPHRASE))
    assert (back.returncode, back.stderr) == (0, "")
    renewed = run("vault", "recovery-key", *data, FACEWIRE_PASSPHRASE=PASSPHRASE)
    assert recovery_key_of(renewed.stdout) != key
    refused = run("vault", "recover", *data, *again, secret(tmp_path / "new.txt", OTHER))
    assert refused.returncode == 1
    assert "of another vault" in refused.stderr


@pytest.mark.parametrize("command", ["create", "passphrase"])
def test_it_never_asks_for_a_passphrase(tmp_path: Path, command: str) -> None:
    refused = run("vault", command, "--data", str(tmp_path))
    assert refused.returncode == 2
    assert NO_PASSPHRASE in refused.stderr


def test_a_folder_without_vault_has_no_passphrase_to_change(tmp_path: Path) -> None:
    refused = run("vault", "recovery-key", "--data", str(tmp_path), FACEWIRE_PASSPHRASE=OTHER)
    assert refused.returncode == 2
    assert "is not encrypted" in refused.stderr


def test_a_folder_in_use_by_a_server_is_not_encrypted(tmp_path: Path) -> None:
    with FolderLock(tmp_path):
        refused = run("vault", "create", "--data", str(tmp_path), FACEWIRE_PASSPHRASE=OTHER)
    assert refused.returncode == 1
    assert "is in use" in refused.stderr


def test_the_passphrase_leaves_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from facewire.cli.data_options import find_passphrase

    monkeypatch.setenv("FACEWIRE_PASSPHRASE", OTHER)
    assert find_passphrase(None) == OTHER
    assert "FACEWIRE_PASSPHRASE" not in os.environ
    assert find_passphrase(None) is None


def test_a_passphrase_file_that_others_may_read_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from facewire.cli.data_options import find_passphrase

    path = Path(secret(tmp_path / "passphrase.txt", OTHER))
    assert find_passphrase(path) == OTHER
    assert capsys.readouterr().err == ""
    path.chmod(0o644)
    find_passphrase(path)
    assert "Other users may read" in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe\n"])
def test_a_passphrase_file_holds_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "passphrase.txt"
    path.write_bytes(content)
    refused = run("vault", "create", "--data", str(tmp_path), "--passphrase-file", str(path))
    assert refused.returncode == 2
    assert "a text file with one line" in refused.stderr


LEFT = """\
  rows of the record: 16
  videos, tracks, pictures and results of measurements: 1
  parts of videos on their way: 0
  pictures of live recordings that are not finished: 0
  what is measured just now, readable; with a passphrase in memory alone: 0
What remains: the audit trail, with ids and without names.
"""


@pytest.mark.slow
def test_a_person_is_let_in_again_from_the_terminal(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "data")
    record = Record.open(folder.engine())
    with record.writing() as session:
        new = NewAccount("ann.lee", "Ann", "three calm herons", "administrator")
        token = open_session(session, create_account(session, new), datetime.now(UTC))
        for _ in range(FREE_ATTEMPTS):
            with pytest.raises(SignInError):
                check_password(session, "ann.lee", "wrong words here", datetime.now(UTC))
    given = ("account", "password", "--data", str(folder.path))
    said = run(*given, "--name", "Ann.Lee")
    assert said.returncode == 0
    password = said.stdout.split(": ")[1].strip()
    assert find_session(record, token, datetime.now(UTC)) is None
    with record.writing() as session:
        assert check_password(session, "ann.lee", password, datetime.now(UTC)).active
    record.close()
    unknown = run(*given, "--name", "nobody")
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert "Nobody signs in with this name" in unknown.stderr


def test_what_no_row_owns_is_named(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "data")
    folder.media().write([b"a face"], media_id="stray")
    said = run("places", "--data", str(folder.path))
    assert said.returncode == 0
    assert said.stdout.startswith("media: 1 (videos, tracks, pictures and results")
    assert f"without an owner: stray, unknown since {datetime.now(UTC):%Y-%m-%d}" in said.stderr
    assert "what is unknown after 7 days" in said.stderr


def test_the_other_record_of_a_joined_person_is_named_before_it_goes(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "data")
    record = Record.open(folder.engine())
    ids = []
    for code in ("A-1", "B-2"):
        fill(folder, record, code)
        with record.reading() as session:
            ids.append(find_by_code(session, code).id)
    with record.writing() as session:
        join(session, *ids)
    record.close()
    given = ("--data", str(folder.path), "--patient", "B-2", "--reason", "asked for in writing")
    asked = run("erase", *given)
    assert asked.returncode == 2
    assert "all records of this person: A-1, B-2" in asked.stdout


@pytest.mark.slow
def test_a_patient_is_erased_by_command(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "data")
    record = Record.open(folder.engine())
    fill(folder, record, "A-1")
    record.close()
    given = ("--data", str(folder.path), "--patient", "A-1", "--reason", "asked for in writing")
    backup = folder.backups() / "monday.fwbackup"
    assert run("backup", str(backup), "--data", str(folder.path)).returncode == 0
    asked = run("erase", *given)
    assert (asked.returncode, asked.stdout) == (2, "This would be erased:\n" + LEFT)
    assert "Nothing was erased yet" in asked.stderr
    erased = run("erase", *given, "--yes")
    assert (erased.returncode, erased.stdout) == (0, "Erased:\n" + LEFT)
    assert f"may still hold the patient: {backup}" in erased.stderr
    record = Record.open(folder.engine())
    assert all_rows(record)["patients"] == []
    record.close()
    again = run("erase", *given)
    assert again.returncode == 1
    assert "No patient has this code" in again.stderr


@pytest.mark.parametrize(
    "command",
    [
        ("backup", "x"),
        ("erase", "--patient", "A-1", "--reason", "why"),
        ("vault", "recover", "--recovery-file", "x"),
    ],
)
def test_a_mistyped_folder_is_not_made(tmp_path: Path, command: tuple[str, ...]) -> None:
    nowhere = tmp_path / "nowhere"
    refused = run(*command, "--data", str(nowhere), FACEWIRE_NEW_PASSPHRASE=OTHER)
    assert refused.returncode == 2
    assert "There is no data folder" in refused.stderr
    assert not nowhere.exists()
