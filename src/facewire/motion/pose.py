"""Head pose: the rigid movement that the face as a whole makes, found in 3-D and taken away.

A template of the person's own face (3-D points at rest) is fitted to each frame by scaled
orthography, robustly: points that a muscle moves disagree with the others and lose their weight
(iteratively re-weighted least squares with Geman-McClure weights; Black and Rangarajan 1996, Int
J Comput Vis 19:57). The template's depths are first taken from the network and then corrected
from the person's own head movement, because a depth that is wrong by 15 mm moves the mouth by a
quarter of a millimetre for each degree of yaw.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d
from scipy.spatial.transform import Rotation

from facewire.errors import TrackError
from facewire.landmarks.points import CHIN, FOREHEAD, MIRROR_PAIRS, N_MESH
from facewire.landmarks.track import check_shapes

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

RIGID_POINTS = (
    1, 4, 5, 6, 8, 9, 10, 21, 33, 34, 54, 58, 64, 67, 68, 69, 71, 93, 103, 104, 108, 109, 122, 127,
    132, 133, 137, 139, 143, 151, 162, 168, 177, 188, 193, 195, 197, 227, 234, 245, 251, 263, 264,
    284, 288, 294, 297, 298, 299, 301, 323, 332, 333, 337, 338, 351, 356, 361, 362, 366, 368, 372,
    389, 401, 412, 417, 447, 454, 465,
)  # fmt: skip
"""Candidates: bridge of the nose, corners of the eyes, temples, sides, forehead."""

OUTLIER_PX = 2.0
"""Disagreement at which a point's weight has fallen to a quarter, in template units (pixels)."""

ORIGIN = 168
"""Bridge of the nose."""

DEPTH_PRIOR = 0.3
SCALE_WINDOW_S = 1.0
ROUNDS = 4
"""How often pose and template take turns."""
BLOCK_FRAMES = 512
REFINING_FRAMES = 600
"""The template is corrected on about this many frames, spread evenly over the recording."""


@dataclass(frozen=True)
class HeadPose:
    """Pose of the head in every frame against a template.

    Parameters
    ----------
    template : ndarray, shape (468, 3)
        The person's face at rest in the head's own frame: x to the patient's left, y down, z away
        from the camera; units are pixels of the rest frames.
    scale : ndarray, shape (n_frames,)
        Pixels for one template unit.
    rotation : ndarray, shape (n_frames, 3, 3)
        From the head's frame to the camera's.
    shift_px : ndarray, shape (n_frames, 2)
        Where the template's origin lies.
    residual : ndarray, shape (n_frames,)
        Weighted root mean square disagreement of the rigid points, template units.
    """

    template: FloatArray
    scale: FloatArray
    rotation: FloatArray
    shift_px: FloatArray
    residual: FloatArray

    def __post_init__(self) -> None:
        n = len(self.scale)
        shapes = {
            "template": (N_MESH, 3),
            "rotation": (n, 3, 3),
            "shift_px": (n, 2),
            "residual": (n,),
        }
        check_shapes("a head's pose", self, shapes)
        if not (self.scale > 0).all() or not np.isfinite(self.scale).all():
            raise TrackError(
                "The scale of a head's pose is none",
                expected="above 0 pixels for one unit of the template in every frame",
                found=f"{np.min(self.scale):g}",
            )

    def angles_deg(self) -> FloatArray:
        """Yaw (to the patient's left), pitch (up), roll (to the patient's left shoulder).

        Shape (n_frames, 3), degrees, positive as named; the head rolls first, then pitches, then
        turns.
        """
        turned = Rotation.from_matrix(self.rotation).as_euler("YXZ", degrees=True)
        angles: FloatArray = turned * np.array([-1.0, -1.0, 1.0])
        return angles

    def at(self, part: slice | BoolArray | NDArray[np.int_]) -> HeadPose:
        """Return the pose of some of the frames."""
        return HeadPose(
            self.template,
            self.scale[part],
            self.rotation[part],
            self.shift_px[part],
            self.residual[part],
        )

    def displacement(self, points_px: NDArray[np.floating]) -> FloatArray:
        """Displacement from the template in the head's frontal plane, template units.

        Parameters
        ----------
        points_px : ndarray, shape (n_frames, 468, 2)
            Points of the picture, in any precision.

        Returns
        -------
        ndarray, shape (n_frames, 468, 2)
            To the patient's left, and down. Movement in depth cannot be seen from the front and is
            taken as none.
        """
        flat = self.rotation[:, :2]
        rigid = self.template @ flat.transpose(0, 2, 1) * self.scale[:, None, None]
        rest = (points_px - rigid - self.shift_px[:, None]) / self.scale[:, None, None]
        back = np.linalg.inv(flat[:, :, :2])
        moved: FloatArray = rest @ back.transpose(0, 2, 1)
        return moved


def make_template(points: FloatArray) -> FloatArray:
    """Turn a mean face into the head's own frame.

    Parameters
    ----------
    points : ndarray, shape (468, 3)
        Mean of rest frames, pixels.

    Returns
    -------
    ndarray, shape (468, 3)
        Origin at the bridge of the nose; x along the mean of the mirror pairs, y from forehead to
        chin.
    """
    centred = points - points[ORIGIN]
    across = np.sum([centred[left] - centred[right] for right, left in MIRROR_PAIRS], axis=0)
    x = across / np.linalg.norm(across)
    down = centred[CHIN] - centred[FOREHEAD]
    down = down - x * (x @ down)
    y = down / np.linalg.norm(down)
    turned: FloatArray = centred @ np.stack([x, y, np.cross(x, y)]).T
    return turned


def fit_head(
    template: FloatArray, points_px: NDArray[np.floating], times_s: FloatArray
) -> HeadPose:
    """Fit the pose in every frame, correcting the template from the head's own movement.

    Parameters
    ----------
    template : ndarray, shape (468, 3)
        From `make_template`.
    points_px : ndarray, shape (n_frames, 468, 2)
        Points of the picture, without NaN; in any precision.
    times_s : ndarray, shape (n_frames,)
        Their times.
    """
    rate_hz = 1.0 / float(np.median(np.diff(times_s)))
    step = -(-len(times_s) // REFINING_FRAMES)
    sample = points_px[::step].astype(np.float64)
    for _ in range(ROUNDS):
        pose = _fit_pose(template, sample, _scale_window(rate_hz / step))
        template = _refine(pose, sample)
    return _fit_pose(template, points_px, _scale_window(rate_hz))


def fit_pose(template: FloatArray, points_px: NDArray[np.floating]) -> HeadPose:
    """Fit the pose of some frames to a template that stays as it is; no scale is smoothed.

    Parameters
    ----------
    template : ndarray, shape (468, 3)
        The person's, from `fit_head`.
    points_px : ndarray, shape (n_frames, 468, 2)
        Points of the picture, without NaN.
    """
    return _fit_pose(template, points_px, 1)


def _scale_window(rate_hz: float) -> int:
    """Return the odd number of frames over which the scale is averaged."""
    return max(1, round(SCALE_WINDOW_S * rate_hz)) | 1


def blocks(n_frames: int) -> list[slice]:
    """Cut a recording into stretches: what is worked out by stretches takes little memory."""
    return [slice(i, i + BLOCK_FRAMES) for i in range(0, n_frames, BLOCK_FRAMES)]


def _fit_pose(template: FloatArray, points_px: NDArray[np.floating], window: int) -> HeadPose:
    model = template[list(RIGID_POINTS)]
    found = [
        _fit_block(model, points_px[part][:, list(RIGID_POINTS)].astype(np.float64))
        for part in blocks(len(points_px))
    ]
    scale, rotation, shift, residual = (np.concatenate(of) for of in zip(*found, strict=True))
    smooth = uniform_filter1d(scale, window, mode="nearest")
    return HeadPose(template, smooth, rotation, shift, residual)


def _fit_block(
    model: FloatArray, seen: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Scale, rotation, shift and residual of some frames; they do not depend on one another."""
    weights = np.ones(seen.shape[:2])
    for _ in range(4):
        scale, rotation, shift = _orthography(model, seen, weights)
        error = _misfit(model, seen, scale, rotation, shift)
        weights = 1.0 / (1.0 + (error / OUTLIER_PX) ** 2) ** 2
    residual = np.sqrt((weights * error**2).sum(axis=1) / weights.sum(axis=1))
    return scale, rotation, shift, residual


def _orthography(
    model: FloatArray, seen: FloatArray, weights: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Weighted scaled orthography of every frame: scale, rotation, shift.

    The affine solution is brought to the nearest scaled rotation by its singular values.
    """
    share = weights / weights.sum(axis=1, keepdims=True)
    model_mean = share @ model
    seen_mean = (share[:, None] @ seen)[:, 0]
    a = model[None] - model_mean[:, None]
    b = seen - seen_mean[:, None]
    weighted = (share[..., None] * a).transpose(0, 2, 1)
    affine = np.linalg.solve(weighted @ a, weighted @ b)
    u, singular, vt = np.linalg.svd(affine, full_matrices=False)
    rows = np.transpose(u @ vt, (0, 2, 1))
    rotation = np.concatenate([rows, np.cross(rows[:, 0], rows[:, 1])[:, None]], axis=1)
    scale = singular.mean(axis=1)
    shift = seen_mean - scale[:, None] * (rows @ model_mean[..., None])[..., 0]
    return scale, rotation, shift


def _misfit(
    model: FloatArray,
    seen: FloatArray,
    scale: FloatArray,
    rotation: FloatArray,
    shift: FloatArray,
) -> FloatArray:
    rigid = model @ rotation[:, :2].transpose(0, 2, 1) * scale[:, None, None]
    error = np.linalg.norm(seen - rigid - shift[:, None], axis=2)
    misfit: FloatArray = error / scale[:, None]
    return misfit


def _refine(pose: HeadPose, points_px: FloatArray) -> FloatArray:
    """Move every template point to where the frames, seen from all poses, agree best.

    Depth is held back by a small prior, so that a head that does not turn keeps the network's.
    """
    flat = pose.rotation[:, :2]
    # Point by point, frames last: products are then of whole matrices, medians of rows.
    rows = flat[:, 0], flat[:, 1]
    error = [
        (points_px[..., i].T - pose.shift_px[:, i]) / pose.scale - pose.template @ rows[i].T
        for i in range(2)
    ]
    squares = (flat.transpose(0, 2, 1) @ flat).reshape(-1, 9)
    weights = np.ones(error[0].shape)
    for _ in range(3):
        normal = (weights @ squares).reshape(-1, 3, 3)
        normal[:, 2, 2] += DEPTH_PRIOR
        right = (weights * error[0]) @ rows[0] + (weights * error[1]) @ rows[1]
        step = np.linalg.solve(normal, right[..., None])[..., 0]
        left = np.hypot(error[0] - step @ rows[0].T, error[1] - step @ rows[1].T)
        spread = 1.5 * np.median(left, axis=1, keepdims=True) + 1e-6
        weights = 1.0 / (1.0 + (left / spread) ** 2)
    refined: FloatArray = pose.template + step
    return refined
