"""Landmarks in, motion signals out: head-fixed millimetres of every region.

The order: usable frames; head pose in 3-D; scale from the iris; regions against the template;
fissures from the eye network; the fitted maps; noise; blinks; marks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facewire.errors import NoFaceError, TrackError
from facewire.face import CHANNEL_INDEX, CHANNELS, Channel, Region, Side
from facewire.landmarks import LandmarkTrack
from facewire.motion.blinks import find_blinks
from facewire.motion.eyes import EYE_ROW, EyeShape, closure_gain, eye_shape, iris_width_px
from facewire.motion.maps import FittedMaps, eye_features, load_maps, no_maps
from facewire.motion.marks import gaze_off, occluded, speech
from facewire.motion.noise import noise_sd
from facewire.motion.pose import HeadPose, fit_head, make_template
from facewire.motion.regions import region_displacements, rest_positions
from facewire.motion.signals import MotionSignals, Scale

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

IRIS_MM = 11.7
"""Visible iris diameter: MediaPipe Iris assumes 11.7; Ruefer 2005 measured 11.71 (SD 0.42)."""

IRIS_RELATIVE_SD = 0.5 / 11.7
ENTERED_RELATIVE_SD = 0.01

REFERENCE_S = 2.0
"""Length of the reference rest after the rest picture was taken."""

OPEN_SHARE = 0.9
MIN_FRAMES = 30
MIN_IRIS_PX = 8.0
MAX_TURN_DEG = 25.0


@dataclass(frozen=True)
class MotionSettings:
    """Choices of the motion step.

    Parameters
    ----------
    iris_mm : float, optional
        The patient's own iris diameter, when it was measured.
    fitted : bool
        Whether the fitted maps are applied.
    """

    iris_mm: float | None = None
    fitted: bool = True


def compute_motion(track: LandmarkTrack, settings: MotionSettings | None = None) -> MotionSignals:
    """Compute the motion signals of a track.

    Raises
    ------
    TrackError
        The track is plain, or too short.
    NoFaceError
        A face was found in too few frames, or is too small to measure.
    """
    settings = settings or MotionSettings()
    usable = _usable_frames(track)
    times = track.times_s[usable]
    points = np.asarray(track.corrected_px, dtype=np.float64)[usable]
    eyes = np.asarray(track.eyes_px, dtype=np.float64)[usable]
    rest = _reference_rest(times, eyes)
    at_rest = track.points_px[np.flatnonzero(usable)[rest], :468]
    start = at_rest.mean(axis=0, dtype=np.float64)
    start[:, :2] = points[rest].mean(axis=0)
    pose = fit_head(make_template(start), points, times)
    scale, mm_per_unit = _scale(eyes, pose, rest, settings)
    moved = pose.displacement(points)
    shape = eye_shape(eyes, pose, moved, mm_per_unit)
    maps = load_maps() if settings.fitted else no_maps()
    displacement = region_displacements(moved, mm_per_unit)
    position = rest_positions(pose.template, mm_per_unit)
    displacement[:, _EYES], position[_EYES] = _fissures(shape, rest, maps)
    values = position + maps.apply(displacement - np.median(displacement[rest], axis=0))
    values[:, _EYES] = np.maximum(values[:, _EYES], 0.0)
    away = gaze_off(eyes * scale.mm_per_px, rest)
    return _on_all_frames(track, usable, values, (pose, scale, away))


_UPPER_LIPS, _LOWER_LIPS = (
    [CHANNEL_INDEX[Channel(region, side, "height")] for side in Side]
    for region in (Region.UPPER_LIP, Region.LOWER_LIP)
)
_EYES = [CHANNEL_INDEX[Channel(Region.EYE, side, "height")] for side in EYE_ROW]


def _usable_frames(track: LandmarkTrack) -> BoolArray:
    if track.corrected_px is None or track.eyes_px is None:
        raise TrackError(
            "The track was made with --plain and cannot be measured",
            expected="a track with the eye network and the optical flow",
            found="the face network alone",
            do="run `facewire track` again without --plain",
        )
    usable = track.found & np.isfinite(track.corrected_px[:, 0, 0])
    if int(usable.sum()) < MIN_FRAMES:
        raise NoFaceError(
            "Too few frames show a face",
            expected=f"at least {MIN_FRAMES}",
            found=f"{int(usable.sum())} of {len(usable)}",
            do="film the whole face from the front, in even light, nearer than 1.5 m",
        )
    return usable


def _reference_rest(times: FloatArray, eyes: FloatArray) -> BoolArray:
    """Frames of the first seconds in which both eyes are open."""
    first = times <= times[0] + REFERENCE_S
    heights = np.linalg.norm(eyes[:, :, 12] - eyes[:, :, 4], axis=-1).sum(axis=1)
    opened: BoolArray = first & (heights >= OPEN_SHARE * np.median(heights[first]))
    return opened


def _scale(
    eyes: FloatArray, pose: HeadPose, rest: BoolArray, settings: MotionSettings
) -> tuple[Scale, float]:
    """Return the scale, and millimetres for one template unit."""
    iris_px = float(np.median(iris_width_px(eyes)[:, rest], axis=1).mean())
    if iris_px < MIN_IRIS_PX:
        raise NoFaceError(
            "The face is too small to measure",
            expected=f"an iris at least {MIN_IRIS_PX:g} pixels wide",
            found=f"{iris_px:.1f} pixels",
            do="film nearer, or with a higher resolution",
        )
    entered = settings.iris_mm is not None
    reference = settings.iris_mm if settings.iris_mm is not None else IRIS_MM
    mm_per_px = reference / iris_px
    scale = Scale(
        source="entered" if entered else "iris",
        reference_mm=reference,
        relative_sd=ENTERED_RELATIVE_SD if entered else IRIS_RELATIVE_SD,
        mm_per_px=mm_per_px,
    )
    return scale, mm_per_px * float(np.median(pose.scale[rest]))


def _fissures(shape: EyeShape, rest: BoolArray, maps: FittedMaps) -> tuple[FloatArray, FloatArray]:
    """Change of both fissures, shape (n_frames, 2), and their heights at rest, mm, right first."""
    gain = closure_gain(shape.height_mm, rest)
    upper = gain * (shape.upper_mm - np.median(shape.upper_mm[:, rest], axis=1)[:, None])
    lower = gain * (shape.lower_mm - np.median(shape.lower_mm[:, rest], axis=1)[:, None])
    flows = np.stack([shape.upper_flow_mm, shape.lower_flow_mm], axis=-1)
    flows = flows - np.median(flows[:, rest], axis=1)[:, None]
    changes = np.empty((upper.shape[1], 2))
    for row in EYE_ROW.values():
        other = upper[1 - row] - lower[1 - row]
        features = eye_features(upper[row], lower[row], other, flows[row])
        changes[:, row] = features[:, 0] + features @ maps.eye
    return changes, maps.rest_factor * np.median(shape.height_mm[:, rest], axis=1)


def _on_all_frames(
    track: LandmarkTrack,
    usable: BoolArray,
    values: FloatArray,
    how: tuple[HeadPose, Scale, BoolArray],
) -> MotionSignals:
    """Put the measured frames back among all frames, with noise, blinks and marks."""
    pose, scale, away = how
    n = len(track.times_s)
    position, sd = (np.full((n, len(CHANNELS)), np.nan) for _ in range(2))
    position[usable] = values
    sd[usable] = noise_sd(values, pose.residual)
    angles = np.full((n, 3), np.nan)
    angles[usable] = pose.angles_deg()
    blink = np.zeros(n, dtype=bool)
    right, left = (position[:, column] for column in _EYES)
    eye_sd = float(np.median(sd[usable][:, _EYES]))
    for one in find_blinks(track.times_s, left, right, eye_sd):
        blink |= (track.times_s >= one.start_s) & (track.times_s <= one.end_s)
    marks = _marks(track, usable, values, pose)
    marks["gaze"][usable] = away & ~blink[usable]
    return MotionSignals(track.times_s, position, sd, angles, blink, marks, scale)


def _marks(
    track: LandmarkTrack, usable: BoolArray, values: FloatArray, pose: HeadPose
) -> dict[str, BoolArray]:
    """Every mark over all frames; unmeasured frames are lost and nothing else."""
    marks = {
        name: np.zeros(len(usable), dtype=bool) for name in ("turned", "gaze", "speech", "occluded")
    }
    marks["turned"][usable] = np.abs(pose.angles_deg()[:, :2]).max(axis=1) > MAX_TURN_DEG
    gap_mm = values[:, _UPPER_LIPS].mean(axis=1) - values[:, _LOWER_LIPS].mean(axis=1)
    marks["speech"][usable] = speech(track.times_s[usable], gap_mm)
    if track.mismatch is not None:
        marks["occluded"][usable] = occluded(track.mismatch[usable].astype(np.float64))
    return {"lost": ~usable, **marks}
