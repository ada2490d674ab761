"""`facewire restore`: a backup back into an empty folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from facewire.cli.data_options import PassphraseFileOption, find_passphrase, first_line
from facewire.cli.screen import results


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
