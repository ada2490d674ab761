"""`facewire vault`: passphrase and recovery key of a data folder. Nothing is ever asked for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from facewire.cli.data_options import (
    NEW_VARIABLE,
    DataOption,
    NewPassphraseFileOption,
    PassphraseFileOption,
    first_line,
    need_folder,
    need_passphrase,
)
from facewire.cli.screen import results
from facewire.cli.serve import say_recovery_key
from facewire.errors import UsageError

if TYPE_CHECKING:
    from facewire.record.vault import Vault

app = typer.Typer(help="Passphrase and recovery key of a data folder.", no_args_is_help=True)


@app.command("create")
def create(data: DataOption, passphrase_file: PassphraseFileOption = None) -> None:
    """Set a passphrase: encrypt a data folder, new or in use; stop the app first."""
    from facewire.record.folder import FolderLock, encrypt_data

    passphrase = need_passphrase(passphrase_file)
    with FolderLock(data):
        recovery = encrypt_data(data, passphrase)
    say_recovery_key(recovery)


@app.command("passphrase")
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


@app.command("recover")
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


@app.command("recovery-key")
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
