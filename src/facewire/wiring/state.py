"""A face as the wiring model sees it: who drives which muscle, and what that moves.

One class, `FaceState`, carries it through inference, treatment and plan. Treatments return new
states; nothing here changes one.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewire.errors import UsageError
from facewire.face import (
    MOVEMENTS,
    SIDES,
    VOLUNTARY_TARGETS,
    Region,
    Side,
    region_channels,
)
from facewire.face.movements import healthy_activation
from facewire.face.muscles import GROUPS, SIDE_CHANNEL_INDEX, SIDE_CHANNELS, TYPICAL_ACTION_MM
from facewire.results.wiring import MOST_DRAWS, DrawnFaces, WiringDraws

FloatArray = NDArray[np.float64]

N_SIDES, N_MOVEMENTS = len(SIDES), len(MOVEMENTS)
N_GROUPS, N_CHANNELS = len(GROUPS), len(SIDE_CHANNELS)

EYE = SIDE_CHANNEL_INDEX[Region.EYE, "height"]

DECIMALS, DECIMALS_MM = 3, 2
"""Of stored draws: of a full activation, and of a millimetre; far below any interval."""

LARGEST_ACTIVATION = 1.5
"""Where activation levels off, in full activations of a healthy muscle."""

SHARPNESS = 4.0
"""How suddenly it levels off."""


@dataclass(frozen=True)
class FaceState:
    """A face at one moment, as ``n`` draws that stand for what is not known about it.

    Sides are in the order of `facewire.face.SIDES`, movements of ``MOVEMENTS``, groups of
    ``GROUPS``, channels of ``SIDE_CHANNELS`` (millimetres, up and outward positive).
    Activations are in full activations of the healthy side's own muscle (1 is 100 %).

    Parameters
    ----------
    right : ndarray, shape (n, 2, 8, 14)
        Activation that belongs to each movement; less than healthy where a muscle is weak.
    wrong : ndarray, shape (n, 2, 8, 14)
        Activation that does not belong there: synkinesis.
    tone : ndarray, shape (n, 2, 14)
        Activation at rest; negative where the face hangs.
    strength : ndarray, shape (n, 2, 14)
        What is left of each muscle's force: 1 untouched, 0 paralysed or removed.
    action_mm : ndarray, shape (n, 2, 14, 10)
        What each group moves at full activation.
    added_mm : ndarray, shape (n, 2, 8, 10)
        Movement by something else than the face's own muscles, such as a transferred one.
    shift_mm : ndarray, shape (n, 2, 10)
        Displacement at rest by something else than muscle tone, such as a lift.
    rest_mm : ndarray, shape (n, 2, 10)
        Where the channels stand at rest at the time of measuring; tone as it was then included.
        NaN where not measured.
    physiological_mm : ndarray, shape (n, 2, 8, 10)
        What healthy faces do too in regions that a movement does not move on purpose.
    """

    right: FloatArray
    wrong: FloatArray
    tone: FloatArray
    strength: FloatArray
    action_mm: FloatArray
    added_mm: FloatArray
    shift_mm: FloatArray
    rest_mm: FloatArray
    physiological_mm: FloatArray

    def __post_init__(self) -> None:
        n = self.right.shape[0]
        shapes = {
            "right": (n, N_SIDES, N_MOVEMENTS, N_GROUPS),
            "wrong": (n, N_SIDES, N_MOVEMENTS, N_GROUPS),
            "tone": (n, N_SIDES, N_GROUPS),
            "strength": (n, N_SIDES, N_GROUPS),
            "action_mm": (n, N_SIDES, N_GROUPS, N_CHANNELS),
            "added_mm": (n, N_SIDES, N_MOVEMENTS, N_CHANNELS),
            "shift_mm": (n, N_SIDES, N_CHANNELS),
            "rest_mm": (n, N_SIDES, N_CHANNELS),
            "physiological_mm": (n, N_SIDES, N_MOVEMENTS, N_CHANNELS),
        }
        for name, shape in shapes.items():
            found = getattr(self, name).shape
            if found != shape:
                raise UsageError(
                    f"The {name} of a face state has the wrong shape",
                    expected=str(shape),
                    found=str(found),
                )
        for name in ("right", "wrong", "strength"):
            if np.any(getattr(self, name) < 0):
                raise UsageError(f"The {name} of a face state is negative", expected="0 or more")

    @property
    def draws(self) -> int:
        """Number of draws."""
        return int(self.right.shape[0])

    @classmethod
    def of_draws(cls, draws: WiringDraws) -> FaceState:
        """Return the faces that a wiring carries.

        Raises
        ------
        UsageError
            An array has the wrong shape.
        """
        arrays: dict[str, FloatArray] = {}
        for f in fields(cls):
            try:
                values = np.array(getattr(draws.arrays, f.name), dtype=float)
            except ValueError as error:
                raise UsageError(
                    f"The draws of the wiring are damaged: {f.name}", do="infer the wiring again"
                ) from error
            arrays[f.name] = np.broadcast_to(values, (draws.count, *values.shape[1:])).copy()
        return cls(**arrays)

    def to_draws(self) -> WiringDraws:
        """Return the faces as a wiring carries them: at most `MOST_DRAWS`, evenly taken."""
        count = min(self.draws, MOST_DRAWS)
        kept = self.take(np.linspace(0, self.draws - 1, count).round().astype(np.intp))
        arrays = {f.name: _as_rows(getattr(kept, f.name), f.name) for f in fields(self)}
        return WiringDraws(count=count, arrays=DrawnFaces(**arrays))

    def take(self, rows: NDArray[np.intp]) -> FaceState:
        """Return the state with these draws only."""
        return FaceState(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})

    def mirrored(self) -> FaceState:
        """Return the mirror image: left and right exchanged."""
        return FaceState(**{f.name: getattr(self, f.name)[:, ::-1].copy() for f in fields(self)})


def _as_rows(values: FloatArray, name: str) -> Any:
    """Return an array as nested rows, null for NaN; once where all draws are the same."""
    same = np.array_equal(values, np.broadcast_to(values[:1], values.shape), equal_nan=True)
    decimals = DECIMALS_MM if name.endswith("_mm") else DECIMALS
    rounded = np.round(values[:1] if same else values, decimals) + 0.0
    listed = rounded.astype(object)
    listed[np.isnan(rounded)] = None
    return _frozen(listed.tolist())


def _frozen(value: Any) -> Any:
    return tuple(_frozen(one) for one in value) if isinstance(value, list) else value


def side_index(side: Side) -> int:
    """Return the place of a side in the arrays of a `FaceState`."""
    return SIDES.index(side)


def saturated(activation: FloatArray) -> FloatArray:
    """Level activation off smoothly; 0 stays 0, 1 stays 1, nothing passes about 1.6.

    ``a / (1 + (|a| / L)**p)**(1/p)``, divided by its value at 1.
    """
    return _level(activation) / _level(np.ones(1))


def _level(activation: FloatArray) -> FloatArray:
    ratio = np.abs(activation) / LARGEST_ACTIVATION
    return np.asarray(activation / (1.0 + ratio**SHARPNESS) ** (1.0 / SHARPNESS))


def rest_change_mm(state: FaceState) -> FloatArray:
    """Return the displacement at rest by tone and by lifts, shape (n, 2, 10), mm."""
    pull = resting_pull(saturated(state.tone), state.strength)
    return np.asarray(np.einsum("nsg,nsgk->nsk", pull, state.action_mm) + state.shift_mm)


def resting_pull(tone: NDArray[Any], strength: NDArray[Any]) -> NDArray[Any]:
    """Return what muscles pull at rest: a tight one with the force that it has left.

    A muscle that hangs has no tone to lose: taking more of its force does not lift the face.

    Parameters
    ----------
    tone, strength : ndarray, shape (n, 2, 14)
        Activation at rest, levelled off, negative where the face hangs; force.
    """
    return np.asarray(np.where(tone > 0, tone * strength, tone))


def involuntary_mm(state: FaceState) -> FloatArray:
    """Return what the wrong wiring moves in each movement, shape (n, 2, 8, 10), mm."""
    return _moved(state, state.wrong)


def total_mm(state: FaceState) -> FloatArray:
    """Return hold minus rest in each movement, (n, 2, 8, 10), mm; lids stop where they meet."""
    both = _moved(state, state.right + state.wrong)
    change = both + state.added_mm + state.physiological_mm
    fissure = -np.where(np.isfinite(state.rest_mm[..., EYE]), state.rest_mm[..., EYE], np.inf)
    change[..., EYE] = np.maximum(change[..., EYE], fissure[..., None])
    return change


def _moved(state: FaceState, drive: FloatArray) -> FloatArray:
    pull = saturated(drive) * state.strength[:, :, None, :]
    moved: FloatArray = np.matmul(pull, state.action_mm)
    return moved


def region_columns(region: Region) -> list[int]:
    """Return the columns of a region among the channels of one side."""
    return [SIDE_CHANNEL_INDEX[c.region, c.component] for c in region_channels(region, Side.RIGHT)]


@cache
def wanted_directions() -> FloatArray:
    """Return the direction of each movement in its main target, shape (8, 10), length 1.

    That of the typical face with healthy wiring, so that it is the same for every patient.
    """
    moved = healthy_activation() @ TYPICAL_ACTION_MM
    kept = np.zeros_like(moved)
    for row, movement in enumerate(MOVEMENTS):
        columns = region_columns(VOLUNTARY_TARGETS[movement][0])
        kept[row, columns] = moved[row, columns]
    return np.asarray(kept / np.linalg.norm(kept, axis=1, keepdims=True))


def excursions(moved_mm: FloatArray) -> FloatArray:
    """Return how far each movement goes the wanted way in its main target, mm; (b, n, 2, 8)."""
    found: FloatArray = np.einsum("bnsmk,mk->bnsm", moved_mm, wanted_directions())
    return found
