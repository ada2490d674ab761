# The page writes true minus signs.
# ruff: noqa: RUF001
"""The map: marks, table, drawn faces with the patient's left on the picture's right."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from facewire.face import Movement, Region, Side
from facewire.figures.drawn_face import MIDDLE, POSES, anchor, face_shape
from facewire.report.face_map import map_view
from facewire.results.findings import Verdict
from unit.report.made_result import changed, measured
from unit.report.page_reading import build_report, part


def cell(result, movement: str, region: str, side: str = "R"):
    table = next(
        t
        for t in map_view(measured(result)).tables
        if {"R": "right", "L": "left"}[side] in t.caption
    )
    row = dict(zip(Movement, table.rows, strict=True))[Movement(movement)]
    return dict(zip(Region, row[1], strict=True))[Region(region)]


@pytest.mark.parametrize(
    ("fields", "mark"),
    [
        ({"present": True, "beyond_healthy": True}, "synkinesis"),
        ({"present": True, "beyond_healthy": False}, "small"),
        ({"present": True, "beyond_healthy": None}, "uncompared"),
        ({"present": False, "detected": True}, "trace"),
        ({"present": False, "detected": False}, "none"),
        ({"present": None, "detected": None, "beyond_healthy": None}, "unknown"),
        ({"change_mm": None}, "unknown"),
    ],
)
def test_mark_follows_presence_and_the_healthy_spread(altered, fields, mark):
    assert cell(altered("smile_open", "brow", "R", **fields), "smile_open", "brow").says == mark


def test_null_reads_cannot_tell_with_its_reason(synkinetic):
    unknown = cell(synkinetic, "brow_raise", "ala")
    assert (unknown.says, unknown.change_mm) == (Verdict.UNKNOWN, None)
    assert "cannot tell: the region was not measured" in part(
        build_report(measured(synkinetic), None), "map"
    )


def test_region_moved_on_purpose_is_no_gap(altered):
    result = altered("smile_open", "commissure", "R", change_mm=None, present=None)
    assert cell(result, "smile_open", "commissure").says is Verdict.ASKED


def test_region_moved_on_purpose_is_told_when_it_is_present(altered):
    result = altered("smile_open", "ala", "R", change_mm=1.5, present=True, beyond_healthy=True)
    assert cell(result, "smile_open", "ala").says is Verdict.SYNKINESIS


def test_every_mark_has_its_own_symbol_and_words(healthy):
    page = build_report(measured(healthy), None)
    legend = page[page.index('class="legend"') :]
    told = re.findall(r">(.)</span>([^<]+)</li>", legend[: legend.index("</ul>")])
    symbols, words = zip(*told, strict=True)
    assert len(set(symbols)) == len(set(words)) == 9


def test_table_has_every_movement_and_region(healthy):
    for table in map_view(measured(healthy)).tables:
        assert len(table.rows) == 8
        assert all(len(cells) == 7 for _, cells in table.rows)


def test_affected_side_comes_first(synkinetic):
    assert map_view(measured(synkinetic)).tables[0].caption == "The patient's right side (affected)"


def test_every_present_finding_is_printed_on_its_face(synkinetic):
    faces = dict(zip(Movement, map_view(measured(synkinetic)).faces, strict=True))
    labels = [(label.cell.region, label.cell.side) for label in faces[Movement.SMILE_OPEN].labels]
    assert labels == [(Region.EYE, Side.RIGHT)]
    page = build_report(measured(synkinetic), None)
    face = page[page.index("<figcaption>Open smile<") :]
    told = re.findall(r"<text [^>]*>([^<]+)</text>", face[: face.index("</svg>")])
    assert told[:2] == ["eye", "● −2.4 mm"]


def test_face_in_words_says_what_it_shows(synkinetic):
    face = map_view(measured(synkinetic)).faces[4]
    assert face.description == "Open smile moves right eye: −2.4 mm, synkinesis."


def test_band_is_wider_for_more_millimetres(altered):
    def width(change_mm: float) -> float:
        result = altered("smile_open", "eye", "R", change_mm=change_mm)
        path = map_view(measured(result)).faces[4].bands[0].path
        points = [tuple(map(float, p.split())) for p in re.split("[ML]", path.rstrip("Z"))[1:]]
        (x1, y1), (x2, y2) = points[16], points[20]
        return ((x1 - x2) ** 2 + (y1 - y2) ** 2) ** 0.5

    assert width(-1.0) < width(-2.0) < width(-4.0)


def test_patients_left_is_on_the_right_of_the_picture():
    for region in Region:
        left, right = anchor(region, Side.LEFT), anchor(region, Side.RIGHT)
        assert left[0] + right[0] == pytest.approx(2 * MIDDLE)
        assert left[0] >= right[0]


def test_labels_never_lie_over_one_another(synkinetic):
    for row in synkinetic["synkinesis"]:
        row.update(changed(row, change_mm=1.5, present=True, beyond_healthy=True))
    for face in map_view(measured(synkinetic)).faces:
        for side_x in {label.x for label in face.labels}:
            heights = sorted(label.y for label in face.labels if label.x == side_x)
            assert all(b - a >= 36 for a, b in pairwise(heights))


def test_healthy_faces_show_no_band(healthy):
    view = map_view(measured(healthy))
    assert not any(face.bands for face in (view.overview, *view.faces))


@pytest.mark.parametrize("movement", list(Movement))
def test_every_movement_has_a_drawn_pose(movement):
    shape = face_shape(POSES[movement])
    assert shape.closed == movement.startswith("eye_close")
    assert len(shape.eyes) == len(shape.brows) == 2


def test_a_side_that_only_serves_as_reference_has_no_empty_table(synkinetic):
    for row in synkinetic["synkinesis"]:
        if row["side"] == "L":
            row.update(changed(row, change_mm=None, repetitions=3))
    page = part(build_report(measured(synkinetic), None), "map")
    assert "left side (other side): the reference" in page
    assert [t.is_reference for t in map_view(measured(synkinetic)).tables] == [False, True]
