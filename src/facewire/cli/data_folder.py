"""`facewire backup`, `restore`, `erase` and `vault`: what is done to a whole data folder.

Nothing is ever asked for: passphrases come from a file or the environment.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from facewire.cli.data_options import (
    NEW_VARIABLE,
    DataOption,
    NewPassphraseFileOption,
    PassphraseFileOption,
    find_passphrase,
    first_line,
    need_folder,
    need_passphrase,
)
from facewire.cli.screen import remarks, results
from facewire.cli.serve import say_recovery_key
from facewire.errors import UsageError
from facewire.files import refuse_existing

if TYPE_CHECKING:
    from facewire.record.vault import Vault


def backup(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The backup to write.", show_default=False)
    ],
    data: DataOption,
    passphrase_file: PassphraseFileOption = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace a file that is there already.")
    ] = False,
) -> None:
    """Copy record, media and vault into one file; encrypted when the data folder is."""
    from facewire.record.backup import write_backup
    from facewire.record.folder import open_data

    refuse_existing(file, overwrite=overwrite)
    need_folder(data)
    folder = open_data(data, find_passphrase(passphrase_file))
    report = write_backup(folder, file, overwrite=overwrite)
    kind = "encrypted" if folder.encrypted else "not encrypted"
    results().print(
        f"{report.path}: {report.files} files, {report.size_bytes / 1e6:.1f} MB, {kind}",
        soft_wrap=True,
    )
    if report.missing:
        remarks().print(f"The record names media that are not there: {', '.join(report.missing)}")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The backup.", show_default=False)],
    data: Annotated[
        Path, typer.Option(metavar="NEWDIR", help="An empty folder.", show_default=False)
    ],
    passphrase_file: PassphraseFileOption = None,
    recovery_file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="First line is the recovery key, in place of the passphrase.",
            show_default=False,
        ),
    ] = None,
    url: Annotated[
        str | None,
        typer.Option(help="Empty database for a record that was on PostgreSQL."),
    ] = None,
    erased: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="A data folder's erased.txt: nobody on it comes back.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Restore a backup into an empty folder; every file is checked against its hash."""
    from facewire.record.restore import Opener, restore_backup

    recovery = None if recovery_file is None else first_line(recovery_file)
    passphrase = find_passphrase(passphrase_file) if recovery is None else None
    report = restore_backup(file, data, Opener(passphrase, recovery), url=url, erased=erased)
    rows = f", {report.rows} rows" if report.rows else ""
    kind = "encrypted" if report.encrypted else "not encrypted"
    results().print(f"{report.path}: {report.files} files{rows} restored, {kind}", soft_wrap=True)
    for fault in report.faults:
        remarks().print(
            f"The audit trail was changed before the backup was made: row {fault.number}, "
            f"{fault.what}.",
            soft_wrap=True,
        )
    if report.erased is None:
        remarks().print(
            "No list says who was erased since this backup was made: whoever was is back. Restore "
            "with --erased and the erased.txt of the data folder in use, or erase them again.",
            soft_wrap=True,
        )
    if report.erased:
        remarks().print(f"Patients who were erased since, and are erased here too: {report.erased}")


def erase(
    data: DataOption,
    patient: Annotated[
        str, typer.Option(metavar="CODE", help="The patient's code.", show_default=False)
    ],
    reason: Annotated[
        str,
        typer.Option(help="Why, without a name: it stays in the trail.", show_default=False),
    ],
    passphrase_file: PassphraseFileOption = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Erase; without it the command says what would go.")
    ] = False,
) -> None:
    """Erase a patient for good: identity, visits, files, accounts. It cannot be undone."""
    from facewire.record.erase import erase_patient, what_would_go
    from facewire.record.folder import open_data
    from facewire.record.places import PLACES
    from facewire.record.store import Record

    need_folder(data)
    folder = open_data(data, find_passphrase(passphrase_file))
    record = Record.open(folder.engine())
    try:
        if yes:
            report = erase_patient(folder, record, patient, reason)
        else:
            report = what_would_go(folder, record, patient)
    finally:
        record.close()
    results().print("Erased:" if yes else "This would be erased:")
    if len(report.codes) > 1:
        results().print(f"  all records of this person: {', '.join(report.codes)}", soft_wrap=True)
    results().print(f"  rows of the record: {report.rows}")
    for place in PLACES:
        results().print(f"  {place.holds}: {report.removed[place.name]}", soft_wrap=True)
    results().print("What remains: the audit trail, with ids and without names.")
    for left in report.backups:
        made = datetime.fromtimestamp(left.stat().st_mtime).astimezone()
        remarks().print(
            f"This backup of {made:%Y-%m-%d} may still hold the patient: {left}", soft_wrap=True
        )
    if not yes:
        raise UsageError("Nothing was erased yet", do="say --yes to erase all of it for good")


def places(data: DataOption, passphrase_file: PassphraseFileOption = None) -> None:
    """Say what lies where in a data folder, and what of it no row of the record owns."""
    from facewire.record.folder import open_data
    from facewire.record.places import PATIENCE, states
    from facewire.record.store import Record

    need_folder(data)
    folder = open_data(data, find_passphrase(passphrase_file))
    record = Record.open(folder.engine())
    try:
        found = states(folder, record)
    finally:
        record.close()
    for state in found:
        results().print(f"{state.place.name}: {state.count} ({state.place.holds})", soft_wrap=True)
        for name, since in state.unowned.items():
            left = (
                "is gone for the record"
                if name in state.gone
                else f"unknown since {since:%Y-%m-%d}"
            )
            remarks().print(f"  without an owner: {name}, {left}", soft_wrap=True)
    if any(state.unowned for state in found):
        days = PATIENCE.days
        remarks().print(
            f"The app removes what is gone at once, and what is unknown after {days} days."
        )


account = typer.Typer(help="Accounts of a data folder.", no_args_is_help=True)


@account.command("password")
def password(
    data: DataOption,
    name: Annotated[
        str, typer.Option(metavar="NAME", help="The name to sign in with.", show_default=False)
    ],
    passphrase_file: PassphraseFileOption = None,
) -> None:
    """Give an account a new password, shown once: the way back when nobody can sign in."""
    from facewire.record.folder import open_data
    from facewire.record.people import let_in_again
    from facewire.record.store import Record

    need_folder(data)
    folder = open_data(data, find_passphrase(passphrase_file))
    record = Record.open(folder.engine())
    try:
        with record.writing() as session:
            found, new = let_in_again(session, name)
            role = found.role
    finally:
        record.close()
    results().print(f"New password of {name} ({role}): {new}", soft_wrap=True, highlight=False)
    remarks().print("It is shown this once. All sessions of the account have ended.")


vault = typer.Typer(help="Passphrase and recovery key of a data folder.", no_args_is_help=True)


@vault.command("create")
def create(data: DataOption, passphrase_file: PassphraseFileOption = None) -> None:
    """Set a passphrase: encrypt a data folder, new or in use; stop the app first."""
    from facewire.record.folder import FolderLock, encrypt_data

    passphrase = need_passphrase(passphrase_file)
    with FolderLock(data):
        recovery = encrypt_data(data, passphrase)
    say_recovery_key(recovery)


@vault.command("passphrase")
def passphrase(
    data: DataOption,
    passphrase_file: PassphraseFileOption = None,
    new_passphrase_file: NewPassphraseFileOption = None,
) -> None:
    """Change the passphrase; data and recovery key stay as they are."""
    from facewire.record.vault import change_passphrase, write_vault

    old = need_passphrase(passphrase_file)
    new = need_passphrase(new_passphrase_file, NEW_VARIABLE)
    write_vault(data, change_passphrase(_vault_of(data), old, new))
    results().print("The passphrase was changed. Older backups still open with the old one.")


@vault.command("recover")
def recover(
    data: DataOption,
    recovery_file: Annotated[
        Path, typer.Option(metavar="FILE", help="First line: the recovery key.")
    ],
    new_passphrase_file: NewPassphraseFileOption = None,
) -> None:
    """Set a new passphrase with the recovery key, when the old one is lost."""
    from facewire.record.vault import recover as reopen
    from facewire.record.vault import write_vault

    new = need_passphrase(new_passphrase_file, NEW_VARIABLE)
    write_vault(data, reopen(_vault_of(data), first_line(recovery_file), new))
    results().print("The new passphrase is set.")


@vault.command("recovery-key")
def recovery_key(data: DataOption, passphrase_file: PassphraseFileOption = None) -> None:
    """Make a new recovery key; the old print opens the data no more."""
    from facewire.record.vault import new_recovery_key, write_vault

    vault, recovery = new_recovery_key(_vault_of(data), need_passphrase(passphrase_file))
    write_vault(data, vault)
    say_recovery_key(recovery)


def _vault_of(data: Path) -> Vault:
    from facewire.record.vault import read_vault

    need_folder(data)
    vault = read_vault(data)
    if vault is None:
        raise UsageError(
            f"The data folder {data} is not encrypted", do="use `facewire vault create` first"
        )
    return vault
