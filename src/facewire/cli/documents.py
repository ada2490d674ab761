"""Files that commands write: never over one that is there, never half."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from facewire.errors import OutputExistsError, StorageError


def refuse_existing(path: Path, *, overwrite: bool) -> None:
    """Raise `OutputExistsError` when a file is there and may not be replaced."""
    if path.exists() and not overwrite:
        raise OutputExistsError(
            f"The file {path} exists", do="name another one, or add --overwrite"
        )


def write_document(path: Path, document: Mapping[str, Any]) -> None:
    """Write a document whole or not at all; NaN is refused because JSON has none.

    Raises
    ------
    StorageError
        The folder cannot be written, or the disk is full.
    """
    text = json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    passing = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        passing.write_text(text, encoding="utf-8")
        passing.replace(path)
    except OSError as error:
        passing.unlink(missing_ok=True)
        raise StorageError(
            f"The file {path} cannot be written",
            found=error.strerror or str(error),
            do="make room, or name another folder",
        ) from error
