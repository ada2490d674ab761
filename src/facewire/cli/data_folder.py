"""`facewire backup`, `restore` and `erase`: what is done to a whole data folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from facewire.cli.data_options import (
    DataOption,
    PassphraseFileOption,
    find_passphrase,
    first_line,
    need_folder,
)
from facewire.cli.screen import remarks, results


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
) -> None:
    """Restore a backup into an empty folder; every file is checked against its hash."""
    from facewire.record.restore import Opener, restore_backup

    recovery = None if recovery_file is None else first_line(recovery_file)
    passphrase = find_passphrase(passphrase_file) if recovery is None else None
    report = restore_backup(file, data, Opener(passphrase, recovery), url=url)
    rows = f", {report.rows} rows" if report.rows else ""
    kind = "encrypted" if report.encrypted else "not encrypted"
    results().print(f"{report.path}: {report.files} files{rows} restored, {kind}", soft_wrap=True)


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
) -> None:
    """Erase a patient for good: identity, visits, files, accounts. It cannot be undone."""
    from facewire.record.erase import erase_patient
    from facewire.record.folder import open_data
    from facewire.record.store import Record

    need_folder(data)
    folder = open_data(data, find_passphrase(passphrase_file))
    record = Record.open(folder.engine())
    try:
        report = erase_patient(folder, record, patient, reason)
    finally:
        record.close()
    results().print(f"Erased: {report.rows} rows, {report.files} files.")
    for left in report.backups:
        remarks().print(f"This backup may still hold the patient: {left}", soft_wrap=True)
