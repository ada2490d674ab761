"""`facewire erase`: everything about one patient, for good."""

from __future__ import annotations

from typing import Annotated

import typer

from facewire.cli.data_options import (
    DataOption,
    PassphraseFileOption,
    find_passphrase,
    need_folder,
)
from facewire.cli.screen import remarks, results


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
    for backup in report.backups:
        remarks().print(f"This backup may still hold the patient: {backup}", soft_wrap=True)
