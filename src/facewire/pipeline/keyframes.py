"""Pictures of rest and of each apex: upright, all at one scale, with the measured points."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from facewire.face import SIDES, Region, Side
from facewire.files import storing, write_whole
from facewire.landmarks import Track
from facewire.landmarks.detectors.crop import Square, cut_rgb, jpeg_of
from facewire.landmarks.points import (
    CHIN,
    EYE_LOWER_MID,
    EYE_UPPER_MID,
    FOREHEAD,
    N_MESH,
    OUTER_CORNERS,
)
from facewire.motion import MotionSignals
from facewire.motion.eyes import EYE_ROW
from facewire.motion.regions import REGION_POINTS
from facewire.movements import MovementSet
from facewire.results.document import document_text
from facewire.results.pictures import KeyFrame, KeyFrames, Point
from facewire.video import Frame, frames_at

FloatArray = NDArray[np.float64]

PICTURE_PX = 400
WIDTH_MM = 210.0
QUALITY = 85
LIST = "frames.json"


@dataclass(frozen=True)
class KeyTime:
    """A moment to show."""

    movement: str
    repetition: int
    phase: Literal["rest", "apex"]
    time_s: float

    @property
    def file(self) -> str:
        """Name of its picture."""
        return f"{self.movement}_{self.repetition}_{self.phase}.jpg"


def key_times(movements: MovementSet) -> list[KeyTime]:
    """Return the opening rest and the middle of each kept hold."""
    start, end = movements.opening_rest_s
    rest = KeyTime("rest", 1, "rest", (start + end) / 2)
    holds = [
        KeyTime(str(r.movement), r.repetition, "apex", (r.apex_start_s + r.apex_end_s) / 2)
        for r in movements.repetitions
        if r.kept
    ]
    return [rest, *holds]


def write_key_frames(
    video: Path, folder: Path, track: Track, signals: MotionSignals, movements: MovementSet
) -> Path:
    """Write the pictures and ``frames.json``; return the path of the latter.

    Parameters
    ----------
    video : Path
        The recording.
    folder : Path
        Where the pictures go.
    track : LandmarkTrack
        Points of every frame, sides resolved.
    signals : MotionSignals
        Scale and blinks.
    movements : MovementSet
        Which moments to show.
    """
    clear_key_frames(folder)
    wanted = _frame_indices(track, signals, key_times(movements))
    rows: list[KeyFrame] = []
    mm_per_px = WIDTH_MM / PICTURE_PX
    times_s = {index: float(track.times_s[index]) for index in wanted}
    unsure = bool(track.source.damaged_frames or track.source.dropped_frames)
    with closing(frames_at(video, times_s, straight=unsure)) as frames:
        for frame in frames:
            keys = wanted[frame.index]
            rows += [_write_picture(frame, key, folder, track, signals) for key in keys]
    rows.sort(key=lambda row: row.time_s)
    path = folder / LIST
    listed = KeyFrames(mm_per_px=mm_per_px, frames=tuple(rows))
    write_whole(path, document_text(listed.model_dump(mode="json")).encode())
    return path


def clear_key_frames(folder: Path) -> None:
    """Remove the pictures of an earlier measurement, which may be of another person."""
    path = folder / LIST
    if not path.is_file():
        return
    with storing(folder):
        for picture in _listed(path.read_bytes()):
            (folder / picture).unlink(missing_ok=True)
        path.unlink()


def _listed(text: bytes) -> list[str]:
    """Return the names of the pictures in a list, without folders; none when it is damaged."""
    try:
        return [Path(row["file"]).name for row in json.loads(text)["frames"]]
    except (ValueError, KeyError, TypeError):
        return []


def _frame_indices(
    track: Track, signals: MotionSignals, keys: list[KeyTime]
) -> dict[int, list[KeyTime]]:
    """Nearest measured, unblinking frame to each moment."""
    good = np.isfinite(signals.position_mm[:, 0])
    wanted: dict[int, list[KeyTime]] = {}
    for key in keys:
        distance = np.abs(track.times_s - key.time_s)
        closing = key.movement.startswith("eye_close")
        usable = good if closing else good & ~signals.blink
        if usable.any():
            index = int(np.argmin(np.where(usable, distance, np.inf)))
            wanted.setdefault(index, []).append(key)
    return wanted


def _write_picture(
    frame: Frame, key: KeyTime, folder: Path, track: Track, signals: MotionSignals
) -> KeyFrame:
    mirrored = bool(track.source.mirrored)
    square = _square(track.mesh_at([frame.index])[0], signals)
    filmed = (
        Square(
            float(track.source.width_px or 0) - square.center_x_px,
            square.center_y_px,
            square.size_px,
            -square.turn_rad,
        )
        if mirrored
        else square
    )
    rgb = cut_rgb(frame, filmed, PICTURE_PX, mirrored=mirrored)
    write_whole(folder / key.file, jpeg_of(rgb, QUALITY))
    return KeyFrame(
        file=key.file,
        movement=key.movement,
        repetition=key.repetition,
        phase=key.phase,
        time_s=round(float(frame.time_s), 4),
        width_px=PICTURE_PX,
        height_px=PICTURE_PX,
        **_points(track, frame.index, square),
    )


def _square(points_px: NDArray[np.float32], signals: MotionSignals) -> Square:
    """Return where the face is, upright, at one scale for the whole recording."""
    plane = points_px[:N_MESH, :2].astype(np.float64)
    right, left = plane[list(OUTER_CORNERS)]
    axis = left - right
    middle = (plane[FOREHEAD] + plane[CHIN]) / 2
    return Square(
        float(middle[0]),
        float(middle[1]),
        WIDTH_MM / signals.scale.mm_per_px,
        float(np.arctan2(axis[1], axis[0])),
    )


def _points(track: Track, index: int, square: Square) -> dict[str, Any]:
    if track.corrected_px is None or track.eyes_px is None:
        return {}
    mesh = _into(track.corrected_px[index].astype(np.float64), square)
    eyes = _into(track.eyes_px[index].astype(np.float64), square)
    named: dict[str, Point] = {}
    for (region, side), points in REGION_POINTS.items():
        name = str(region) if side is None else f"{region}_{side}"
        chosen = points[:1] if region is Region.CHIN else points
        named[name] = _pair(mesh[list(chosen)].mean(axis=0))
    contours: dict[str, tuple[Point, ...]] = {}
    for side in SIDES:
        eye = eyes[EYE_ROW[Side(side)]]
        named[f"eye_upper_{side}"] = _pair(eye[EYE_UPPER_MID])
        named[f"eye_lower_{side}"] = _pair(eye[EYE_LOWER_MID])
        order = [*range(9), *range(15, 8, -1)]
        contours[f"eye_contour_{side}"] = tuple(_pair(point) for point in eye[order])
    return {"points_px": named, **contours}


def _pair(point: FloatArray) -> Point:
    x, y = point.round(1).tolist()
    return x, y


def _into(points: FloatArray, square: Square) -> FloatArray:
    """Picture pixels to pixels of the cut."""
    offset = points - np.array([square.center_x_px, square.center_y_px])
    cos, sin = np.cos(square.turn_rad), np.sin(square.turn_rad)
    turned = np.stack(
        [offset[..., 0] * cos + offset[..., 1] * sin, -offset[..., 0] * sin + offset[..., 1] * cos],
        axis=-1,
    )
    inside: FloatArray = (turned / square.size_px + 0.5) * PICTURE_PX
    return inside
