"""Eyeballs, and lids that slide over them.

A lid turns about the axis of its eye that runs through the corners' direction; how far is a
function of the place along the fissure, so that closed lids meet on one line and the fissure is
exactly zero. Nothing else moves the margins of the lids.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from facewire.face import Side
from facewire.synthetic.face3d import anatomy
from facewire.synthetic.face3d.mesh import FloatArray, IntArray, border_loops
from facewire.synthetic.face3d.shape import smoothstep

EYEBALL_RADIUS_MM = 12.0
IRIS_DIAMETER_MM = 11.7
LID_THICKNESS_MM = 0.9
EYE_ABOVE_MIDDLE_MM = 0.7
"""The eyeball sits this much above the middle of the fissure: the upper lid covers the iris."""

LOWER_LID_SHARE = 0.16
"""Part of the closing way that the lower lid goes."""

_LID_REACH_RAD = 0.30
_MARGIN_GUARD_MM = 5.0
_LID_SWELL_MM = 5.0


@dataclass(frozen=True)
class Eye:
    """One eye of the face at rest: eyeball, frame, and what the skin around does as it closes.

    Parameters
    ----------
    side : Side
        The patient's own.
    centre_mm : ndarray of float, shape (3,)
        Of the eyeball.
    axes : ndarray of float, shape (3, 3)
        Rows: along the fissure, upward, forward.
    upper, lower : ndarray of int
        Margins of the lids from corner to corner.
    skin : ndarray of int
        Points of the face that a lid carries.
    turn_rad : ndarray of float, shape (len(skin),)
        Their turn about the first axis at full closure.
    margin : ndarray of float, shape (len(skin),)
        1 on the margin of a lid, falling to 0 within a few mm.
    drawn : ndarray of float, shape (len(skin),)
        How much a point comes to lie on the eyeball as the lid closes, 0 to 1.
    closed_mm : ndarray of float, shape (len(skin),)
        Distance from the first axis at which it then lies; margins meet there.
    """

    side: Side
    centre_mm: FloatArray
    axes: FloatArray
    upper: IntArray
    lower: IntArray
    skin: IntArray
    turn_rad: FloatArray
    margin: FloatArray
    drawn: FloatArray
    closed_mm: FloatArray


def build_eye(points: FloatArray, triangles: IntArray, side: Side) -> Eye:
    """Return the eye of a side, fitted behind the lids of the face at rest."""
    upper, lower = _margins(points, triangles, side)
    centre, axes = _place_eyeball(points, upper, lower, side)
    local = (points - centre) @ axes.T
    near = np.flatnonzero((np.abs(local[:, 0]) < 24) & (np.abs(local[:, 1]) < 24))
    near = near[local[near, 2] > 0]
    turn, margin, fall = _closing_turn(local, near, upper, lower)
    used = (np.abs(turn) > 1e-9) | (margin > 0)
    closed = _meeting_distance(local, upper, lower, local[near[used], 0])
    drawn = np.maximum(margin, fall)[used]
    closed += _LID_SWELL_MM * (1.0 - drawn)
    return Eye(
        side, centre, axes, upper, lower, near[used], turn[used], margin[used], drawn, closed
    )


def close_lids(points: FloatArray, eye: Eye, closure: float) -> FloatArray:
    """Return the points with the lids of one eye closed by a share of the fissure.

    Parameters
    ----------
    points : ndarray of float, shape (n, 3)
        The face, mm, other muscles already applied.
    eye : Eye
        Which eye.
    closure : float
        0 open as at rest, 1 closed; slightly negative widens the eye.
    """
    local = (points[eye.skin] - eye.centre_mm) @ eye.axes.T
    angle = closure * eye.turn_rad
    cos, sin = np.cos(angle), np.sin(angle)
    turned = local.copy()
    turned[:, 1] = cos * local[:, 1] + sin * local[:, 2]
    turned[:, 2] = -sin * local[:, 1] + cos * local[:, 2]
    moved = points.copy()
    moved[eye.skin] = _keep_outside(turned, eye, max(closure, 0.0)) @ eye.axes + eye.centre_mm
    return moved


def fissure_mm(points: FloatArray, eye: Eye) -> float:
    """Return the height of the fissure at mid-lid, mm, never below zero."""
    local = (points - eye.centre_mm) @ eye.axes.T
    heights = [_at_middle(local[margin]) for margin in (eye.upper, eye.lower)]
    return max(heights[0] - heights[1], 0.0)


def _at_middle(margin: FloatArray) -> float:
    order = np.argsort(margin[:, 0])
    return float(np.interp(0.0, margin[order, 0], margin[order, 1]))


def _margins(points: FloatArray, triangles: IntArray, side: Side) -> tuple[IntArray, IntArray]:
    outer, inner = anatomy.OUTER_CANTHUS[side], anatomy.INNER_CANTHUS[side]
    loop = next(b for b in border_loops(triangles) if outer in b and inner in b)
    loop = np.roll(loop, -int(np.flatnonzero(loop == outer)[0]))
    cut = int(np.flatnonzero(loop == inner)[0])
    one, other = loop[: cut + 1], np.append(loop[cut:], outer)
    higher = points[one, 1].mean() > points[other, 1].mean()
    return (one, other) if higher else (other, one)


def _place_eyeball(
    points: FloatArray, upper: IntArray, lower: IntArray, side: Side
) -> tuple[FloatArray, FloatArray]:
    outer, inner = points[anatomy.OUTER_CANTHUS[side]], points[anatomy.INNER_CANTHUS[side]]
    along = (outer - inner) * np.array([1.0, 1.0, 0.0]) * anatomy.sign(side)
    along /= np.linalg.norm(along)
    up = np.array([-along[1], along[0], 0.0])
    axes = np.array([along, up, [0.0, 0.0, 1.0]])
    middle = (outer + inner) / 2
    mids = []
    for margin in (upper, lower):
        at = points[margin] @ axes.T
        order = np.argsort(at[:, 0])
        mids.append([np.interp(middle @ along, at[order, 0], at[order, k]) for k in (1, 2)])
    (v_up, w_up), (v_low, w_low) = mids
    reach = EYEBALL_RADIUS_MM + LID_THICKNESS_MM
    depth = (w_up + w_low) / 2 - np.sqrt(reach**2 - ((v_up - v_low) / 2) ** 2)
    local = np.array([middle @ along, (v_up + v_low) / 2 + EYE_ABOVE_MIDDLE_MM, depth])
    return local @ axes, axes


def _profile(local: FloatArray, margin: IntArray) -> tuple[FloatArray, FloatArray]:
    at = local[margin]
    order = np.argsort(at[:, 0])
    return at[order, 0], np.arctan2(at[order, 1], at[order, 2])


def _closing_turn(
    local: FloatArray, near: IntArray, upper: IntArray, lower: IntArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return turn at full closure, share of the margin, share of the upper lid of points."""
    along, angle = local[near, 0], np.arctan2(local[near, 1], local[near, 2])
    top = np.interp(along, *_profile(local, upper))
    bottom = np.interp(along, *_profile(local, lower))
    line = bottom + LOWER_LID_SHARE * (top - bottom)
    is_upper = angle > line
    is_upper[np.isin(near, upper)] = True
    is_upper[np.isin(near, lower)] = False
    away = np.maximum(np.where(is_upper, angle - top, bottom - angle), 0.0)
    away[np.isin(near, np.concatenate([upper, lower]))] = 0.0
    fall = 1.0 - smoothstep(away / _LID_REACH_RAD)
    turn = np.where(is_upper, line - top, line - bottom) * fall
    half = np.abs(local[upper, 0]).max()
    beyond = np.maximum(np.abs(along) - half, 0.0)
    distance = np.hypot(away * EYEBALL_RADIUS_MM, beyond)
    along_lid = np.where(is_upper, fall, 0.0) * (1.0 - smoothstep(beyond / _MARGIN_GUARD_MM))
    return turn, 1.0 - smoothstep(distance / _MARGIN_GUARD_MM), along_lid


def _globe_mm(along: FloatArray) -> FloatArray:
    """Return how far from the first axis the inside of a lid lies on the eyeball."""
    reach = EYEBALL_RADIUS_MM + LID_THICKNESS_MM
    return np.sqrt(np.maximum(reach**2 - along**2, 0.0))


def _meeting_distance(
    local: FloatArray, upper: IntArray, lower: IntArray, along: FloatArray
) -> FloatArray:
    means = np.zeros_like(along)
    for margin in (upper, lower):
        at = local[margin]
        order = np.argsort(at[:, 0])
        means += np.interp(along, at[order, 0], np.hypot(at[order, 1], at[order, 2])) / 2
    return np.maximum(_globe_mm(along), means)


def _keep_outside(local: FloatArray, eye: Eye, closure: float) -> FloatArray:
    """Draw the margins together as they close and keep every point in front of the eyeball."""
    radius = np.hypot(local[:, 1], local[:, 2])
    resting = np.maximum(radius, _globe_mm(local[:, 0]))
    wanted = resting + (eye.closed_mm - resting) * closure * eye.drawn
    out = local.copy()
    out[:, 1:] *= (wanted / np.maximum(radius, 1e-9))[:, None]
    return out
