"""Where and when a change is implanted: along the person's own movements, on their own landmarks.

In: the track, signals and movements of the unedited recording. Out: a copy of it in which one
side of the face does what it does not do by itself, and how many millimetres that is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from facewire.face import EYE_CLOSURES, Movement, Region, Side
from facewire.files import whole_path
from facewire.landmarks import Track
from facewire.landmarks.points import N_MESH
from facewire.motion import MotionSettings, MotionSignals, compute_motion, fix_head
from facewire.movements import Cue, locate_movements
from facewire.movements.even import EvenSignals, drives, even_signals
from facewire.phantom.warp import FaceLines, FacePlane, Sizes, edited
from facewire.results.measurement import Repetition
from facewire.video import Frame, open_video
from facewire.video.writing import write_video

FloatArray = NDArray[np.float64]

MOUTH_MOVEMENTS = (Movement.SMILE_CLOSED, Movement.SMILE_OPEN, Movement.LIP_PUCKER)
"""With these the lids and the brow are moved; with the closures the mouth corner."""
IMPLANTED: dict[Region, tuple[Movement, ...]] = {
    Region.EYE: MOUTH_MOVEMENTS,
    Region.COMMISSURE: tuple(EYE_CLOSURES),
    Region.BROW: MOUTH_MOVEMENTS,
}
ORIGIN = 168
LEAST_WAY_MM = 0.35
"""A movement smaller than this gives no course to follow."""
DEAD_PART = 0.05
"""Below this part of its hold the movement counts as rest, and as near its hold from above."""
BEFORE_S, AFTER_S, TAPER_S = 0.15, 0.4, 0.1


@dataclass(frozen=True)
class Stage:
    """The unedited recording, ready for implants.

    Parameters
    ----------
    times_s : ndarray, shape (n_frames,)
        Of all frames.
    points_px : ndarray, shape (n_frames, 468, 2)
        The face network's points as filmed, mean over three frames; NaN where there are none.
    px_per_mm : ndarray, shape (n_frames, 2, 2)
        See `FacePlane`; NaN where the head's pose is not known.
    mouth, closure : ndarray, shape (n_frames,)
        How far a movement of the mouth, or a closure, has gone: 0 at rest, 1 in its hold.
    repetitions : tuple of Repetition
        Those of the movements above that could be used.
    """

    times_s: FloatArray
    points_px: FloatArray
    px_per_mm: FloatArray
    mouth: FloatArray
    closure: FloatArray
    repetitions: tuple[Repetition, ...]

    def plane(self, frame: int) -> FacePlane | None:
        """Return the head's frontal plane in a frame; None where the head is not known."""
        origin, px_per_mm = self.points_px[frame, ORIGIN], self.px_per_mm[frame]
        if not (np.isfinite(origin).all() and np.isfinite(px_per_mm).all()):
            return None
        return FacePlane(origin, px_per_mm)


def set_stage(track: Track, cues: tuple[Cue, ...] | None) -> Stage:
    """Prepare a recording for implants.

    Parameters
    ----------
    track : Track
        Of the unedited recording, as filmed.
    cues : tuple of Cue or None
        Its cue sheet.
    """
    motion = MotionSettings()
    head = fix_head(track, motion)
    signals = compute_motion(track, motion, head)
    repetitions = locate_movements(signals, cues).repetitions
    n = len(track.times_s)
    px_per_mm = np.full((n, 2, 2), np.nan)
    scale = head.pose.scale / head.mm_per_unit
    px_per_mm[head.usable] = head.pose.rotation[:, :2, :2] * scale[:, None, None]
    mesh = track.mesh_at(np.arange(n))[:, :N_MESH, :2].astype(np.float64)
    even = even_signals(signals)
    courses = [
        sum(
            (_course(even, signals, r) for r in repetitions if r.movement in movements),
            np.zeros(n),
        )
        for movements in (MOUTH_MOVEMENTS, EYE_CLOSURES)
    ]
    asked = {*MOUTH_MOVEMENTS, *EYE_CLOSURES}
    return Stage(
        track.times_s,
        _smoothed(mesh),
        px_per_mm,
        np.minimum(courses[0], 1.0),
        np.minimum(courses[1], 1.0),
        tuple(r for r in repetitions if r.kept and r.movement in asked),
    )


def _smoothed(points: FloatArray) -> FloatArray:
    """Mean of each frame and its neighbours; a frame beside a lost one stays as it is."""
    out = points.copy()
    if len(points) > 2:
        mean = (points[:-2] + points[1:-1] + points[2:]) / 3.0
        out[1:-1] = np.where(np.isfinite(mean), mean, points[1:-1])
    return out


def _course(even: EvenSignals, signals: MotionSignals, one: Repetition) -> FloatArray:
    """Return how far a repetition has gone in each frame: 0 at rest, 1 in its hold."""
    closing = one.movement in EYE_CLOSURES
    position = even.position_mm if closing else even.through_blinks_mm
    way = drives(position, one.movement).mean(axis=0)
    rest = np.median(way[even.between(one.rest_start_s, one.rest_end_s)])
    hold = np.median(way[even.between(one.apex_start_s, one.apex_end_s)])
    if not hold - rest > LEAST_WAY_MM:
        return np.zeros(len(signals.times_s))
    start, end = one.onset_s - BEFORE_S, one.end_s + AFTER_S
    gone = ((way - rest) / (hold - rest) - DEAD_PART) / (1.0 - 2.0 * DEAD_PART)
    inside = np.minimum(even.times_s - start, end - even.times_s) / TAPER_S
    course: FloatArray = np.interp(
        signals.times_s, even.times_s, np.clip(gone, 0, 1) * np.clip(inside, 0, 1)
    )
    return course


@dataclass(frozen=True)
class Implant:
    """A change of one side over a recording.

    Parameters
    ----------
    side : Side
        As the network names it in the recording as filmed.
    sizes : tuple of Sizes
        What is drawn into each frame.
    """

    side: Side
    sizes: tuple[Sizes, ...]


def implant_of(stage: Stage, side: Side, level_mm: float) -> Implant:
    """Return the change of one side by a number of millimetres in the holds.

    Lid, corner and brow are moved by as much each, where the face has room for it.
    """
    sizes = []
    for i in range(len(stage.times_s)):
        mouth, closure = level_mm * stage.mouth[i], level_mm * stage.closure[i]
        wanted, plane = Sizes(mouth, closure, mouth), stage.plane(i)
        if plane is None or wanted.nothing:
            sizes.append(Sizes())
        else:
            sizes.append(FaceLines.of(stage.points_px[i], plane, side).possible(wanted))
    return Implant(side, tuple(sizes))


def implanted_mm(
    stage: Stage, implant: Implant, movement: Movement, region: Region
) -> float | None:
    """Return what was implanted in the holds of a movement, mm, signed as the map is.

    The mean over its repetitions of the median in the hold; None where there is none.

    Parameters
    ----------
    stage : Stage
    implant : Implant
    movement : Movement
    region : Region
        Eye, brow or mouth corner.
    """
    drawn = np.array([_signed(sizes, region) for sizes in implant.sizes])
    holds = [
        drawn[(stage.times_s >= one.apex_start_s) & (stage.times_s <= one.apex_end_s)]
        for one in stage.repetitions
        if one.movement is movement
    ]
    medians = [float(np.median(hold)) for hold in holds if len(hold)]
    return float(np.mean(medians)) if medians else None


def _signed(sizes: Sizes, region: Region) -> float:
    if region is Region.EYE:
        return -sizes.fissure_mm
    return -sizes.brow_mm if region is Region.BROW else sizes.corner_mm


def write_copy(video: Path, out: Path, stage: Stage, implant: Implant | None) -> None:
    """Write a copy of a recording with a change in it.

    Parameters
    ----------
    video : Path
        The recording.
    out : Path
        The file to write, whole or not at all.
    stage : Stage
        Of the recording.
    implant : Implant or None
        None: it is coded again alone.

    Raises
    ------
    VideoError, StorageError
        The recording cannot be read or the copy not be written.
    """
    with open_video(video, keep=0) as stream, whole_path(out) as passing:
        write_video(passing, stream.info, _frames(stream, stage, implant))


def _frames(stream: Iterator[Frame], stage: Stage, implant: Implant | None) -> Iterator[Frame]:
    for frame in stream:
        plane = stage.plane(frame.index) if frame.index < len(stage.times_s) else None
        if implant is None or plane is None or implant.sizes[frame.index].nothing:
            yield frame
            continue
        lines = FaceLines.of(stage.points_px[frame.index], plane, implant.side)
        yield edited(frame, plane, lines, implant.sizes[frame.index])
