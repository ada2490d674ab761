"""The simulated mesh is the measured one plus the predicted change, and nothing else."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from facewire.errors import UsageError
from facewire.face import Region, Side
from facewire.figures.mesh import (
    LIDS_AT,
    drawn,
    drawn_points,
    mesh_face,
    skin_tones,
    smooth,
    there_and_back,
)
from facewire.figures.mesh_change import column, field_of, lids_closed
from facewire.landmarks.points import MIRROR_POINTS
from facewire.report.moving_mesh import moving_mesh_view, safe_json
from facewire.report.predicted_change import predicted_changes
from facewire.results.forecast import Forecast
from unit.report.made_documents import made_forecast, made_mesh, mesh_points, typed_mesh


def changes(*given):
    out = np.zeros(20)
    for side, region, component, value in given:
        out[column(side, region, component)] = value
    return out


@pytest.fixture(scope="module")
def rest():
    return drawn_points(typed_mesh(made_mesh()).rest)


@pytest.fixture(scope="module")
def field(rest):
    return field_of(rest)


def test_nothing_changes_where_nothing_is_predicted(field):
    assert not field.moved(np.zeros(20)).any()


def test_a_channel_moves_its_own_point_by_its_value(field):
    moved = field.moved(
        changes(
            (Side.RIGHT, Region.COMMISSURE, "across", 2.0),
            (Side.RIGHT, Region.COMMISSURE, "up", 1.5),
        )
    )
    assert moved[61] == pytest.approx([-2.0, 1.5], abs=1e-9)
    assert moved[291] == pytest.approx([0.0, 0.0], abs=1e-9)
    assert moved[168] == pytest.approx([0.0, 0.0], abs=1e-9)


@pytest.mark.parametrize(
    ("region", "component", "right", "left"),
    [
        (Region.BROW, "height", 105, 334),
        (Region.UPPER_LIP, "height", 37, 267),
        (Region.LOWER_LIP, "height", 84, 314),
        (Region.ALA, "up", 98, 327),
    ],
)
def test_left_and_right_are_mirror_images(field, region, component, right, left):
    one = field.moved(changes((Side.RIGHT, region, component, 1.0)))
    other = field.moved(changes((Side.LEFT, region, component, 1.0)))
    mirror = np.array(MIRROR_POINTS[:468])
    assert one[right, 1] == pytest.approx(1.0)
    assert other[left, 1] == pytest.approx(1.0)
    assert one[:468] == pytest.approx(other[mirror] * [-1.0, 1.0], abs=1e-8)


def test_the_lips_part_when_one_of_them_moves(field):
    moved = field.moved(
        changes(
            (Side.RIGHT, Region.LOWER_LIP, "height", -3.0),
            (Side.LEFT, Region.LOWER_LIP, "height", -3.0),
        )
    )
    assert moved[87, 1] == pytest.approx(-3.0)
    assert abs(moved[82, 1]) < 1.0


def test_a_change_of_the_fissure_opens_the_lids_by_it(rest, field):
    moved = rest + field.moved(changes((Side.RIGHT, Region.EYE, "height", -4.0)))
    start = LIDS_AT[Side.RIGHT]
    upper, lower = slice(start + 11, start + 14), slice(start + 3, start + 6)
    before, after = (np.mean(p[upper, 1] - p[lower, 1]) for p in (rest, moved))
    assert after - before == pytest.approx(-4.0, abs=0.05)


def test_lids_meet_and_never_cross(rest, field):
    moved = lids_closed(rest + field.moved(changes((Side.LEFT, Region.EYE, "height", -40.0))))
    start = LIDS_AT[Side.LEFT]
    gaps = moved[start + 9 : start + 16, 1] - moved[start + 1 : start + 8, 1]
    assert gaps == pytest.approx(0.0)


def test_without_a_treatment_the_simulated_face_is_the_measured_one():
    document = made_forecast(treated=False)
    assert not any(
        np.abs(rows).max() > 0.011 for rows in predicted_changes(document).moves.values()
    )


def test_unknown_sizes_are_not_drawn():
    found = made_forecast()
    days = [list(day) for day in found.pictures.rest.R]
    days[1][1] = None
    rest = found.pictures.rest.replaced(R=tuple(map(tuple, days)))
    changed = found.replaced(pictures=found.pictures.replaced(rest=rest))
    assert np.isfinite(predicted_changes(changed).rest).all()
    assert predicted_changes(changed).rest[1][column(Side.RIGHT, Region.BROW, "height")] == 0


def test_other_channels_are_refused():
    values = made_forecast().plain()
    values["pictures"]["channels"][0] = "ear_height"
    with pytest.raises(UsageError, match=r"pictures.*the channels are not"):
        Forecast.from_json(json.dumps(values).encode())


def test_the_view_holds_what_both_documents_have():
    view = moving_mesh_view(typed_mesh(made_mesh()), made_forecast())
    assert set(view.movements) == {"smile_open", "eye_close_gentle"}
    assert (view.days[0], view.days[-1]) == ("day 0", "day 200")
    assert "day 60" in view.days
    assert len(view.days) > 100
    data = json.loads(view.data)
    simulated, (face,) = data["simulated"], data["faces"]
    assert len(simulated["field"]) == len(simulated["across"]) == 20
    assert len(face["rest"]) == 2 * len(simulated["field"][0]) == 2 * len(view.measured)


def test_there_is_no_view_without_a_common_movement():
    mesh = made_mesh() | {"movements": []}
    assert moving_mesh_view(typed_mesh(mesh), made_forecast()) is None


def test_words_carry_intervals():
    view = moving_mesh_view(typed_mesh(made_mesh()), made_forecast())
    assert re.search(r"Simulated.*mm \[.* to .*\]", view.words)


def test_data_cannot_end_its_script_element():
    assert "<" not in safe_json({"a": "</script><b>&"})
    assert json.loads(safe_json({"a": "</script>&"})) == {"a": "</script>&"}


def test_a_smooth_line_passes_its_points_up_is_up():
    """By hand: the handles lie a sixth of the way between the neighbours."""
    path = drawn(smooth([0, 1, 2]), np.array([[0.0, 0.0], [1.2, 2.4], [3.0, 0.0]]))
    assert path == "M0 0C0.2 -0.4 0.7 -2.4 1.2 -2.4C1.7 -2.4 2.7 -0.4 3 0"


def test_a_shape_runs_there_and_back():
    points = np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 0.0], [1.0, -1.0]])
    path = drawn(there_and_back([0, 1, 2], [0, 3, 2]), points)
    assert path.startswith("M0 0")
    assert "L2 0" in path
    assert path.endswith("0 0Z")


def test_every_triangle_of_the_skin_has_one_tone(rest):
    tones = skin_tones(rest, np.abs(mesh_points()[:, 0]))
    triangles = {tuple(sorted(one)) for tone in tones for one in tone.tolist()}
    assert len(triangles) == sum(len(tone) for tone in tones) > 800


def test_shade_is_no_sign_of_asymmetry(rest):
    tones = skin_tones(rest, np.abs(mesh_points()[:, 0]))
    mean_x = [rest[tone.reshape(-1), 0].mean() for tone in (tones[2], tones[-1])]
    assert np.abs(mean_x).max() < 15.0


def test_a_closed_eye_is_drawn_as_a_line():
    mesh = typed_mesh(made_mesh())
    edge = drawn(mesh_face(mesh).eyes[0].edge, drawn_points(mesh.movements[1]))
    heights = {float(v) for v in re.findall(r"[ C](-?\d+\.?\d*)(?=[CLZ]|$)", edge)}
    assert max(heights) - min(heights) < 0.3
