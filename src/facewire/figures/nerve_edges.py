"""Inferred wrong connections on the anatomy picture: hatched ribbons, numbers, and their list."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from textwrap import wrap

from facewire.face import Side
from facewire.face.anatomy import group_names
from facewire.figures.nerve_labels import (
    COLUMN,
    LINE,
    TOP,
    picture_x,
    text_at,
)
from facewire.figures.nerve_shape import CENTRES, COMMANDS, Curve, Point, bezier, outline
from facewire.results.wiring import Edge
from facewire.words import movement_name, sentence, side_word, translate

MOST_DRAWN = 7
"""More ribbons than this hide one another; the rest is in the table."""
PX_PER_PERCENT = 0.24
LEAST_PX, MOST_PX = 3.5, 30.0
STEPS = 24
BADGE = 11.0
ROW = 92.0
NAME_LETTERS = 37
"""A longer name takes two lines."""
BOWS = (0.26, 0.46, 0.08, 0.64, -0.1)
"""How far ribbons on the same way bow outward, of their length, one after the other."""
END_SHIFTS = (0.0, -20.0, 20.0, -40.0)
"""How far the ends of ribbons into one muscle lie apart, picture units."""


def wrong_edges(edges: Iterable[Edge]) -> tuple[Edge, ...]:
    """Return the wrong edges that are present, the largest first."""
    return tuple(sorted((one for one in edges if one.present), key=lambda one: -_percent(one)))


def _percent(edge: Edge) -> float:
    return edge.percent or 0.0


def count_untold(edges: Iterable[Edge]) -> int:
    """Return how many wrong connections these data cannot tell to be there or not."""
    return sum(edge.kind == "wrong" and edge.present is None for edge in edges)


def ribbons(edges: Sequence[Edge]) -> str:
    """Draw a numbered ribbon for each edge: the widest lie below."""
    shown = edges[:MOST_DRAWN]
    curves = [_course(edge, shown[:i]) for i, edge in enumerate(shown)]
    pairs = list(zip(shown, curves, strict=True))
    highs = [
        f'<path class="nf-high" d="{_arrow(c, _width(e.ci_high or 0.0) + 3)}"/>' for e, c in pairs
    ]
    cores = [_ribbon(edge, curve) for edge, curve in pairs]
    starts = sorted({curve[0] for curve in curves})
    marks = [f'<circle class="nf-command" cx="{x:.1f}" cy="{y:.1f}" r="8"/>' for x, y in starts]
    return "".join([*highs, *cores, *marks, *_numbers(curves)])


def _course(edge: Edge, before: Sequence[Edge]) -> Curve:
    """Return the middle line of a ribbon, kept apart from those before it."""
    into = sum(e.muscle is edge.muscle and e.side is edge.side for e in before)
    out, y = CENTRES[edge.muscle]
    start = _on_side(COMMANDS[edge.command], edge.side)
    end = _on_side((out + END_SHIFTS[into % len(END_SHIFTS)], y), edge.side)
    alike = sum(_similar(edge, other) for other in before)
    outward = 1 if edge.side is Side.LEFT else -1
    bow = BOWS[alike % len(BOWS)] * math.dist(start, end) * outward
    return start, ((start[0] + end[0]) / 2 + bow, (start[1] + end[1]) / 2), end


def _similar(edge: Edge, other: Edge) -> bool:
    """Return whether two edges join nearly the same places, in either direction."""
    if edge.side is not other.side:
        return False
    a, b = COMMANDS[edge.command], CENTRES[edge.muscle]
    c, d = COMMANDS[other.command], CENTRES[other.muscle]
    same, turned = math.dist(a, c) + math.dist(b, d), math.dist(a, d) + math.dist(b, c)
    return min(same, turned) < 130


def _on_side(place: Point, side: Side) -> Point:
    return picture_x(side, place[0]), place[1]


def _ribbon(edge: Edge, curve: Curve) -> str:
    body = _arrow(curve, _width(_percent(edge)))
    return (
        f'<path class="nf-ribbon" fill="url(#nerve-hatch)" d="{body}" '
        f'data-command="{edge.command}" data-muscle="{edge.muscle}" data-side="{edge.side}"/>'
    )


def _width(percent: float) -> float:
    return min(max(PX_PER_PERCENT * percent, LEAST_PX), MOST_PX)


def _arrow(curve: Curve, width: float) -> str:
    """Return the outline of an arrow of one width along a curve."""
    points = [bezier(curve, i / STEPS) for i in range(STEPS + 1)]
    length = sum(math.dist(p, q) for p, q in pairwise(points))
    head = min(width * 0.7 + 12, length * 0.4)
    stop = 1 - head / length
    sides: tuple[list[Point], list[Point]] = ([], [])
    for i in range(STEPS + 1):
        t = stop * i / STEPS
        sides[0].append(_beside(curve, t, width / 2))
        sides[1].append(_beside(curve, t, -width / 2))
    wide = width / 2 + 7
    tip = [_beside(curve, stop, wide), curve[-1], _beside(curve, stop, -wide)]
    return outline([*sides[0], *tip, *reversed(sides[1])])


def _beside(curve: Curve, t: float, away: float) -> Point:
    (x0, y0), (x1, y1) = bezier(curve, max(t - 0.01, 0)), bezier(curve, min(t + 0.01, 1))
    size = math.hypot(x1 - x0, y1 - y0) or 1.0
    x, y = bezier(curve, t)
    return x - (y1 - y0) / size * away, y + (x1 - x0) / size * away


def _numbers(curves: Sequence[Curve]) -> list[str]:
    """Return a number for each ribbon, where a number hides no other."""
    taken: list[Point] = [curve[0] for curve in curves]
    found = []
    for i, curve in enumerate(curves, 1):
        choices = [bezier(curve, t) for t in (0.5, 0.42, 0.58, 0.34, 0.66, 0.26)]
        room = [min(math.dist(p, q) for q in taken) for p in choices]
        free = next((p for p, r in zip(choices, room, strict=True) if r > 2.2 * BADGE), None)
        place = free or choices[room.index(max(room))]
        taken.append(place)
        found.append(_badge(place, i))
    return found


def _badge(place: Point, number: int) -> str:
    x, y = place
    circle = f'<circle class="nf-number" cx="{x:.1f}" cy="{y:.1f}" r="{BADGE}"/>'
    return circle + text_at((x, y + 5), str(number), "nf-digit", "middle")


def edge_list(edges: Sequence[Edge], side: Side) -> str:
    """List the numbered edges in words beside one side of the face."""
    if not edges:
        text = translate("No wrong connection is called present.")
        return _lines((picture_x(side, COLUMN), TOP + 200), side, [("nf-name", text)])
    found = []
    shown = edges[:MOST_DRAWN]
    for i, edge in enumerate(shown):
        y = TOP + i * ROW
        found.append(_badge((picture_x(side, COLUMN + 14), y - 5), i + 1))
        found.append(_lines((picture_x(side, COLUMN + 34), y), side, _edge_words(edge, side)))
    if len(edges) > len(shown):
        more = translate("Smaller ones, in the table only: {n}").format(n=len(edges) - len(shown))
        place = (picture_x(side, COLUMN + 34), TOP + len(shown) * ROW)
        found.append(_lines(place, side, [("nf-plain", more)]))
    return "".join(found)


def _lines(place: Point, side: Side, lines: Sequence[tuple[str, str]]) -> str:
    anchor = "start" if side is Side.LEFT else "end"
    x, y = place
    return "".join(
        text_at((x, y + i * LINE), text, style, anchor) for i, (style, text) in enumerate(lines)
    )


def _edge_words(edge: Edge, side: Side | None) -> list[tuple[str, str]]:
    """Return the lines of an edge; the side is named where it is not the list's own."""
    movement = sentence(movement_name(edge.command))
    asked = translate("{movement} reaches").format(movement=movement)
    name = translate(group_names(edge.muscle).name)
    if edge.side is not side:
        name = f"{name} ({side_word(edge.side)})"
    lines = [("nf-name", line) for line in wrap(sentence(name), NAME_LETTERS)]
    return [("nf-plain", asked), *lines, ("nf-plain", _amount(edge))]


def _amount(edge: Edge) -> str:
    text = translate("about {percent} % [{low} to {high}], inferred")
    return text.format(
        percent=f"{edge.percent:.0f}", low=f"{edge.ci_low:.0f}", high=f"{edge.ci_high:.0f}"
    )


def describe_edges(edges: Sequence[Edge]) -> str:
    """Return everything the edges say, in sentences, for those who do not see the picture."""
    if not edges:
        return translate("Inferred, not measured. No wrong connection is called present.")
    told = [translate("Inferred, not measured.")]
    for edge in edges:
        asked, *names, amount = (text for _, text in _edge_words(edge, None))
        name = " ".join(names)
        told.append(f"{asked} {name[:1].lower()}{name[1:]}, {amount}.")
    return " ".join(told)
