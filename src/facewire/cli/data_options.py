"""What the commands on a data folder share: the folder, and the passphrase without a prompt."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from facewire.cli.screen import remarks
from facewire.errors import UsageError

VARIABLE = "FACEWIRE_PASSPHRASE"
NEW_VARIABLE = "FACEWIRE_NEW_PASSPHRASE"
_OTHERS_MAY_READ = 0o077

DataOption = Annotated[
    Path,
    typer.Option("--data", metavar="DIR", help="The data folder.", show_default=False),
]
PassphraseFileOption = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file",
        metavar="FILE",
        help=f"First line is the passphrase; else {VARIABLE}.",
        show_default=False,
    ),
]
NewPassphraseFileOption = Annotated[
    Path | None,
    typer.Option(
        "--new-passphrase-file",
        metavar="FILE",
        help=f"First line is the new passphrase; else {NEW_VARIABLE}.",
        show_default=False,
    ),
]


def find_passphrase(file: Path | None, variable: str = VARIABLE) -> str | None:
    """Return the passphrase from a file or the environment; ``None`` where neither is given.

    The variable is removed, so that no process started from here inherits it.

    Raises
    ------
    UsageError
        The file cannot be read or holds nothing.
    """
    inherited = os.environ.pop(variable, None)
    if file is None:
        return inherited or None
    return first_line(file)


def first_line(file: Path) -> str:
    """Return the first line of a file that holds a secret; say when other users may read it.

    Raises
    ------
    UsageError
        It cannot be read or holds nothing.
    """
    try:
        others = file.stat().st_mode & _OTHERS_MAY_READ
        secret = (file.read_text("utf-8").splitlines() or [""])[0].strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"The file {file} cannot be read", expected="a text file with one line"
        ) from error
    if not secret:
        raise UsageError(f"The file {file} is empty", expected="a text file with one line")
    if others:
        remarks().print(f"Other users may read {file}: chmod 600 it.", soft_wrap=True)
    return secret


def need_folder(data: Path) -> None:
    """Refuse a data folder that is not there, so that a mistyped one is not made.

    Raises
    ------
    UsageError
        There is none.
    """
    if not data.is_dir():
        raise UsageError(f"There is no data folder {data}", do="check --data")


def need_passphrase(file: Path | None, variable: str = VARIABLE) -> str:
    """Return the passphrase, as `find_passphrase`; refuse to go on without one."""
    passphrase = find_passphrase(file, variable)
    if passphrase is None:
        option = "--passphrase-file" if variable == VARIABLE else "--new-passphrase-file"
        raise UsageError("A passphrase is needed", expected=f"{option} FILE, or {variable}")
    return passphrase
