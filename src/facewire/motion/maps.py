"""The fitted part of the measurement: small, smooth, and able to be switched off.

What is left of the tracker's blindness after the flow is corrected by two linear maps, fitted by
ridge regression on rendered patients of known truth with whole patients left out: one for the even
part of the face's movement (left plus right, halved), one for the odd part (left minus right,
halved). The fissure has none: the lid network needs none. The brow has none: on real skin with
known edits it is measured better without. Real skin is not rendered skin: both maps are drawn
towards doing nothing, and ``fitted=False`` leaves them out.

`benchmarks/fit_maps.py` makes the numbers in ``maps.json`` again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from facewire.face import CHANNEL_INDEX, Channel, Component, Movement, Region, Side
from facewire.landmarks.track import check_shapes

FloatArray = NDArray[np.float64]

PAIRED: tuple[tuple[Region, Component], ...] = (
    (Region.EYE, "height"),
    (Region.BROW, "height"),
    (Region.COMMISSURE, "across"),
    (Region.COMMISSURE, "up"),
    (Region.UPPER_LIP, "height"),
    (Region.LOWER_LIP, "height"),
    (Region.ALA, "across"),
    (Region.ALA, "up"),
)
"""Signals that exist on both sides, in the order of the maps' rows and columns; chin last."""

LEFT_COLUMNS = [CHANNEL_INDEX[Channel(r, Side.LEFT, c)] for r, c in PAIRED]
RIGHT_COLUMNS = [CHANNEL_INDEX[Channel(r, Side.RIGHT, c)] for r, c in PAIRED]
WITHOUT_MAP = (Region.EYE, Region.BROW)
"""They come out of the maps as they went in."""

CHIN_UP = CHANNEL_INDEX[Channel(Region.CHIN, None, "up")]
CHIN_ACROSS = CHANNEL_INDEX[Channel(Region.CHIN, None, "across")]


@dataclass(frozen=True)
class FittedMaps:
    """The maps: what is added to a displacement, as matrices acting on it.

    Parameters
    ----------
    even, odd : ndarray, shape (9, 9)
        Signals in (`PAIRED`, then chin up or chin across) to additions out.
    """

    even: FloatArray
    odd: FloatArray

    def __post_init__(self) -> None:
        square = (len(PAIRED) + 1, len(PAIRED) + 1)
        check_shapes("the fitted maps", self, {"even": square, "odd": square})

    def apply(self, displacement_mm: FloatArray) -> FloatArray:
        """Correct displacements, shape (..., n_channels), but those of `WITHOUT_MAP`."""
        left, right = displacement_mm[..., LEFT_COLUMNS], displacement_mm[..., RIGHT_COLUMNS]
        even = np.concatenate([(left + right) / 2, displacement_mm[..., [CHIN_UP]]], axis=-1)
        odd = np.concatenate([(left - right) / 2, displacement_mm[..., [CHIN_ACROSS]]], axis=-1)
        even_more, odd_more = even @ self.even, odd @ self.odd
        out = displacement_mm.copy()
        keep = [i for i, (region, _) in enumerate(PAIRED) if region not in WITHOUT_MAP]
        out[..., [LEFT_COLUMNS[i] for i in keep]] += (even_more + odd_more)[..., keep]
        out[..., [RIGHT_COLUMNS[i] for i in keep]] += (even_more - odd_more)[..., keep]
        out[..., CHIN_UP] += even_more[..., -1]
        out[..., CHIN_ACROSS] += odd_more[..., -1]
        return out


@cache
def _document() -> dict[str, object]:
    text = files("facewire.motion").joinpath("maps.json").read_text(encoding="utf8")
    document: dict[str, object] = json.loads(text)
    return document


@cache
def load_maps() -> FittedMaps:
    """Return the maps that come with the package."""
    d = _document()
    return FittedMaps(np.array(d["even"], dtype=float), np.array(d["odd"], dtype=float))


def no_maps() -> FittedMaps:
    """Return maps that do nothing."""
    return FittedMaps(np.zeros((9, 9)), np.zeros((9, 9)))


def left_over_sd_mm(
    movement: Movement, region: Region, component: str, *, difference: bool, fitted: bool
) -> float:
    """Return what the measurement leaves uncorrected, as a standard deviation, mm.

    From rendered patients that the maps had not seen.

    Parameters
    ----------
    movement, region, component
        The change that is measured.
    difference : bool
        True for the difference between the sides, False for one side's change.
    fitted : bool
        Whether the maps were applied.
    """
    table = _document()["left_over_mm"]
    kind = ("fitted" if fitted else "unfitted") + ("_difference" if difference else "_side")
    rows: dict[str, dict[str, float]] = table[kind]  # type: ignore[index]
    return rows[f"{region}_{component}"][movement]
