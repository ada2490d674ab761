"""Which points of the mesh stand for which region, and the raw signals that come from them.

In: a head pose and corrected points. Out: displacement of each channel from the reference rest,
in millimetres, before anything fitted is applied.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from facewire.face import CHANNEL_INDEX, CHANNELS, Channel, Region, Side
from facewire.landmarks.points import EYE_CORNERS, INNER_CORNERS

FloatArray = NDArray[np.float64]

REGION_POINTS: dict[tuple[Region, Side | None], tuple[int, ...]] = {
    (Region.BROW, Side.RIGHT): (70, 63, 105, 66, 107, 46, 53, 52, 65, 55),
    (Region.BROW, Side.LEFT): (300, 293, 334, 296, 336, 276, 283, 282, 295, 285),
    (Region.COMMISSURE, Side.RIGHT): (61,),
    (Region.COMMISSURE, Side.LEFT): (291,),
    (Region.ALA, Side.RIGHT): (48, 64, 98),
    (Region.ALA, Side.LEFT): (278, 294, 327),
    (Region.UPPER_LIP, Side.RIGHT): (37,),
    (Region.UPPER_LIP, Side.LEFT): (267,),
    (Region.LOWER_LIP, Side.RIGHT): (84,),
    (Region.LOWER_LIP, Side.LEFT): (314,),
    (Region.CHIN, None): (152, 175, 199),
}

UPPER_LID = {Side.RIGHT: (159, 158, 160), Side.LEFT: (386, 385, 387)}
LOWER_LID = {Side.RIGHT: (145, 144, 153), Side.LEFT: (374, 373, 380)}


def channel_values(plane: FloatArray, channel: Channel) -> FloatArray:
    """Return one component of one region from points in the head's frame.

    Parameters
    ----------
    plane : ndarray, shape (..., 468, 2)
        To the patient's left, and down; any unit.
    channel : Channel
        Any but the eye's, whose height comes from the lid network.

    Returns
    -------
    ndarray, shape (...)
        Outward (for the chin: to the patient's left) or up, same unit.
    """
    points = plane[..., list(REGION_POINTS[channel.region, channel.side]), :].mean(axis=-2)
    if channel.component == "across":
        outward: FloatArray = points[..., 0] * (-1.0 if channel.side is Side.RIGHT else 1.0)
        return outward
    up: FloatArray = -points[..., 1]
    return up


def region_displacements(moved: FloatArray, mm_per_unit: float) -> FloatArray:
    """Return the displacement of every channel, mm, shape (n_frames, n_channels); eyes are NaN."""
    out = np.full((len(moved), len(CHANNELS)), np.nan)
    for channel in CHANNELS:
        if channel.region is not Region.EYE:
            out[:, CHANNEL_INDEX[channel]] = channel_values(moved, channel) * mm_per_unit
    return out


def rest_positions(template: FloatArray, mm_per_unit: float) -> FloatArray:
    """Return where each channel stands at rest, mm, shape (n_channels,); eyes are NaN.

    Heights of the brow are over the line of the eye corners; the others are in the head's frame,
    whose origin is midway between the inner corners of the eyes.
    """
    inner = template[list(INNER_CORNERS)].mean(axis=0)
    corners = template[[*EYE_CORNERS[Side.RIGHT], *EYE_CORNERS[Side.LEFT]]].mean(axis=0)
    out = np.full(len(CHANNELS), np.nan)
    for channel in CHANNELS:
        if channel.region is Region.EYE:
            continue
        origin = corners if channel.region is Region.BROW else inner
        value = channel_values((template - origin)[:, :2], channel)
        out[CHANNEL_INDEX[channel]] = float(value) * mm_per_unit
    return out
