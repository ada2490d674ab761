"""The anatomy picture: what it shows, that inferred looks and reads inferred, and its sides."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from facewire.face import MOVEMENTS, Movement, Side
from facewire.face.anatomy import BRANCHES, branch_names, communications, group_names, muscles
from facewire.face.muscles import GROUPS, MuscleGroup
from facewire.figures.nerve import nerve_svg
from facewire.figures.nerve_edges import MOST_DRAWN, wrong_edges
from facewire.figures.nerve_labels import MIDDLE, WIDTH
from facewire.figures.nerve_shape import (
    BRANCH_COURSES,
    CENTRES,
    COMMANDS,
    JOINS,
    MUSCLES,
    TWIGS,
    bezier,
)
from facewire.results.wiring import Edge

SVG = "{http://www.w3.org/2000/svg}"


def _edge(**changes: Any) -> Edge:
    given = {
        "command": Movement.SMILE_OPEN,
        "muscle": MuscleGroup.ORBICULARIS_OCULI_PALPEBRAL,
        "side": Side.RIGHT,
        "kind": "wrong",
        "percent": 42.0,
        "ci_low": 30.0,
        "ci_high": 55.0,
        "present": True,
    }
    if changes.get("percent") is not None:
        given |= {"ci_low": changes["percent"] - 5.0, "ci_high": changes["percent"] + 5.0}
    return Edge(**given | changes)


def _texts(svg: str) -> list[str]:
    return [node.text or "" for node in ET.fromstring(svg).iter(f"{SVG}text")]


def _ribbons(svg: str) -> list[ET.Element]:
    return [p for p in ET.fromstring(svg).iter(f"{SVG}path") if p.get("data-command")]


def _path_x(path: ET.Element) -> list[float]:
    return [float(x) for x, _ in re.findall(r"(-?[\d.]+) (-?[\d.]+)", path.get("d", ""))]


def _width(path: ET.Element) -> float:
    """Return the width of a ribbon at its start, from the first and the last point."""
    points = [(float(x), float(y)) for x, y in re.findall(r"([\d.]+) ([\d.]+)", path.get("d", ""))]
    (x0, y0), (x1, y1) = points[0], points[-1]
    return float(((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5)


@pytest.mark.parametrize("edges", [None, [], [_edge()]])
def test_picture_is_well_formed_and_refers_to_nothing_outside(edges: Any) -> None:
    svg = nerve_svg(edges)
    root = ET.fromstring(svg)
    assert root.get("role") == "img"
    assert re.findall(r"(?:href|src)=|url\((?!#)|@import", svg) == []
    assert root.find(f"{SVG}desc").text  # type: ignore[union-attr]


def test_anatomy_names_every_group_branch_and_join() -> None:
    text = " ".join(_texts(nerve_svg()))
    assert [g for g in GROUPS if group_names(g).plain not in text] == []
    assert [b for b in BRANCHES if branch_names(b).plain not in text] == []
    assert text.count("62.5 %") == 1
    assert text.count("67.5 %") == 2
    assert text.count("55 % of 40 half faces") == 1
    assert "stylomastoid foramen" in text


def test_anatomy_says_that_it_is_no_patient_and_infers_nothing() -> None:
    svg = nerve_svg()
    assert "not of this patient" in svg
    assert _ribbons(svg) == []
    assert "nferred" not in " ".join(_texts(svg))


def test_shapes_know_every_group_command_and_branch() -> None:
    assert set(MUSCLES) == set(CENTRES) == set(GROUPS)
    assert set(COMMANDS) == set(MOVEMENTS)
    assert set(BRANCH_COURSES) == set(TWIGS) == set(BRANCHES)
    assert set(JOINS) == {frozenset({c.a, c.b}) for c in communications()}


@pytest.mark.parametrize("branch", BRANCHES)
def test_every_twig_ends_near_a_muscle_of_its_branch(branch: Any) -> None:
    reached = {m.group for m in muscles() if branch in m.branches}
    own = [CENTRES[g] for g in GROUPS if g in reached]
    for twig in TWIGS[branch]:
        x, y = bezier(twig, 1)
        assert min(((x - a) ** 2 + (y - b) ** 2) ** 0.5 for a, b in own) < 75


def test_bezier_of_a_straight_line_is_straight() -> None:
    assert bezier(((0, 0), (5, 10), (10, 20)), 0.3) == pytest.approx((3, 6))


def test_wiring_says_inferred_everywhere() -> None:
    svg = nerve_svg([_edge()])
    texts = _texts(svg)
    assert texts[0] == "Wiring of the face: inferred, not measured"
    assert "about 42 % [30 to 55], inferred" in texts
    assert any(t.startswith("Inferred, not measured.") for t in texts)
    desc = ET.fromstring(svg).find(f"{SVG}desc")
    assert desc is not None
    assert desc.text == (
        "Inferred, not measured. Open smile reaches orbicularis oculi, palpebral part (right), "
        "about 42 % [30 to 55], inferred."
    )


def test_ribbons_are_hatched_and_never_solid() -> None:
    (ribbon,) = _ribbons(nerve_svg([_edge()]))
    assert ribbon.get("fill") == "url(#nerve-hatch)"
    assert ribbon.get("class") == "nf-ribbon"
    assert re.search(r"nf-ribbon\{[^}]*stroke-dasharray", nerve_svg([_edge()]))


@pytest.mark.parametrize("side", [Side.LEFT, Side.RIGHT])
def test_left_of_the_patient_lies_on_the_right_of_the_picture(side: Side) -> None:
    (ribbon,) = _ribbons(nerve_svg([_edge(side=side)]))
    assert all((x > MIDDLE) == (side is Side.LEFT) for x in _path_x(ribbon))


def test_mirrored_edges_are_mirrored_ribbons() -> None:
    (left,) = _ribbons(nerve_svg([_edge(side=Side.LEFT)]))
    (right,) = _ribbons(nerve_svg([_edge(side=Side.RIGHT)]))
    assert min(_path_x(left)) == pytest.approx(2 * MIDDLE - max(_path_x(right)), abs=0.11)


def test_side_words_stand_on_their_sides() -> None:
    places = {
        node.text: float(node.get("x", "nan"))
        for node in ET.fromstring(nerve_svg()).iter(f"{SVG}text")
    }
    assert places["The patient's right side"] < MIDDLE < places["The patient's left side"]


def test_width_grows_with_percent() -> None:
    narrow, wide = (_width(_ribbons(nerve_svg([_edge(percent=p)]))[0]) for p in (30.0, 60.0))
    assert wide == pytest.approx(2 * narrow, rel=0.05)


def test_only_present_wrong_edges_are_drawn_and_untold_ones_counted() -> None:
    nothing = {"percent": None, "ci_low": None, "ci_high": None, "reason": "not seen"}
    untold = _edge(muscle=MuscleGroup.PLATYSMA, present=None, **nothing)
    rows = [
        _edge(),
        _edge(kind="right", present=None),
        _edge(muscle=MuscleGroup.MENTALIS, present=False),
        untold,
    ]
    svg = nerve_svg(rows)
    assert [r.get("data-muscle") for r in _ribbons(svg)] == ["orbicularis_oculi_palpebral"]
    assert "Further connections that cannot be told from these data: 1." in _texts(svg)


def test_largest_edges_are_drawn_and_the_rest_is_counted() -> None:
    rows = [_edge(muscle=g, percent=10.0 + i) for i, g in enumerate(GROUPS)]
    svg = nerve_svg(rows)
    assert len(_ribbons(svg)) == MOST_DRAWN
    assert [e.percent for e in wrong_edges(rows)] == sorted((r.percent for r in rows), reverse=True)
    assert f"Smaller ones, in the table only: {len(GROUPS) - MOST_DRAWN}" in _texts(svg)


def test_healthy_face_says_that_nothing_was_found() -> None:
    svg = nerve_svg([])
    assert "No wrong connection is called present." in _texts(svg)
    assert "No wrong connection is called present." in svg


def test_edge_on_the_other_side_names_it() -> None:
    texts = _texts(nerve_svg([_edge(side=Side.LEFT)], side=Side.RIGHT))
    assert "Orbicularis oculi, palpebral part (left)" in " ".join(texts)


@pytest.mark.parametrize(
    "edges",
    [
        None,
        [
            _edge(command=m, muscle=g)
            for m, g in zip(
                MOVEMENTS[:7],
                sorted(GROUPS, key=lambda g: -len(group_names(g).plain)),
                strict=False,
            )
        ],
    ],
)
def test_words_fit_the_picture(edges: Any) -> None:
    root = ET.fromstring(nerve_svg(edges))
    for node in root.iter(f"{SVG}text"):
        letter = 9.6 if node.get("class") == "nf-name" else 8.1
        x, room = float(node.get("x", "nan")), letter * len(node.text or "")
        start = {"start": x, "end": x - room, "middle": x - room / 2}
        left = start[node.get("text-anchor", "")]
        assert left >= 0, node.text
        assert left + room <= WIDTH, node.text
