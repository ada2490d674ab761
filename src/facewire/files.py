"""Writing and reading files: whole or not at all, never over one that is there unasked."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tomllib
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from glob import escape as glob_escape
from importlib import resources
from pathlib import Path
from typing import Any, BinaryIO

from facewire.errors import OutputExistsError, StorageError, UsageError

PART = ".part"
"""Ending of a file that is being written; what is left of one after a stop is rubbish."""

_CHUNK_BYTES = 1 << 20


def _write_errors() -> tuple[type[Exception], ...]:
    """Return what a failed write raises: Polars reports a full disk as an error of its own."""
    polars = sys.modules.get("polars")
    return (OSError,) if polars is None else (OSError, polars.exceptions.PolarsError)


@contextmanager
def storing(path: Path) -> Iterator[None]:
    """Turn a failed write into one clear error.

    Raises
    ------
    StorageError
        The disk is full or the folder cannot be written.
    """
    try:
        yield
    except _write_errors() as error:
        raise StorageError(
            f"{path.name} cannot be written",
            expected="a folder that can be written, with room",
            found=getattr(error, "strerror", None) or str(error),
            do="make room on the disk, correct the rights, or name another folder; what was "
            "stored before is kept",
        ) from error


def read_failure(path: Path, error: OSError) -> StorageError:
    """Make the error of a stored file that cannot be read."""
    return StorageError(
        f"{path.name} cannot be read",
        found=error.strerror or "an error of the disk",
        do="check that it is there and its rights",
    )


@contextmanager
def whole_path(path: Path, *, private: bool = False) -> Iterator[Path]:
    """Give a passing path to write to; it takes the file's name once the block has ended well.

    The folder is made where it is missing. When the block fails nothing is left, and what was
    there stays. After a power cut either the old or the new file is there, whole.

    Parameters
    ----------
    path : Path
        The file that will be there.
    private : bool
        Readable to its owner only, from its first byte on.

    Raises
    ------
    StorageError
        The disk is full or the folder cannot be written.
    """
    part = path.with_name(f".{path.name}-{uuid.uuid4().hex[:8]}{PART}")
    with storing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            if private:
                new_private_file(part)
            yield part
            _sync(part)
            part.replace(path)
            sync_folder(path.parent)
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)


@contextmanager
def whole_file(path: Path, *, private: bool = False) -> Iterator[BinaryIO]:
    """Open a file that appears under its name only when complete and on disk; see `whole_path`."""
    with whole_path(path, private=private) as part, part.open("wb") as file:
        yield file


def write_whole(path: Path, content: bytes | Iterable[bytes], *, private: bool = False) -> None:
    """Write bytes to a file, whole or not at all; see `whole_path`."""
    with whole_file(path, private=private) as file:
        for chunk in (content,) if isinstance(content, bytes) else content:
            file.write(chunk)


def refuse_existing(*paths: Path | None, overwrite: bool) -> None:
    """Refuse outputs that are there already, all named at once, unless they may be replaced.

    Raises
    ------
    UsageError
        Two of them are one file, or one is ``-``: only ``--json -`` means standard output.
    OutputExistsError
        At least one of them exists.
    """
    given = [path for path in paths if path is not None]
    if any(path.parts[:1] == ("-",) for path in given):
        raise UsageError(
            "This output cannot go to standard output",
            expected="the name of a file or a folder; only --json takes -",
            found="-",
            do="name a place",
        )
    if len({path.absolute() for path in given}) < len(given):
        raise UsageError(
            "Two outputs are one file",
            expected="a place for each",
            found=", ".join(map(str, given)),
            do="name another place for one of them",
        )
    there = [str(path) for path in given if os.path.exists(path)]  # noqa: PTH110 - also too long
    if there and not overwrite:
        raise OutputExistsError(
            f"The output {', '.join(there)} is there already",
            do="name another place, or allow it with --overwrite",
        )


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable: a new or a removed file stays so after a power cut."""
    if os.name == "nt":
        return  # Windows opens no folder, and writes its names through
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep_parts(path: Path) -> None:
    """Remove what an interrupted writing of this file left beside it."""
    for part in path.parent.glob(f".{glob_escape(path.name)}-*{PART}"):
        part.unlink(missing_ok=True)


def new_private_file(path: Path) -> Path:
    """Make an empty file that only its owner can read, and return it.

    Raises
    ------
    StorageError
        It cannot be made.
    """
    with storing(path):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    return path


def private_folder(folder: Path) -> Path:
    """Make a folder that only its owner can enter, with its parents, and return it.

    Raises
    ------
    StorageError
        It cannot be made.
    """
    with storing(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
    return folder


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, hexadecimal; read in pieces.

    Raises
    ------
    UsageError
        The file cannot be read.
    """
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while piece := file.read(_CHUNK_BYTES):
                digest.update(piece)
    except OSError as error:
        raise UsageError(
            f"The file {path} cannot be read", found=error.strerror or "", do="check the path"
        ) from error
    return digest.hexdigest()


def read_input(path: Path, wanted: str) -> bytes:
    """Return the bytes of a file that a user named.

    Parameters
    ----------
    path : Path
    wanted : str
        What it should be, for the message.

    Raises
    ------
    UsageError
        The file cannot be read.
    """
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a null character in its name
        raise UsageError(
            f"The file {path} cannot be read",
            expected=wanted,
            found=getattr(error, "strerror", None) or str(error),
            do="name the file in this folder" if path.is_dir() else "check the path",
        ) from error


def read_json(path: Path, wanted: str) -> Any:
    """Return what a JSON file holds; UTF-8 and UTF-16, with or without a byte order mark.

    Parameters
    ----------
    path : Path
    wanted : str
        What it should be, for the message.

    Raises
    ------
    UsageError
        The file cannot be read, or is not JSON.
    """
    return parse_json(read_input(path, wanted), str(path), wanted)


def read_toml(path: Path, called: str, wanted: str) -> dict[str, Any]:
    """Return what a TOML file holds that a user named.

    Parameters
    ----------
    path : Path
    called : str
        What it is for, such as ``course``, for the message.
    wanted : str
        What should stand in it.

    Raises
    ------
    UsageError
        The file cannot be read, or is no TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError(
            f"The {called} {path.name} cannot be read",
            expected=f"a TOML file with {wanted}",
            found=str(error),
            do="check the path, and the file at the place named",
        ) from error


@cache
def packaged_table(package: str, name: str) -> dict[str, Any]:
    """Return a table of facts that lies beside the code of a package.

    Parameters
    ----------
    package, name : str
        Such as ``facewire.plan`` and ``rules.toml``.
    """
    return tomllib.loads(resources.files(package).joinpath(name).read_text("utf-8"))


def parse_json(content: bytes, name: str, wanted: str) -> Any:
    """Return what JSON bytes hold, in any Unicode encoding; see `read_json`."""
    try:
        text = decoded(content)
        values = json.loads(text, parse_constant=_refuse_constant)
        if "\\u" in text:
            json.dumps(values, ensure_ascii=False).encode()  # half a character: no text
        return values
    except (ValueError, RecursionError) as error:
        raise UsageError(
            f"The file {name} is not JSON",
            expected=wanted,
            found=str(error),
            do="check that it is the right file, and whole",
        ) from error


def decoded(content: bytes) -> str:
    """Return text in the encoding that its first bytes tell: a mark, UTF-16 without one, UTF-8.

    Raises
    ------
    UnicodeDecodeError
        The bytes are no text; a ValueError.
    """
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if content.startswith(mark):
            return content.decode(encoding)
    if len(content) > 1 and 0 in content[:2]:
        return content.decode("utf-16-be" if content[0] == 0 else "utf-16-le")
    return content.decode("utf-8")


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")
