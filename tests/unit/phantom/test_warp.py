"""Known changes in drawn pictures: what moved is found in the pixels, the rest is untouched."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from facewire.face import Side
from facewire.phantom.warp import (
    FaceLines,
    FacePlane,
    Sizes,
    brow_field,
    corner_field,
    edited,
    lid_layers,
)
from facewire.video import Frame

PX_PER_MM = 4.0
WIDTH_PX, HEIGHT_PX = 400, 480
ORIGIN_PX = np.array([200.0, 200.0])
PLANE = FacePlane(ORIGIN_PX, PX_PER_MM * np.eye(2))
EYE_MM, FISSURE_MM = -30.0, 10.0
"""The patient's right eye: left in the picture, its middle at this place."""
CORNER_MM = (-25.0, 45.0)
SKIN, DARK, EYE = 180, 60, 110

Places = NDArray[np.float64]


def lines() -> FaceLines:
    """A right eye 26 mm wide, open by 10 mm, its brow 14 mm above the margin."""
    across = EYE_MM + np.linspace(-13.0, 13.0, 9)
    arch = 1.0 - ((across - EYE_MM) / 13.0) ** 2
    brow = np.linspace(EYE_MM - 14.0, EYE_MM + 14.0, 5)
    return FaceLines(
        upper=np.stack([across, 2.0 - 5.0 * arch - 1.0], axis=1),
        lower=np.stack([across, 1.0 + 5.0 * arch], axis=1),
        brow=np.stack([brow, np.full(5, -18.0)], axis=1),
        brow_half_mm=2.0,
        corner=np.array(CORNER_MM),
        outward=-1.0,
    )


def places(step: int = 1) -> tuple[Places, Places]:
    columns, rows = np.meshgrid(np.arange(WIDTH_PX // step), np.arange(HEIGHT_PX // step))
    mm = PLANE.to_mm((np.stack([columns, rows], axis=-1) + 0.5) * step)
    return mm[..., 0], mm[..., 1]


def picture() -> Frame:
    """Skin; a striped eye between the margins; a dark bar as brow; a dark spot as mouth corner."""
    face = lines()

    def drawn(step: int) -> NDArray[np.uint8]:
        x, y = places(step)
        out = np.full(x.shape, float(SKIN))
        upper = np.interp(x, *face.upper.T, left=99, right=99)
        lower = np.interp(x, *face.lower.T, left=-99, right=-99)
        inside = (y > upper) & (y < lower)
        out[inside] = (EYE + 40 * np.sin(2.0 * x))[inside]
        out[(np.abs(y + 18.0) < 2.0) & (np.abs(x - EYE_MM) < 14.0)] = DARK
        away = np.hypot(x - CORNER_MM[0], y - CORNER_MM[1])
        out -= (SKIN - DARK) * np.exp(-((away / 1.2) ** 2))
        return np.clip(np.rint(out), 0, 255).astype(np.uint8)

    return Frame(0, 0.0, drawn(1), drawn(2), drawn(2), full_range=False)


def column(plane: NDArray[np.uint8], across_mm: float, step: int = 1) -> NDArray[np.float64]:
    at = round((ORIGIN_PX[0] + across_mm * PX_PER_MM) / step)
    return plane[:, at - 1 : at + 1].mean(axis=1)


def centre_mm(plane: NDArray[np.uint8], near: Places, radius_mm: float) -> NDArray[np.float64]:
    """Centre of what is darker than skin about a place."""
    x, y = places()
    dark = np.clip(SKIN - 8.0 - plane, 0, None) * (np.hypot(x - near[0], y - near[1]) < radius_mm)
    return np.array([(dark * x).sum(), (dark * y).sum()]) / dark.sum()


def edge_mm(values: NDArray[np.float64], low_mm: float, high_mm: float, step: int = 1) -> float:
    """Where a column passes half way from skin to eye, between two heights."""
    height = ((np.arange(len(values)) + 0.5) * step - ORIGIN_PX[1]) / PX_PER_MM
    inside = (height > low_mm) & (height < high_mm)
    part, at = values[inside], height[inside]
    half = (part[0] + part[-1]) / 2
    i = int(np.flatnonzero(np.diff(part > half))[0])
    return float(at[i] + (half - part[i]) / (part[i + 1] - part[i]) * (at[i + 1] - at[i]))


@pytest.mark.parametrize("lid_mm", [0.5, 1.0, 2.0, 3.0])
def test_the_lid_margins_move_by_what_was_asked(lid_mm: float) -> None:
    before = picture()
    after = edited(before, PLANE, lines(), Sizes(lid_mm=lid_mm))
    for plane, step in (("y", 1), ("u", 2)):
        old, new = (column(getattr(f, plane), EYE_MM + 0.4, step) for f in (before, after))
        upper = edge_mm(new, -8.0, 0.5, step) - edge_mm(old, -8.0, 0.5, step)
        lower = edge_mm(new, 2.0, 10.0, step) - edge_mm(old, 2.0, 10.0, step)
        assert upper == pytest.approx(lid_mm, abs=0.3)
        assert lower == pytest.approx(-lid_mm / 3, abs=0.3)


def test_the_eye_behind_the_lids_is_not_stretched() -> None:
    before = picture()
    after = edited(before, PLANE, lines(), Sizes(lid_mm=2.0))
    x, y = places()
    behind = (np.abs(x - EYE_MM) < 5.0) & (y > 1.2) & (y < 3.5)
    assert np.array_equal(after.y[behind], before.y[behind])


@pytest.mark.parametrize("brow_mm", [1.0, 3.0])
def test_the_brow_comes_down_whole(brow_mm: float) -> None:
    before = picture()
    after = edited(before, PLANE, lines(), Sizes(brow_mm=brow_mm))
    near = np.array([EYE_MM, -18.0 + brow_mm / 2])
    moved = centre_mm(after.y, near, 6.0) - centre_mm(before.y, near, 6.0)
    assert moved == pytest.approx([0.0, brow_mm], abs=0.15)
    x, y = places()
    eye = (np.abs(x - EYE_MM) < 13.0) & (y > -5.0)
    assert np.array_equal(after.y[eye], before.y[eye])


@pytest.mark.parametrize("angle_deg", [0.0, 20.0])
def test_the_corner_is_pulled_up_and_out_also_in_a_tilted_head(angle_deg: float) -> None:
    """The right corner goes out to the left of the picture; a head's tilt turns its way."""
    turn = math.radians(angle_deg)
    tilt = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    plane = FacePlane(ORIGIN_PX, PX_PER_MM * tilt)
    face = lines()
    corner = plane.to_mm(PLANE.to_px(np.array(CORNER_MM)))
    face = FaceLines(face.upper, face.lower, face.brow, face.brow_half_mm, corner, face.outward)
    before = picture()
    after = edited(before, plane, face, Sizes(corner_mm=3.0))
    near = np.array(CORNER_MM) - 1.0
    moved = centre_mm(after.y, near, 5.0) - centre_mm(before.y, near, 5.0)
    assert moved == pytest.approx(tilt @ [-1.8, -2.4], abs=0.1)


@pytest.mark.parametrize(
    "sizes", [Sizes(3.0, 0.0, 3.0), Sizes(0.0, 3.0, 0.0), Sizes(3.0, 3.0, 3.0)]
)
def test_all_else_keeps_its_values(sizes: Sizes) -> None:
    """Nothing changes beyond 30 mm from eye and corner, nor on the other side."""
    before = picture()
    noise = np.random.default_rng(4).integers(-9, 9, before.y.shape)
    before = Frame(0, 0.0, (before.y + noise).astype(np.uint8), before.u, before.v, False)
    after = edited(before, PLANE, lines(), sizes)
    x, y = places()
    far = np.minimum(np.hypot(x - EYE_MM, (y + 8.0)), np.hypot(x - CORNER_MM[0], y - CORNER_MM[1]))
    assert np.array_equal(after.y[far > 32.0], before.y[far > 32.0])
    assert np.array_equal(after.y[x > -5.0], before.y[x > -5.0])
    assert not np.array_equal(after.y, before.y)


def test_no_change_is_no_change() -> None:
    before = picture()
    after = edited(before, PLANE, lines(), Sizes())
    assert all(np.array_equal(getattr(after, n), getattr(before, n)) for n in "yuv")
    assert Sizes().nothing


def test_a_lid_goes_no_further_than_the_fissure_and_a_brow_no_further_than_the_skin() -> None:
    """85 % of 10 mm are closed at most: 6.375 down and a third of it up."""
    face = lines()
    assert face.fissure_mm == pytest.approx(FISSURE_MM)
    possible = face.possible(Sizes(9.0, 3.0, 30.0))
    assert possible.fissure_mm == pytest.approx(8.5)
    assert possible.corner_mm == 3.0
    assert possible.brow_mm < 14.0 - 2.0
    small = Sizes(2.0, 3.0, 2.0)
    assert face.possible(small) == small


@pytest.mark.parametrize("size_mm", [0.3, 1.0, 3.0])
def test_no_field_folds_the_skin(size_mm: float) -> None:
    """What lies lower stays lower: the place that a pixel is taken from grows down each column."""
    x, y = places()
    face, sizes = lines(), Sizes(size_mm, size_mm, size_mm)
    (below, _), (above, _) = lid_layers(x, y, face, sizes)
    _, corner = corner_field(x, y, face, size_mm)
    brow = brow_field(x, y, face, size_mm)
    for field in (below, above + brow, corner, brow):
        assert np.diff(y - field, axis=0).min() > 0
    across, _ = corner_field(x, y, face, size_mm)
    assert np.diff(x - across, axis=1).min() > 0


def test_the_lines_of_a_side_are_found_among_the_points() -> None:
    """Out is to the left in the picture for the right side; the lids run across it."""
    points = np.zeros((468, 2))
    points[[33, 246, 161, 160, 159, 158, 157, 173, 133], 0] = np.arange(9) - 20.0
    points[61] = (-5.0, 9.0)
    face = FaceLines.of(points * PX_PER_MM + ORIGIN_PX, PLANE, Side.RIGHT)
    assert face.corner == pytest.approx([-5.0, 9.0])
    assert face.outward == -1.0
    assert list(face.upper[:, 0]) == pytest.approx(list(np.arange(9) - 20.0))
