"""Files beside a result: the signals table and the key frames, taken only when they belong to it.

A file is used when it lies inside the folder and its SHA-256 is the one the result names; otherwise
the page says why it was left out.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from facewire.results.measurement import Measurement, StoredFile
from facewire.results.pictures import KeyFrame, KeyFrames, Mesh
from facewire.words import translate

if TYPE_CHECKING:
    import polars as pl

MAX_IMAGES_BYTES = 2_400_000
"""Bytes of pictures in one page; base64 makes them a third larger, and a page stays near 4 MB."""


@dataclass(frozen=True)
class Signals:
    """The signals table, or why there is none.

    Parameters
    ----------
    table : polars.DataFrame or None
        ``time_s`` and one column per channel, mm; null where lost.
    missing : str
        Why there is none; empty when there is one.
    """

    table: pl.DataFrame | None
    missing: str = ""


@dataclass(frozen=True)
class Frames:
    """The list of key frames and where their pictures lie, or why there are none.

    Parameters
    ----------
    entries : tuple of KeyFrame
        Pixels of the upright crop.
    folder : Path or None
        Folder of the pictures.
    mm_per_px : float or None
        Scale that all pictures share.
    missing : str
        Why there are none.
    """

    entries: tuple[KeyFrame, ...] = ()
    folder: Path | None = None
    mm_per_px: float | None = None
    missing: str = ""


def load_signals(result: Measurement, folder: Path | None) -> Signals:
    """Load the signals table that belongs to a result."""
    path, missing = _find(result, folder, "signals")
    if path is None:
        return Signals(None, missing)
    import polars as pl

    try:
        return Signals(pl.read_parquet(path))
    except (pl.exceptions.PolarsError, OSError):
        return Signals(None, translate("the signals table cannot be read"))


def load_frames(result: Measurement, folder: Path | None) -> Frames:
    """Load the list of key frames that belongs to a result."""
    path, missing = _find(result, folder, "frames")
    if path is None:
        return Frames(missing=missing)
    try:
        stored = KeyFrames.model_validate_json(path.read_bytes())
    except (OSError, ValueError):
        return Frames(missing=translate("the list of key frames cannot be read"))
    if not stored.frames:
        return Frames(missing=translate("no key frame was kept"))
    return Frames(stored.frames, path.parent, stored.mm_per_px)


def load_mesh(result: Measurement, folder: Path | None) -> tuple[Mesh | None, str]:
    """Load the mesh of the face that belongs to a result; None with the reason when there is none.

    Raises
    ------
    UsageError
        The file is there but is no mesh.
    """
    path, missing = _find(result, folder, "mesh")
    return (None, missing) if path is None else (Mesh.read(path), "")


def image_address(folder: Path, name: str) -> str | None:
    """Return a JPEG of the folder as a data address; None when it is missing or no JPEG."""
    if Path(name).name != name:
        return None
    try:
        data = (folder / name).read_bytes()
    except OSError:
        return None
    if not data.startswith(b"\xff\xd8\xff"):
        return None
    return "data:image/jpeg;base64," + base64.b64encode(data).decode("ascii")


def _find(result: Measurement, folder: Path | None, kind: str) -> tuple[Path | None, str]:
    if folder is None:
        return None, translate("the report was made from the result file alone")
    entry: StoredFile | None = getattr(result.files, kind)
    if entry is None:
        return None, translate("none was kept with this result")
    path = folder / entry.path
    if not path.resolve().is_relative_to(folder.resolve()):
        return None, translate("the result names a file outside its folder")
    if not path.is_file():
        return None, translate("the file {name} is not beside the result").format(name=path.name)
    if hashlib.sha256(path.read_bytes()).hexdigest() != entry.sha256:
        return None, translate("the file {name} is not the one of this result").format(
            name=path.name
        )
    return path, ""
