"""Words, labels and style of the anatomy picture; where its two columns of labels stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from itertools import pairwise

from facewire.face import Side
from facewire.face.anatomy import Names
from facewire.report.nerve_shape import Point
from facewire.report.texts import sentence, translate

WIDTH, HEIGHT = 1320, 960
MIDDLE = 660
COLUMN = 262.0
"""Distance of the labels from the midline."""
TOP, BOTTOM = 118.0, 850.0
LINE = 19.0


class Reader(StrEnum):
    """Who reads the picture."""

    PROFESSIONAL = "professional"
    PATIENT = "patient"


STYLE = """
.nerve-figure{display:block;width:100%;height:auto;font-family:system-ui,"Segoe UI",Roboto,"Liberation Sans",sans-serif}
.nerve-figure .nf-skin{fill:var(--skin,#f6ece2)}
.nerve-figure .nf-edge,.nerve-figure .nf-line{fill:none;stroke:var(--skin-line,#8a7868);stroke-width:2;stroke-linecap:round}
.nerve-figure .nf-ear{fill:var(--skin,#f6ece2);stroke:var(--skin-line,#8a7868);stroke-width:2}
.nerve-figure .nf-hair{fill:var(--hair,#d9cec3)}
.nerve-figure .nf-brow{fill:var(--brow,#8a7868);opacity:.75}
.nerve-figure .nf-eye{fill:var(--teeth,#fff);stroke:var(--skin-line,#8a7868);stroke-width:2}
.nerve-figure .nf-iris{fill:var(--iris,#6d7f86)}
.nerve-figure .nf-pupil{fill:#12171a}
.nerve-figure .nf-lip{fill:var(--lip,#dfae9f);stroke:var(--skin-line,#8a7868);stroke-width:1.2}
.nerve-figure .nf-area{fill:#b5533c;fill-opacity:.2;stroke:#a04a36;stroke-width:1;stroke-opacity:.55}
.nerve-figure .nf-fibre{fill:none;stroke:#a04a36;stroke-width:.9;stroke-opacity:.45}
.nerve-figure .nf-reached .nf-area{fill-opacity:.42;stroke:var(--inferred,#7b2a8c);stroke-width:2.4;stroke-opacity:1;stroke-dasharray:6 4}
.nerve-figure .nf-gland{fill:#c9a94a;fill-opacity:.16;stroke:#8f7626;stroke-width:1;stroke-dasharray:1 4;stroke-linecap:round}
.nerve-figure .nf-casing,.nerve-figure .nf-core{fill:none;stroke-linecap:round;stroke-linejoin:round}
.nerve-figure .nf-casing{stroke:#4a3800}
.nerve-figure .nf-core{stroke:#f7c93a}
.nerve-figure .nf-trunk.nf-casing{stroke-width:11}.nerve-figure .nf-trunk.nf-core{stroke-width:8}
.nerve-figure .nf-branch.nf-casing{stroke-width:7}.nerve-figure .nf-branch.nf-core{stroke-width:4.4}
.nerve-figure .nf-twig.nf-casing{stroke-width:4}.nerve-figure .nf-twig.nf-core{stroke-width:2}
.nerve-figure .nf-join,.nerve-figure .nf-join-halo{fill:none;stroke-linecap:butt}
.nerve-figure .nf-join-halo{stroke:var(--skin,#f6ece2);stroke-width:5}
.nerve-figure .nf-join{stroke:#4a3800;stroke-width:2.6;stroke-dasharray:5 3.5}
.nerve-figure .nf-foramen{fill:#2b2000;stroke:#f7c93a;stroke-width:2.5}
.nerve-figure .nf-badge{fill:#fff6d2;stroke:#4a3800;stroke-width:1.6}
.nerve-figure .nf-letter{fill:#2b2000;font-size:13px;font-weight:700}
.nerve-figure text{fill:var(--ink,#1b1f23)}
.nerve-figure .nf-title{font-size:23px;font-weight:700}
.nerve-figure .nf-name{font-size:17px;font-weight:650}
.nerve-figure .nf-plain,.nerve-figure .nf-small{font-size:15.5px;fill:var(--ink-soft,#525a61)}
.nerve-figure .nf-side{font-size:17px;font-weight:700;fill:var(--ink-soft,#525a61)}
.nerve-figure .nf-leader{fill:none;stroke:var(--ink-soft,#525a61);stroke-width:1;stroke-opacity:.75}
.nerve-figure .nf-dot{fill:var(--ink,#1b1f23);stroke:var(--paper,#fff);stroke-width:1}
.nerve-figure .nf-paper{fill:var(--paper,#fff)}
.nerve-figure .nf-ink{fill:var(--inferred,#7b2a8c)}
.nerve-figure .nf-high{fill:var(--paper,#fff);fill-opacity:.5;stroke:var(--inferred,#7b2a8c);stroke-width:1.4;stroke-dasharray:3 4}
.nerve-figure .nf-ribbon{stroke:var(--inferred,#7b2a8c);stroke-width:1.6;stroke-dasharray:7 4;stroke-linejoin:round}
.nerve-figure .nf-command{fill:var(--paper,#fff);stroke:var(--other,#0072b2);stroke-width:3}
.nerve-figure .nf-number{fill:var(--paper,#fff);stroke:var(--inferred,#7b2a8c);stroke-width:2}
.nerve-figure .nf-digit{font-size:14px;font-weight:700}
.nerve-figure .nf-inferred{font-size:17px;font-weight:700;fill:var(--inferred,#7b2a8c)}
"""
"""Scoped to the picture. Colours follow the page's own where it has them; ``--inferred`` is for
what no camera saw."""


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


def words(names: Names, reader: Reader) -> tuple[str, str]:
    """Return the two lines of a label; the patient has one."""
    plain = translate(names.plain)
    if reader is Reader.PATIENT:
        return "", sentence(plain)
    return sentence(translate(names.name)), plain


def picture_x(side: Side, out: float) -> float:
    """Return where a distance from the midline lies; the patient's left is on the right."""
    return MIDDLE + out if side is Side.LEFT else MIDDLE - out


def text_at(place: Point, text: str, style: str, anchor: str) -> str:
    """Return a line of text, its special characters escaped."""
    x, y = place
    return f'<text class="{style}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


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
