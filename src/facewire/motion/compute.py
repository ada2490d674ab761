"""Landmarks in, motion signals out: head-fixed millimetres of every region.

The order: usable frames; head pose in 3-D; scale from the iris; regions against the template;
fissures from the lids' edges; the fitted maps; noise; blinks; marks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facewire.errors import NoFaceError, TrackError, UsageError
from facewire.face import CHANNEL_INDEX, CHANNELS, Channel, Region, Side
from facewire.landmarks import Track
from facewire.landmarks.points import EYE_INNER, EYE_OUTER, N_EYE_POINTS, N_MESH
from facewire.landmarks.track import check_shapes
from facewire.motion.blinks import find_blinks
from facewire.motion.cover import Cover, carried_too_far, filled, find_cover, lost_brows, lost_eyes
from facewire.motion.eyes import (
    EYE_COLUMNS,
    EYE_ROW,
    closed_reading,
    fissure_heights,
    pupil_margins,
    without_reading,
)
from facewire.motion.maps import load_maps, no_maps
from facewire.motion.marks import changed, covered_eyes, gaze_off, occluded, speech
from facewire.motion.pose import HeadPose, blocks, fit_head, make_template
from facewire.motion.proportions import squashed, width_to_height
from facewire.motion.regions import REGION_POINTS, region_displacements, rest_positions
from facewire.motion.resting import looks_at, open_eyes, reference_rest
from facewire.motion.scale import IRIS_MM, iris_scale, iris_width_px
from facewire.motion.signals import MotionSignals
from facewire.results.measurement import Scale
from facewire.results.provenance import IRIS_RANGE_MM

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
Measured = NDArray[np.floating]
"""Points as they were stored, in single precision."""

TEMPLATE_FRAMES = 64
"""The template is the mean of about so many frames of the reference rest."""

MIN_FRAMES = 30
MAX_TURN_DEG = 25.0
LEAST_SD_MM = 0.02

_UPPER_LIPS, _LOWER_LIPS = (
    [CHANNEL_INDEX[Channel(region, side, "height")] for side in Side]
    for region in (Region.UPPER_LIP, Region.LOWER_LIP)
)


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

    def __post_init__(self) -> None:
        low, high = IRIS_RANGE_MM
        if self.iris_mm is not None and not low <= self.iris_mm <= high:
            raise UsageError(
                "The iris diameter is not one of a person",
                expected=f"{low:g} to {high:g} mm",
                found=f"{self.iris_mm:g} mm",
            )


@dataclass(frozen=True)
class FixedHead:
    """The usable frames of a track with the head's pose and the scale in them.

    Parameters
    ----------
    usable : ndarray of bool, shape (n_frames,)
        Frames of the track that are used; the other arrays hold these frames alone.
    points_px : ndarray, shape (n_usable, 468, 2)
        Flow-corrected points of the picture.
    eyes_px : ndarray, shape (n_usable, 2, 76, 2)
        Points of both eyes, the patient's right one first.
    rest : ndarray of bool, shape (n_usable,)
        The reference rest, from the whole recording.
    still : bool
        Whether the face was at rest in it; else it is where the face moved least.
    pose : HeadPose
        Of the usable frames.
    scale : Scale
        How pixels became millimetres.
    mm_per_unit : float
        Millimetres for one unit of the pose's template.
    """

    usable: BoolArray
    points_px: Measured
    eyes_px: Measured
    rest: BoolArray
    still: bool
    pose: HeadPose
    scale: Scale
    mm_per_unit: float

    def __post_init__(self) -> None:
        n = int(self.usable.sum())
        shapes = {
            "points_px": (n, N_MESH, 2),
            "eyes_px": (n, 2, N_EYE_POINTS, 2),
            "rest": (n,),
        }
        check_shapes("a fixed head", self, shapes)
        if len(self.pose.scale) != n or not 0 < self.mm_per_unit < np.inf:
            raise TrackError(
                "A fixed head contradicts itself",
                expected=f"a pose in each of {n} frames, and a scale above 0 mm",
                found=f"{len(self.pose.scale)} poses, {self.mm_per_unit:g} mm",
            )

    def at(self, chosen: BoolArray) -> FixedHead:
        """Return some of the usable frames; ``chosen`` has one value for each of them."""
        usable = self.usable.copy()
        usable[usable] = chosen
        return FixedHead(
            usable,
            self.points_px[chosen],
            self.eyes_px[chosen],
            self.rest[chosen],
            self.still,
            self.pose.at(chosen),
            self.scale,
            self.mm_per_unit,
        )


def compute_motion(
    track: Track, settings: MotionSettings | None = None, head: FixedHead | None = None
) -> MotionSignals:
    """Compute the motion signals of a track.

    Parameters
    ----------
    track : LandmarkTrack
    settings : MotionSettings, optional
    head : FixedHead, optional
        What `fix_head` returned for this track and these settings, where it is there already.

    Raises
    ------
    TrackError
        The track is plain, or too short.
    NoFaceError
        A face was found in too few frames, or is too small to measure.
    """
    settings = settings or MotionSettings()
    head = head or fix_head(track, settings)
    rest = head.rest
    maps = load_maps() if settings.fitted else no_maps()
    cover = _cover(track, head.usable)
    displacement = _displacements(head)
    position = rest_positions(head.pose.template, head.mm_per_unit)
    covered = covered_eyes(track, head.usable, head.points_px, rest, cover.eyes)
    covered |= (_lost_eyes(track, head) & ~cover.eyes).any(axis=1)
    heights, step_s = displacement[:, EYE_COLUMNS], float(np.median(np.diff(track.times_s)))
    closed_mm = closed_reading(heights[~covered][:, ~cover.eyes], step_s)
    displacement[:, EYE_COLUMNS] = without_reading(heights, closed_mm)
    position[EYE_COLUMNS] = np.median(displacement[rest][:, EYE_COLUMNS], axis=0)
    match = None if track.match is None else track.match[head.usable]
    unseen = cover.channels | lost_brows(match, track.times_s[head.usable])
    # What is known to be covered there says nothing of how the rest is followed.
    unseen = unseen | carried_too_far(np.where(unseen, 0.0, _carried_mm(track, head)))
    hidden = np.asarray(unseen.all(axis=0))
    moved = filled(displacement - np.median(displacement[rest], axis=0), hidden)
    values = position + maps.apply(moved)
    values[:, EYE_COLUMNS] = np.maximum(values[:, EYE_COLUMNS], 0.0)
    away = gaze_off(head.eyes_px, head.scale.mm_per_px, rest)
    return _on_all_frames(track, head, values, away, covered, cover, unseen)


def _carried_mm(track: Track, head: FixedHead) -> FloatArray:
    """Return how far the flow carried each channel's points, shape (n_usable, n_channels), mm."""
    frames, per_px = np.flatnonzero(head.usable), head.mm_per_unit / head.pose.scale
    carried = np.zeros((len(frames), len(CHANNELS)))
    for part in blocks(len(frames)):
        mesh_px = track.mesh_at(frames[part])[:, :N_MESH, :2]
        far_px = np.linalg.norm(head.points_px[part] - mesh_px, axis=-1)
        for i, channel in enumerate(CHANNELS):
            if channel.region is not Region.EYE:
                points = list(REGION_POINTS[channel.region, channel.side])
                carried[part, i] = far_px[:, points].mean(axis=1) * per_px[part]
    return carried


def _lost_eyes(track: Track, head: FixedHead) -> BoolArray:
    """Frames in which something passes before an eye, shape (n_usable, 2)."""
    if track.seen is None or track.eyes_spread_px is None:
        return np.zeros((int(head.usable.sum()), 2), dtype=bool)
    axis_px = head.eyes_px[:, :, EYE_INNER] - head.eyes_px[:, :, EYE_OUTER]
    spread = track.eyes_spread_px[head.usable] / np.linalg.norm(axis_px, axis=-1)
    return lost_eyes(track.seen[head.usable], spread, track.times_s[head.usable])


def _displacements(head: FixedHead) -> FloatArray:
    """Return every channel, mm, stretch by stretch: fissures as they are, the rest as displaced."""
    return np.concatenate(
        [
            displacements(
                head.points_px[part], head.eyes_px[part], head.pose.at(part), head.mm_per_unit
            )
            for part in blocks(len(head.points_px))
        ]
    )


def displacements(
    points_px: Measured, eyes_px: Measured, pose: HeadPose, mm_per_unit: float
) -> FloatArray:
    """Return the displacement of every channel in some frames, shape (n_frames, n_channels), mm.

    Parameters
    ----------
    points_px : ndarray, shape (n_frames, 468, 2)
        Flow-corrected points.
    eyes_px : ndarray, shape (n_frames, 2, 76, 2)
        Points of the eyes; their columns hold the heights of the fissures themselves.
    pose : HeadPose
        Of the same frames.
    mm_per_unit : float
        Millimetres for one template unit.
    """
    values = region_displacements(pose.displacement(points_px), mm_per_unit)
    values[:, EYE_COLUMNS] = fissure_heights(eyes_px.astype(np.float64), pose, mm_per_unit)
    return values


def fix_head(track: Track, settings: MotionSettings) -> FixedHead:
    """Find the head's pose and the scale of a track.

    Raises
    ------
    TrackError, NoFaceError
        As `compute_motion`.
    """
    usable, points, eyes = _usable_frames(track)
    times = track.times_s[usable]
    rest, still = _find_rest(track, usable, points, eyes)
    pose = fit_head(_template(track, usable, points, rest), points, times)
    resting, covered = eyes[rest].astype(np.float64), _cover(track, usable).eyes
    scale, mm_per_unit = iris_scale(resting, pose.at(rest), covered, settings.iris_mm)
    scale = _with_shape(scale, track, usable, pose, rest)
    return FixedHead(usable, points, eyes, rest, still, pose, scale, mm_per_unit)


def _with_shape(
    scale: Scale, track: Track, usable: BoolArray, pose: HeadPose, rest: BoolArray
) -> Scale:
    """Add what the face's proportions say: in a squashed picture no length is surer than that."""
    few = _spread(rest)
    ratio = width_to_height(track.mesh_at(np.flatnonzero(usable)[few]), pose.at(few))
    relative_sd = float(np.hypot(scale.relative_sd, squashed(ratio)))
    return scale.replaced(width_to_height=ratio, relative_sd=relative_sd)


def _spread(chosen: BoolArray) -> NDArray[np.int_]:
    """Return some of the chosen frames, spread evenly."""
    frames = np.flatnonzero(chosen)
    return frames[:: -(-len(frames) // TEMPLATE_FRAMES)]


def _find_rest(
    track: Track, usable: BoolArray, points: Measured, eyes: Measured
) -> tuple[BoolArray, bool]:
    """Find the reference rest by a first look, with the head's pose of a few hundred frames."""
    times = track.times_s[usable]
    opened = open_eyes(eyes)
    looks = looks_at(times)
    frames = np.unique(looks)
    seen = points[frames]
    pose = fit_head(_template(track, usable, points, opened), seen, times[frames])
    iris_px = float(np.median(iris_width_px(eyes[opened].astype(np.float64))))
    mm = IRIS_MM / max(iris_px, 1.0) * float(np.median(pose.scale))
    places = region_displacements(pose.displacement(seen), mm)
    places = places[:, ~np.isnan(places).all(axis=0)]
    return reference_rest(times, opened, looks, places[np.searchsorted(frames, looks)])


def _template(track: Track, usable: BoolArray, points: Measured, chosen: BoolArray) -> FloatArray:
    """Return the template from the mean of some usable frames."""
    frames = _spread(chosen)
    mesh = track.mesh_at(np.flatnonzero(usable)[frames])[:, :N_MESH].astype(np.float64)
    mesh[..., :2] = points[frames]
    return make_template(mesh.mean(axis=0))


def _cover(track: Track, usable: BoolArray) -> Cover:
    seen, match = (None if a is None else a[usable] for a in (track.seen, track.match))
    return find_cover(seen, track.times_s[usable], match)


def _usable_frames(track: Track) -> tuple[BoolArray, Measured, Measured]:
    """Return which frames can be measured, and their corrected meshes and eyes."""
    if track.corrected_px is None or track.eyes_px is None:
        raise TrackError(
            "The track was made with --plain and cannot be measured",
            expected="a track with the eye network and the optical flow",
            found="the face network alone",
            do="run `facewire track` again without --plain",
        )
    after = _changed_frames(track)
    usable = _seen_frames(track) & ~after
    if int(usable.sum()) < MIN_FRAMES:
        raise NoFaceError(
            "Too few frames show a face",
            expected=f"at least {MIN_FRAMES}",
            found=f"{int(usable.sum())} of {len(usable)}"
            + (", then the picture is another one" if after.any() else ""),
            do="film the whole face from the front, in even light, nearer than 1.5 m",
        )
    return usable, _rows(track.corrected_px, usable), _rows(track.eyes_px, usable)


def _seen_frames(track: Track) -> BoolArray:
    """Frames in which the face was followed."""
    if track.corrected_px is None:
        return np.zeros(len(track.times_s), dtype=bool)
    return np.asarray(track.found & np.isfinite(track.corrected_px[:, 0, 0]))


def _changed_frames(track: Track) -> BoolArray:
    """Frames from which on the picture is another one than the rest picture is of."""
    after = np.zeros(len(track.times_s), dtype=bool)
    seen = _seen_frames(track)
    if track.mismatch is not None and seen.any():
        after[seen] = changed(track.mismatch[seen].astype(np.float64))
        after |= np.cumsum(after) > 0
    return after


def _rows(values: Measured, usable: BoolArray) -> Measured:
    """Return the usable rows, without a copy where they lie together."""
    first, last = np.flatnonzero(usable)[[0, -1]]
    together = slice(first, last + 1)
    return values[together] if usable[together].all() else values[usable]


def _on_all_frames(
    track: Track,
    head: FixedHead,
    values: FloatArray,
    away: BoolArray,
    covered: BoolArray,
    cover: Cover,
    unseen: BoolArray,
) -> MotionSignals:
    """Put the measured frames back among all frames, with noise, blinks and marks."""
    usable, pose = head.usable, head.pose
    n = len(track.times_s)
    position, sd = (np.full((n, len(CHANNELS)), np.nan) for _ in range(2))
    position[usable] = np.where(unseen, np.nan, values)
    sd[usable] = np.where(unseen, np.nan, noise_sd(values, pose.residual))
    angles = np.full((n, 3), np.nan)
    angles[usable] = pose.angles_deg()
    blink = np.zeros(n, dtype=bool)
    right, left = (position[:, column] for column in EYE_COLUMNS)
    eye_sd = float(np.nanmedian(sd[usable][:, EYE_COLUMNS]))
    for one in find_blinks(track.times_s, left, right, eye_sd):
        blink |= (track.times_s >= one.start_s) & (track.times_s <= one.end_s)
    marks = _marks(track, usable, values, pose)
    marks["speech"][usable] &= ~cover.part("mouth").any(axis=1)
    marks["gaze"][usable] = away & ~blink[usable]
    marks["occluded"][usable] |= covered | cover.passing
    spread = None
    if track.eyes_spread_px is not None:
        spread = np.full((n, len(EYE_ROW)), np.nan)
        per_px = head.mm_per_unit / pose.scale
        spread[usable] = track.eyes_spread_px[usable] * per_px[:, None]
    return MotionSignals(
        track.times_s,
        position,
        sd,
        angles,
        blink,
        marks,
        head.scale,
        head.still,
        spread,
        _pupil_margins(head, cover.eyes),
    )


def _pupil_margins(head: FixedHead, covered: BoolArray) -> FloatArray:
    """Return where the lids stand about the pupils at rest, shape (2, 2), mm; NaN where covered."""
    few = _spread(head.rest)
    eyes_px = head.eyes_px[few].astype(np.float64)
    margins = np.median(pupil_margins(eyes_px, head.pose.at(few), head.mm_per_unit), axis=0)
    return np.where(covered[:, None], np.nan, margins)


def _marks(
    track: Track, usable: BoolArray, values: FloatArray, pose: HeadPose
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
    after = _changed_frames(track)
    return {"lost": ~usable & ~after, "changed": after, **marks}


def noise_sd(values_mm: FloatArray, residual: FloatArray) -> FloatArray:
    """Return the standard deviation of the tracking noise of every sample, mm.

    The spread of second differences, which slow movement hardly touches (for white noise their
    variance is six times that of the samples), by its median absolute value; frames in which the
    rigid points disagree more than usual count as noisier in proportion.

    Parameters
    ----------
    values_mm : ndarray, shape (n_frames, n_channels)
        Signals without NaN.
    residual : ndarray, shape (n_frames,)
        Disagreement of the rigid points in each frame.
    """
    second = np.abs(np.diff(values_mm, n=2, axis=0))
    sd = 1.4826 * np.median(second, axis=0) / np.sqrt(6.0)
    usual = max(float(np.median(residual)), np.finfo(float).tiny)
    worse = np.maximum(residual / usual, 1.0)
    noise: FloatArray = np.maximum(sd, LEAST_SD_MM)[None] * worse[:, None]
    return noise
