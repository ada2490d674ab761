from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from facewire.errors import OutputExistsError, StorageError, UsageError, VaultError
from facewire.record import audit, encrypting
from facewire.record.backup import MAGIC, backup_before_migration, write_backup
from facewire.record.erase import erase_patient
from facewire.record.folder import DataFolder, create_data, encrypt_data, open_data
from facewire.record.restore import Opener, restore_backup
from facewire.record.store import Record
from facewire.record.vault import change_passphrase, read_vault, write_vault
from unit.record.made_folder import (
    NAME,
    PASSPHRASE,
    VIDEO,
    all_rows,
    files_with,
    fill,
    make_folder,
)


@pytest.fixture(params=[None, PASSPHRASE], ids=["plain", "encrypted"])
def passphrase(request: pytest.FixtureRequest) -> str | None:
    found: str | None = request.param
    return found


@pytest.fixture
def folder(tmp_path: Path, passphrase: str | None) -> DataFolder:
    made = make_folder(tmp_path / "data", passphrase)
    record = Record.open(made.engine())
    fill(made, record, "A-1")
    record.close()
    return made


def rows_of(folder: DataFolder) -> object:
    record = Record.open(folder.engine())
    try:
        return all_rows(record)
    finally:
        record.close()


def test_restored_rows_and_media_are_the_same(
    tmp_path: Path, folder: DataFolder, passphrase: str | None
) -> None:
    report = write_backup(folder, tmp_path / "one.fwbackup")
    assert report.files == 2
    assert report.missing == ()
    restore_backup(report.path, tmp_path / "new", Opener(passphrase))
    again = open_data(tmp_path / "new", passphrase)
    assert rows_of(again) == rows_of(folder)
    media_id = next(folder.media().ids())
    assert list(again.media().ids()) == [media_id]
    assert b"".join(again.media().read(media_id)) == VIDEO


def test_the_restored_trail_is_unbroken(
    tmp_path: Path, folder: DataFolder, passphrase: str | None
) -> None:
    write_backup(folder, tmp_path / "one.fwbackup")
    restore_backup(tmp_path / "one.fwbackup", tmp_path / "new", Opener(passphrase))
    record = Record.open(open_data(tmp_path / "new", passphrase).engine())
    with record.reading() as session:
        assert audit.check_chain(session) == ()
        assert audit.head(session).number > 0
    record.close()


@pytest.mark.slow
def test_a_backup_is_one_moment_of_a_record_in_use(
    tmp_path: Path, folder: DataFolder, passphrase: str | None
) -> None:
    record, stop = Record.open(folder.engine()), threading.Event()

    def work() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            fill(folder, record, f"B-{number}")

    worker = threading.Thread(target=work)
    worker.start()
    try:
        for name in ("one", "two"):
            report = write_backup(folder, tmp_path / name)
            assert report.missing == ()
            restore_backup(report.path, tmp_path / f"new-{name}", Opener(passphrase))
    finally:
        stop.set()
        worker.join()
        record.close()
    for name in ("one", "two"):
        rows = rows_of(open_data(tmp_path / f"new-{name}", passphrase))
        assert len(rows["patients"]) == len(rows["media"]) == len(rows["notes"])  # type: ignore[index]


def test_nothing_is_readable_in_an_encrypted_backup(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "data", PASSPHRASE)
    record = Record.open(folder.engine())
    fill(folder, record, "A-1")
    write_backup(folder, tmp_path / "one.fwbackup")
    assert files_with(tmp_path, NAME.encode(), VIDEO[:32], b"A-1-account") == []
    record.close()


def test_an_encrypted_backup_needs_its_passphrase(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "data", PASSPHRASE)
    Record.open(folder.engine()).close()
    write_backup(folder, tmp_path / "one")
    with pytest.raises(VaultError, match="passphrase of the day it was made"):
        restore_backup(tmp_path / "one", tmp_path / "new")
    with pytest.raises(VaultError, match="does not open the vault"):
        restore_backup(tmp_path / "one", tmp_path / "new", Opener("not the one it was"))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["data", "one"]


def test_the_recovery_key_opens_a_backup_too(tmp_path: Path) -> None:
    folder, recovery = create_data(tmp_path / "data", PASSPHRASE)
    Record.open(folder.engine()).close()
    write_backup(folder, tmp_path / "one")
    restore_backup(tmp_path / "one", tmp_path / "new", Opener(recovery_key=recovery))
    assert open_data(tmp_path / "new", PASSPHRASE).keys == folder.keys


def test_an_older_backup_opens_with_the_older_passphrase(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "data", PASSPHRASE)
    Record.open(folder.engine()).close()
    write_backup(folder, tmp_path / "one")
    vault = read_vault(folder.path)
    assert vault is not None
    write_vault(folder.path, change_passphrase(vault, PASSPHRASE, "quite another one"))
    restore_backup(tmp_path / "one", tmp_path / "new", Opener(PASSPHRASE))
    with pytest.raises(UsageError, match="not both"):
        Opener(PASSPHRASE, "recovery")


Change = Callable[[bytes], bytes]


def flipped(raw: bytes, place: int) -> bytes:
    return raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw[:-11_000],
        lambda raw: raw[: len(raw) // 2],
        lambda raw: flipped(raw, 5000),
        lambda raw: flipped(raw, len(raw) // 2),
        lambda raw: flipped(raw, len(raw) - 50_000),
    ],
    ids=["cut", "half", "flipped-early", "flipped-middle", "flipped-late"],
)
def test_a_damaged_backup_restores_nothing(
    tmp_path: Path, folder: DataFolder, passphrase: str | None, change: Change
) -> None:
    path = write_backup(folder, tmp_path / "one").path
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises((StorageError, VaultError)):
        restore_backup(path, tmp_path / "new", Opener(passphrase))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["data", "one"]


@pytest.mark.parametrize("content", [b"", b"MP4", MAGIC, MAGIC + b"{}\n", MAGIC + b"[]\nabc"])
def test_other_files_are_no_backup(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "one").write_bytes(content)
    with pytest.raises(UsageError, match="one is no backup of facewire"):
        restore_backup(tmp_path / "one", tmp_path / "new")


@pytest.mark.slow
def test_a_filled_folder_is_never_restored_into(tmp_path: Path, folder: DataFolder) -> None:
    write_backup(folder, tmp_path / "one")
    with pytest.raises(UsageError, match="Expected: an empty folder"):
        restore_backup(tmp_path / "one", folder.path)


def test_an_empty_folder_may_be_there(
    tmp_path: Path, folder: DataFolder, passphrase: str | None
) -> None:
    write_backup(folder, tmp_path / "one")
    (tmp_path / "new").mkdir()
    restore_backup(tmp_path / "one", tmp_path / "new", Opener(passphrase))
    assert (tmp_path / "new" / "record.sqlite").exists()


def test_a_backup_is_not_overwritten_unless_asked(tmp_path: Path, folder: DataFolder) -> None:
    write_backup(folder, tmp_path / "one")
    with pytest.raises(OutputExistsError, match="--overwrite"):
        write_backup(folder, tmp_path / "one")
    write_backup(folder, tmp_path / "one", overwrite=True)


def test_a_missing_media_file_is_named(tmp_path: Path, folder: DataFolder) -> None:
    media_id = next(folder.media().ids())
    folder.media().erase(media_id)
    assert write_backup(folder, tmp_path / "one").missing == (media_id,)


def test_an_empty_folder_has_no_backup(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no record yet"):
        write_backup(open_data(tmp_path / "data"), tmp_path / "one")
    assert not (tmp_path / "one").exists()


def test_a_folder_for_the_backup_must_be_there(tmp_path: Path, folder: DataFolder) -> None:
    with pytest.raises(UsageError, match="There is no folder"):
        write_backup(folder, tmp_path / "nowhere" / "one")


def test_an_encrypted_backup_may_not_grow(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "data", PASSPHRASE)
    path = write_backup(folder, tmp_path / "one").path
    path.write_bytes(path.read_bytes() + b"more")
    with pytest.raises(VaultError, match="altered"):
        restore_backup(path, tmp_path / "new", Opener(PASSPHRASE))


def test_a_restored_folder_never_points_at_the_old_database(
    tmp_path: Path, folder: DataFolder, passphrase: str | None
) -> None:
    settings = '[clinic]\nname = "Praxis"\n'
    (folder.path / "settings.toml").write_text(settings)
    write_backup(folder, tmp_path / "one")
    restore_backup(tmp_path / "one", tmp_path / "new", Opener(passphrase))
    assert (tmp_path / "new" / "settings.toml").read_text() == settings


@pytest.mark.slow
def test_a_copy_is_made_before_a_migration(folder: DataFolder, passphrase: str | None) -> None:
    engine = folder.engine()
    backup_before_migration(folder)(engine, "0001")
    engine.dispose()
    copies = list((folder.path / "backups").glob("before-0001-*.fwbackup"))
    assert len(copies) == 1
    restore_backup(copies[0], folder.path.parent / "new", Opener(passphrase))
    assert rows_of(open_data(folder.path.parent / "new", passphrase)) == rows_of(folder)


SLOW = """
import sys, time
from pathlib import Path
from facewire.record import backup, sealing
from facewire.record.folder import open_data
seal = sealing.StreamCipher.seal
def slow(self, *given, **named):
    print("sealing", flush=True)
    time.sleep(0.05)
    return seal(self, *given, **named)
sealing.StreamCipher.seal = slow
backup.write_backup(open_data(Path(sys.argv[1]), sys.argv[2]), Path(sys.argv[3]))
"""


@pytest.mark.slow
def test_a_killed_backup_leaves_no_half_file(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "data", PASSPHRASE)
    record = Record.open(folder.engine())
    for number in range(3):
        fill(folder, record, f"A-{number}")
    record.close()
    command = [sys.executable, "-c", SLOW, str(folder.path), PASSPHRASE, str(tmp_path / "one")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        for _ in range(2):
            process.stdout.readline()  # type: ignore[union-attr]
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert not (tmp_path / "one").exists()
    assert files_with(tmp_path, NAME.encode(), VIDEO[:32]) == []
    write_backup(folder, tmp_path / "one")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["data", "one"]
    restore_backup(tmp_path / "one", tmp_path / "new", Opener(PASSPHRASE))


# Encrypting a folder that is in use.


def test_a_folder_in_use_is_encrypted(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "data")
    record = Record.open(folder.engine())
    fill(folder, record, "A-1")
    before = all_rows(record)
    record.close()
    for part in ("uploads", "work"):
        place = folder.path / part / "left"
        place.mkdir(parents=True)
        (place / "part").write_bytes(VIDEO[:32])
    recovery = encrypt_data(folder.path, PASSPHRASE)
    assert len(recovery.split("-")) == 8
    sealed = open_data(folder.path, PASSPHRASE)
    assert rows_of(sealed) == before
    assert b"".join(sealed.media().read(next(sealed.media().ids()))) == VIDEO
    assert files_with(folder.path, NAME.encode(), VIDEO[:32], b"A-1-account") == []


def test_with_a_session_that_is_not_finished_nothing_is_encrypted(tmp_path: Path) -> None:
    """Its pictures are nowhere else: they are neither left readable nor dropped."""
    folder = make_folder(tmp_path / "data")
    pictures = folder.path / "live" / "abc" / "pictures"
    pictures.parent.mkdir(parents=True)
    pictures.write_bytes(VIDEO)
    with pytest.raises(UsageError, match="not finished"):
        encrypt_data(folder.path, PASSPHRASE)
    assert pictures.read_bytes() == VIDEO
    assert not open_data(folder.path).encrypted


@pytest.mark.slow
@pytest.mark.parametrize("stop_at", [0, 1, 2])
def test_encrypting_stopped_at_any_move_is_finished_by_the_next_opening(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop_at: int
) -> None:
    folder = make_folder(tmp_path / "data")
    record = Record.open(folder.engine())
    fill(folder, record, "A-1")
    before = all_rows(record)
    record.close()
    moved, replace = list[str](), encrypting._replace

    def move(path: Path, part: str) -> None:
        if len(moved) == stop_at:
            raise KeyboardInterrupt
        moved.append(part)
        replace(path, part)

    with monkeypatch.context() as patch:
        patch.setattr(encrypting, "_replace", move)
        with pytest.raises(KeyboardInterrupt):
            encrypt_data(folder.path, PASSPHRASE)
    assert rows_of(open_data(folder.path, PASSPHRASE)) == before


@pytest.mark.slow
def test_encrypting_that_fails_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_folder(tmp_path / "data")
    record = Record.open(folder.engine())
    fill(folder, record, "A-1")
    record.close()
    before = rows_of(folder)

    def full(*_: object) -> None:
        raise StorageError("No room")

    monkeypatch.setattr("facewire.record.encrypting._copy_media", full)
    with pytest.raises(StorageError, match="No room"):
        encrypt_data(folder.path, PASSPHRASE)
    assert rows_of(open_data(folder.path)) == before
    assert not (folder.path / "sealing").exists()


def test_a_passphrase_is_set_once(tmp_path: Path) -> None:
    make_folder(tmp_path / "data", PASSPHRASE)
    with pytest.raises(VaultError, match=r"has a passphrase already.*vault passphrase"):
        encrypt_data(tmp_path / "data", PASSPHRASE)


@pytest.mark.slow
@pytest.mark.parametrize("where", ["beside", "in the data folder", "named"])
def test_a_restored_backup_brings_nobody_back_who_was_erased_since(
    tmp_path: Path, folder: DataFolder, passphrase: str | None, where: str
) -> None:
    record = Record.open(folder.engine())
    kept = fill(folder, record, "B-2")
    out = folder.backups() if where == "in the data folder" else tmp_path
    backup = write_backup(folder, out / "monday.fwbackup").path
    erase_patient(folder, record, "A-1", "asked for in writing")
    record.close()
    named = None
    if where != "in the data folder":
        named = tmp_path / ("erased.txt" if where == "beside" else "list.txt")
        shutil.copy(folder.path / "erased.txt", named)
    report = restore_backup(
        backup, tmp_path / "new", Opener(passphrase), erased=named if where == "named" else None
    )
    restored = open_data(tmp_path / "new", passphrase)
    again = Record.open(restored.engine())
    assert [row[0] for row in all_rows(again)["patients"]] == [kept.patient_id]
    again.close()
    assert list(restored.media().ids()) == [kept.media_id]
    assert report.erased == 1
    assert (restored.path / "erased.txt").read_text() == (folder.path / "erased.txt").read_text()


def test_without_a_list_nobody_says_that_all_are_still_erased(
    tmp_path: Path, folder: DataFolder, passphrase: str | None
) -> None:
    backup = write_backup(folder, tmp_path / "one.fwbackup").path
    record = Record.open(folder.engine())
    erase_patient(folder, record, "A-1", "asked for in writing")
    record.close()
    assert restore_backup(backup, tmp_path / "new", Opener(passphrase)).erased is None
    # A later backup carries the list, so that it goes with the record to another machine.
    later = write_backup(folder, tmp_path / "two.fwbackup").path
    restore_backup(later, tmp_path / "moved", Opener(passphrase))
    told = (tmp_path / "moved" / "erased.txt").read_text()
    assert told == (folder.path / "erased.txt").read_text()


def test_a_list_of_erased_patients_that_is_not_there_is_said(
    tmp_path: Path, folder: DataFolder, passphrase: str | None
) -> None:
    backup = write_backup(folder, tmp_path / "one.fwbackup").path
    with pytest.raises(UsageError, match="There is no file"):
        restore_backup(backup, tmp_path / "new", Opener(passphrase), erased=tmp_path / "none.txt")
    assert not (tmp_path / "new").exists()
