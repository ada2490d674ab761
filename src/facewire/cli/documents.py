"""Files that commands write: never over one that is there, never half."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from facewire.errors import OutputExistsError, StorageError, UsageError


def refuse_existing(path: Path, *, overwrite: bool) -> None:
    """Raise `OutputExistsError` when a file is there and may not be replaced."""
    if path.exists() and not overwrite:
        raise OutputExistsError(
            f"The file {path} exists", do="name another one, or add --overwrite"
        )


def document_text(value: object, depth: int = 0) -> str:
    """Return a document as JSON to read: an entry a line, a list of numbers on one line.

    Parameters
    ----------
    value : object
        A document or a part of it.
    depth : int, optional
        How deep it lies, for the indentation.

    Raises
    ------
    ValueError
        A number is not finite: JSON has none such.
    """
    if isinstance(value, Mapping) and value:
        parts = [f"{_plain(str(k))}: {document_text(v, depth + 1)}" for k, v in value.items()]
        start, end = "{}"
    elif isinstance(value, list | tuple) and not all(_is_number(one) for one in value):
        parts = [document_text(one, depth + 1) for one in value]
        start, end = "[]"
    else:
        return _plain(value)
    inner, outer = "\n" + " " * (depth + 1), "\n" + " " * depth
    return f"{start}{inner}{(',' + inner).join(parts)}{outer}{end}"


def _is_number(value: object) -> bool:
    return value is None or isinstance(value, int | float)


def _plain(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


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
    try:
        document = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UsageError(
            f"The file {path} cannot be read",
            expected=wanted,
            found=error.strerror or str(error),
            do="check the path",
        ) from error
    except ValueError as error:
        raise UsageError(
            f"The file {path} is not JSON", expected=wanted, found=str(error)
        ) from error
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
    text = document_text(document) + "\n"
    passing = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        passing.write_text(text, encoding="utf-8")
        passing.replace(path)
    except OSError as error:
        with suppress(OSError):
            passing.unlink(missing_ok=True)
        raise StorageError(
            f"The file {path} cannot be written",
            found=error.strerror or str(error),
            do="make room, or name another folder",
        ) from error
