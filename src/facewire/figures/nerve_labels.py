"""Words, labels and style of the anatomy picture; where its two columns of labels stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from importlib import resources
from itertools import pairwise

from facewire.face import Side
from facewire.face.anatomy import Names
from facewire.figures.nerve_shape import Point
from facewire.words import sentence, translate

WIDTH, HEIGHT = 1320, 984
MIDDLE = 660
COLUMN = 262.0
"""Distance of the labels from the midline."""
TOP, BOTTOM = 118.0, 850.0
LINE = 19.0


@dataclass(frozen=True)
class Label:
    """Words beside the face and the place they belong to, (out, y); either line may be empty."""

    place: Point
    name: str
    plain: str

    @property
    def height(self) -> float:
        """Room that the lines take, picture units."""
        return LINE * (bool(self.name) + bool(self.plain)) + 13


def words(names: Names) -> tuple[str, str]:
    """Return the two lines of a label: the professional's words, and the plain ones below."""
    return sentence(translate(names.name)), translate(names.plain)


def figure_style() -> str:
    """Return the picture's style sheet, scoped to it."""
    style = resources.files("facewire.figures").joinpath("nerve.css")
    return style.read_text("utf-8").strip()


def picture_x(side: Side, out: float) -> float:
    """Return where a distance from the midline lies; the patient's left is on the right."""
    return MIDDLE + out if side is Side.LEFT else MIDDLE - out


def text_at(place: Point, text: str, style: str, anchor: str) -> str:
    """Return a line of text.

    Parameters
    ----------
    place : Point
        Where it stands, picture units.
    text : str
        The words; special characters are escaped.
    style, anchor : str
        Class of the style sheet, and which end of the line stands at the place.
    """
    x, y = place
    at = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text class="{style}" {at}>{escape(text)}</text>'


def label_column(labels: Sequence[Label], side: Side) -> str:
    """Set labels beside one side of the face, from top to bottom, never one over another."""
    ordered = sorted(labels, key=lambda label: label.place[1])
    heights = _spread(ordered)
    return "".join(_label(x, y, side) for x, y in zip(ordered, heights, strict=True))


def _spread(labels: Sequence[Label]) -> list[float]:
    """Return the middle height of each label: near its place, apart from its neighbours."""
    heights = [label.place[1] for label in labels]
    gaps = [(a.height + b.height) / 2 for a, b in pairwise(labels)]
    for i, gap in enumerate(gaps):
        heights[i + 1] = max(heights[i + 1], heights[i] + gap, TOP)
    heights[-1] = min(heights[-1], BOTTOM)
    for i in reversed(range(len(gaps))):
        heights[i] = min(heights[i], heights[i + 1] - gaps[i])
    return heights


def _label(label: Label, y: float, side: Side) -> str:
    x = picture_x(side, COLUMN)
    anchor = "start" if side is Side.LEFT else "end"
    away = 8 if side is Side.LEFT else -8
    top = y - LINE / 2 + 5 if label.name and label.plain else y + 5
    px, py = picture_x(side, label.place[0]), label.place[1]
    bend = picture_x(side, COLUMN - 18)
    leader = f"M{x:.1f} {y:.1f}L{bend:.1f} {y:.1f}L{px:.1f} {py:.1f}"
    found = [f'<path class="nf-leader" d="{leader}"/>']
    found.append(f'<circle class="nf-dot" cx="{px:.1f}" cy="{py:.1f}" r="3.2"/>')
    if label.name:
        found.append(text_at((x + away, top), label.name, "nf-name", anchor))
        top += LINE
    if label.plain:
        found.append(text_at((x + away, top), label.plain, "nf-plain", anchor))
    return "".join(found)
