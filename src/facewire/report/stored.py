"""Files beside a result, taken only when they belong to it, and the photo sheet of the key frames.

A file is used when it lies inside the folder and its SHA-256 is the one the result names; otherwise
the page says why it was left out.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from facewire.face import MOVEMENTS, Movement, Side
from facewire.results.measurement import Measurement, StoredFile
from facewire.results.pictures import KeyFrame, KeyFrames, Mesh
from facewire.words import movement_name, plain, sentence, translate

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


@dataclass(frozen=True)
class Point:
    """A landmark in picture pixels; ``role`` is ``affected``, ``other`` or ``middle``."""

    x: float
    y: float
    role: str


@dataclass(frozen=True)
class Outline:
    """A closed contour: ``points`` in SVG form, and the ``role`` of its side."""

    points: str
    role: str


@dataclass(frozen=True)
class FrameView:
    """One picture.

    Parameters
    ----------
    name : str
        Its name inside the page; the landmarks refer to the picture by it.
    entry : KeyFrame
        What is shown, when in the recording, and its size; all pictures share one scale.
    address : str
        The JPEG as a data address.
    points, outlines : tuple
        Landmarks and contours of the lids.
    """

    name: str
    entry: KeyFrame
    address: str
    points: tuple[Point, ...]
    outlines: tuple[Outline, ...]


@dataclass(frozen=True)
class FramesView:
    """The parts "Photo sheet" and "Landmarks"; ``missing`` says why there are none.

    Parameters
    ----------
    width_px : int
        The widest picture; every picture is drawn at its own share of it.
    bar_px, bar_mm : float
        A scale bar, or 0 when the scale is unknown.
    left_out : int
        Pictures left out to keep the page small.
    """

    frames: tuple[FrameView, ...]
    missing: str
    width_px: int = 0
    bar_px: float = 0.0
    bar_mm: float = 0.0
    left_out: int = 0


def frames_view(result: Measurement, stored: Frames) -> FramesView:
    """Gather rest and the apex of each movement, in the order of a photo sheet."""
    if stored.folder is None:
        return FramesView((), stored.missing)
    side = result.side_affected
    chosen = _chosen(stored.entries, result)
    views, used = [], 0
    for i, entry in enumerate(chosen):
        address = image_address(stored.folder, entry.file)
        if address is None or used + len(address) > MAX_IMAGES_BYTES:
            continue
        used += len(address)
        views.append(_frame(entry, f"frame-{i}", address, side))
    if not views:
        return FramesView((), translate("the pictures are missing or cannot be read"))
    return FramesView(
        frames=tuple(views),
        missing="",
        width_px=max(view.entry.width_px for view in views),
        bar_px=20 / stored.mm_per_px if stored.mm_per_px else 0.0,
        bar_mm=20 if stored.mm_per_px else 0.0,
        left_out=len(chosen) - len(views),
    )


def _chosen(entries: Iterable[KeyFrame], result: Measurement) -> list[KeyFrame]:
    """Return one picture at rest and one apex per movement, of a kept repetition if there is."""
    kept = {(r.movement, r.repetition) for r in result.repetitions if r.kept}
    rest = [e for e in entries if e.phase == "rest"]
    rest.sort(key=lambda e: (e.movement != "rest", e.time_s))
    chosen = rest[:1]
    for movement in MOVEMENTS:
        own = [e for e in entries if e.phase == "apex" and e.movement == movement]
        own.sort(key=lambda e: ((e.movement, e.repetition) not in kept, e.repetition))
        chosen += own[:1]
    return chosen


def _frame(entry: KeyFrame, name: str, address: str, side: Side | None) -> FrameView:
    contours = {Side.LEFT: entry.eye_contour_L, Side.RIGHT: entry.eye_contour_R}
    return FrameView(
        name=name,
        entry=entry,
        address=address,
        points=tuple(
            Point(round(x, 1), round(y, 1), _role(label, side))
            for label, (x, y) in entry.points_px.items()
        ),
        outlines=tuple(
            Outline(" ".join(f"{x:.1f},{y:.1f}" for x, y in line), _role(f"_{key}", side))
            for key, line in contours.items()
            if line
        ),
    )


def frame_title(entry: KeyFrame) -> str:
    """Say what a picture shows: rest, or a movement."""
    if entry.phase == "rest":
        return translate("Rest")
    return sentence(movement_name(Movement(entry.movement)))


def frame_time(entry: KeyFrame) -> str:
    """Say when in the recording a picture was."""
    time = plain(entry.time_s)
    if entry.phase == "rest":
        return translate("at {time} s").format(time=time)
    text = translate("repetition {number}, at {time} s")
    return text.format(number=entry.repetition, time=time)


def _role(label: str, side: Side | None) -> str:
    if not label.endswith(("_L", "_R")):
        return "middle"
    return "affected" if label.endswith(f"_{side or Side.RIGHT}") else "other"
