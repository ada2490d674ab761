"""Files that commands read and write which have no type of their own yet."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from facewire.errors import UsageError
from facewire.files import read_json, refuse_existing, write_whole
from facewire.results.document import document_text

__all__ = ["read_entries", "refuse_existing", "write_document"]


def read_entries(path: Path, wanted: str) -> dict[str, Any]:
    """Read named entries that no published schema describes, such as answers.

    Parameters
    ----------
    path : Path
        A JSON file.
    wanted : str
        What it should be, for the message.

    Raises
    ------
    UsageError
        The file cannot be read, is not JSON, or holds no named entries.
    """
    document = read_json(path, wanted)
    if not isinstance(document, dict):
        raise UsageError(f"The file {path} holds no named entries", expected=wanted)
    return document


def write_document(path: Path, document: Mapping[str, Any]) -> None:
    """Write a document whole or not at all; NaN is refused because JSON has none.

    Raises
    ------
    StorageError
        The folder cannot be written, or the disk is full.
    """
    write_whole(path, (document_text(document) + "\n").encode())
