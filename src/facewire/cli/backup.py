"""`facewire backup`: the record and its media in one file, while the app runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from facewire.cli.data_options import (
    DataOption,
    PassphraseFileOption,
    find_passphrase,
    need_folder,
)
from facewire.cli.screen import remarks, results


def backup(
    data: DataOption,
    out: Annotated[
        Path, typer.Option(metavar="FILE", help="The backup to write.", show_default=False)
    ],
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
    report = write_backup(folder, out, overwrite=overwrite)
    kind = "encrypted" if folder.encrypted else "not encrypted"
    results().print(
        f"{report.path}: {report.files} files, {report.size_bytes / 1e6:.1f} MB, {kind}",
        soft_wrap=True,
    )
    if report.missing:
        remarks().print(f"The record names media that are not there: {', '.join(report.missing)}")
