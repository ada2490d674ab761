"""A rigid head and contours of the lids, made by hand."""

import numpy as np

from facewire.face import Side
from facewire.motion.scale import IRIS_LEFTMOST, IRIS_RIGHTMOST


def head(rng=None):
    """A head of 468 points, pixels: half an ellipsoid with a nose, facing the camera."""
    rng = rng or np.random.default_rng(5)
    x = rng.uniform(-70, 70, 468)
    y = rng.uniform(-90, 90, 468)
    z = 60 - 60 * np.sqrt(np.clip(1 - (x / 90) ** 2 - (y / 120) ** 2, 0.0, 1.0))
    points = np.column_stack([x, y, z + rng.normal(0, 4, 468)])
    points[168] = 0.0
    points[10], points[152] = [0, -100, 25], [0, 100, 25]
    pairs = ((33, 263), (133, 362), (127, 356), (234, 454), (61, 291), (98, 327), (105, 334))
    for right, left in pairs:
        points[left] = points[right] * [-1, 1, 1]
        points[[right, left], 0] = np.array([-1, 1]) * (20 + abs(points[right, 0]))
    return points


def turn(yaw_deg, pitch_deg, roll_deg, n=90):
    """Rotation matrices by hand: x to the image's right, y down, z away from the camera."""
    yaw, pitch, roll = (np.radians(np.broadcast_to(a, n)) for a in (yaw_deg, pitch_deg, roll_deg))
    zero, one = np.zeros(n), np.ones(n)
    # The nose tip is at -z: a turn to the patient's left brings it to +x, a nod up to -y.
    about_y = [
        [np.cos(yaw), zero, -np.sin(yaw)],
        [zero, one, zero],
        [np.sin(yaw), zero, np.cos(yaw)],
    ]
    about_x = [
        [one, zero, zero],
        [zero, np.cos(pitch), np.sin(pitch)],
        [zero, -np.sin(pitch), np.cos(pitch)],
    ]
    about_z = [
        [np.cos(roll), -np.sin(roll), zero],
        [np.sin(roll), np.cos(roll), zero],
        [zero, zero, one],
    ]
    y, x, z = (np.moveaxis(np.array(m), 2, 0) for m in (about_y, about_x, about_z))
    return y @ x @ z


def filmed(points, rotation, scale=1.0, shift=(0.0, 0.0)):
    seen = np.einsum("nij,kj->nki", rotation[:, :2], points)
    return seen * np.broadcast_to(scale, len(rotation))[:, None, None] + np.asarray(shift)


def contour(height_px, side, roll_deg=0.0, lower_px=2.0):
    """One eye of 76 points: corners 30 px apart, lids level over them, an iris of 12 px.

    The eyes' middles are 64 px apart: with an iris of 11.7 mm they stand as in most people.
    """
    points = np.zeros((76, 2))
    inward = 1.0 if side is Side.RIGHT else -1.0
    points[0], points[8] = [-15.0 * inward, 0.0], [15.0 * inward, 0.0]
    along = inward * np.linspace(-15.0, 15.0, 9)[1:-1]
    points[9:16] = np.column_stack([along[::-1], np.full(7, lower_px - height_px)])
    points[1:8] = np.column_stack([along, np.full(7, lower_px)])
    # The network draws it 5 % wider than it is.
    points[IRIS_LEFTMOST], points[IRIS_RIGHTMOST] = [6.3, 0.0], [-6.3, 0.0]
    a = np.radians(roll_deg)
    return points @ np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]]).T + [
        300 - 32 * inward,
        200,
    ]


def eyes(right_px, left_px, **how):
    return np.array(
        [
            [contour(r, Side.RIGHT, **how), contour(e, Side.LEFT, **how)]
            for r, e in zip(right_px, left_px, strict=True)
        ]
    )
