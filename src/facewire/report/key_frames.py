"""Key frames: the photo sheet, and the same pictures with the landmarks drawn on them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from facewire.face import MOVEMENTS, Movement, Side
from facewire.report.stored import MAX_IMAGES_BYTES, Frames, image_address
from facewire.results.measurement import Measurement
from facewire.results.pictures import KeyFrame
from facewire.words import movement_name, plain, sentence, translate


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
    title, time : str
        What is shown, and when in the recording.
    address : str
        The JPEG as a data address.
    width_px, height_px : int
        Size; all pictures share one scale.
    points, outlines : tuple
        Landmarks and contours of the lids.
    """

    name: str
    title: str
    time: str
    address: str
    width_px: int
    height_px: int
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
        width_px=max(view.width_px for view in views),
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
        title=_title(entry),
        time=_time(entry),
        address=address,
        width_px=entry.width_px,
        height_px=entry.height_px,
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


def _title(entry: KeyFrame) -> str:
    if entry.phase == "rest":
        return translate("Rest")
    return sentence(movement_name(Movement(entry.movement)))


def _time(entry: KeyFrame) -> str:
    time = plain(entry.time_s)
    if entry.phase == "rest":
        return translate("at {time} s").format(time=time)
    text = translate("repetition {number}, at {time} s")
    return text.format(number=entry.repetition, time=time)


def _role(label: str, side: Side | None) -> str:
    if not label.endswith(("_L", "_R")):
        return "middle"
    return "affected" if label.endswith(f"_{side or Side.RIGHT}") else "other"
