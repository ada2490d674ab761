"""Shapes of the anatomy picture: half a face from the front, its muscles, the nerve's course.

Points are (out, y): out from the midline towards the side of the face, y downwards, in picture
units. A side is drawn by mirroring. Places follow standard anatomy (recalled); sizes are those of
a drawing, never of a patient.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from facewire.face import Movement
from facewire.face.anatomy import Branch
from facewire.face.muscles import MuscleGroup

Point = tuple[float, float]
Curve = tuple[Point, ...]
"""Three points of a quadratic or four of a cubic Bezier curve."""

HEAD = (
    "M0 56C112 56 188 130 194 262C200 330 202 400 195 470C190 545 176 606 136 656C100 698 52 714 0 "
    "714"
)
NECK = "M152 616C154 700 152 744 162 772C176 806 212 822 262 836V880H0V616Z"
NECK_LINE = "M152 630C154 700 152 744 162 772C176 806 212 822 262 836"
EAR = "M197 362C224 336 240 376 231 424C225 462 210 488 195 474"
HAIR = "M0 56C112 56 188 130 194 262C190 262 186 232 178 214C150 156 92 138 0 138Z"
BROW = "M22 324C56 294 104 292 140 314C104 304 58 308 24 336Z"
EYE = "M44 372Q84 336 126 368Q86 398 44 372Z"
LID = "M48 356Q86 326 126 352"
IRIS: Point = (85.0, 367.0)
NOSE = "M17 384C16 420 20 446 30 462C48 478 44 496 30 496C20 492 12 500 0 504"
LIP_LINES = "M76 566C50 556 20 536 0 546M76 566C50 562 24 562 0 566M76 566C56 586 30 597 0 596"
UPPER_LIP = "M76 566C50 556 20 536 0 546V566C24 562 50 562 76 566Z"
LOWER_LIP = "M76 566C50 562 24 562 0 566V596C30 597 56 586 76 566Z"
PAROTID = "M190 448C166 452 150 476 150 512C152 552 162 586 172 590C184 566 190 520 195 474Z"
FORAMEN: Point = (207.0, 488.0)


@dataclass(frozen=True)
class Strap:
    """A muscle between two rails; its fibres run along them.

    Parameters
    ----------
    one, other : Curve
        Quadratic curves along its two edges, both from its origin to its insertion.
    fibres : int
        Lines drawn between the rails.
    """

    one: Curve
    other: Curve
    fibres: int = 4


@dataclass(frozen=True)
class Ring:
    """A ring muscle around an opening.

    Parameters
    ----------
    centre : Point
        Its middle.
    outer, inner : Point
        Half axes, out and down.
    fibres : int
        Ellipses drawn between them.
    """

    centre: Point
    outer: Point
    inner: Point
    fibres: int = 3


_EYE_CENTRE = (85.0, 366.0)

MUSCLES: dict[MuscleGroup, tuple[Strap | Ring, ...]] = {
    MuscleGroup.FRONTALIS: (
        Strap(((14, 158), (16, 236), (20, 308)), ((120, 176), (148, 246), (146, 304)), 9),
    ),
    MuscleGroup.ORBICULARIS_OCULI_ORBITAL: (Ring(_EYE_CENTRE, (82, 68), (58, 41), 4),),
    MuscleGroup.ORBICULARIS_OCULI_PALPEBRAL: (Ring(_EYE_CENTRE, (55, 38), (41, 14), 4),),
    MuscleGroup.CORRUGATOR: (
        Strap(((10, 334), (48, 308), (104, 301)), ((14, 346), (54, 330), (104, 305)), 2),
        Strap(((1, 326), (2, 352), (2, 392)), ((13, 330), (11, 356), (8, 392)), 2),
    ),
    MuscleGroup.NASALIS: (
        Strap(((3, 410), (28, 424), (42, 480)), ((3, 446), (18, 456), (30, 488)), 3),
    ),
    MuscleGroup.LEVATOR_LABII: (
        Strap(((68, 470), (72, 512), (74, 558)), ((88, 470), (88, 512), (82, 558)), 2),
        Strap(((60, 440), (60, 486), (48, 536)), ((104, 446), (88, 494), (64, 544)), 5),
        Strap(((124, 436), (100, 484), (66, 544)), ((138, 446), (108, 496), (74, 552)), 2),
    ),
    MuscleGroup.LEVATOR_ALAE: (
        Strap(((15, 386), (34, 444), (34, 530)), ((27, 384), (52, 442), (47, 534)), 3),
    ),
    MuscleGroup.ZYGOMATICUS_MAJOR: (
        Strap(((150, 436), (122, 496), (77, 556)), ((172, 448), (140, 512), (84, 566)), 4),
    ),
    MuscleGroup.RISORIUS: (
        Strap(((166, 546), (128, 556), (84, 567)), ((166, 582), (124, 578), (84, 574)), 4),
    ),
    MuscleGroup.ORBICULARIS_ORIS: (Ring((0, 567), (84, 52), (66, 22), 4),),
    MuscleGroup.DEPRESSOR_LABII: (
        Strap(((20, 606), (32, 636), (46, 682)), ((58, 594), (72, 624), (84, 672)), 4),
    ),
    MuscleGroup.DEPRESSOR_ANGULI_ORIS: (
        Strap(((76, 578), (80, 620), (72, 672)), ((88, 574), (108, 612), (124, 650)), 4),
    ),
    MuscleGroup.MENTALIS: (
        Strap(((4, 626), (5, 660), (6, 700)), ((18, 624), (40, 652), (40, 692)), 3),
    ),
    MuscleGroup.PLATYSMA: (
        Strap(((66, 690), (44, 770), (36, 866)), ((156, 616), (136, 760), (196, 848)), 10),
    ),
}
"""What is drawn of each group, deep muscles first. Deep or unmeasured muscles are left out."""

CENTRES: dict[MuscleGroup, Point] = {
    MuscleGroup.FRONTALIS: (92, 226),
    MuscleGroup.CORRUGATOR: (34, 327),
    MuscleGroup.ORBICULARIS_OCULI_PALPEBRAL: (98, 395),
    MuscleGroup.ORBICULARIS_OCULI_ORBITAL: (154, 372),
    MuscleGroup.ZYGOMATICUS_MAJOR: (122, 505),
    MuscleGroup.LEVATOR_LABII: (74, 484),
    MuscleGroup.LEVATOR_ALAE: (32, 424),
    MuscleGroup.NASALIS: (20, 442),
    MuscleGroup.RISORIUS: (136, 566),
    MuscleGroup.ORBICULARIS_ORIS: (34, 604),
    MuscleGroup.DEPRESSOR_ANGULI_ORIS: (94, 626),
    MuscleGroup.DEPRESSOR_LABII: (57, 648),
    MuscleGroup.MENTALIS: (18, 666),
    MuscleGroup.PLATYSMA: (112, 770),
}
"""Where a wrong connection ends and where a leader points."""

COMMANDS: dict[Movement, Point] = {
    Movement.BROW_RAISE: (62, 272),
    Movement.EYE_CLOSE_GENTLE: (68, 367),
    Movement.EYE_CLOSE_TIGHT: (112, 367),
    Movement.SMILE_OPEN: (86, 556),
    Movement.SMILE_CLOSED: (70, 578),
    Movement.SNARL: (42, 474),
    Movement.LIP_PUCKER: (20, 556),
    Movement.LOWER_TEETH_SHOW: (44, 600),
}
"""Where a command is drawn: the part of the face that the movement moves on purpose."""

TRUNK: tuple[Curve, ...] = (
    ((207, 488), (196, 492), (186, 500)),
    ((186, 500), (176, 490), (174, 476)),
    ((186, 500), (178, 510), (172, 524)),
)
BRANCH_COURSES: dict[Branch, Curve] = {
    Branch.TEMPORAL: ((174, 476), (190, 420), (186, 350), (158, 300)),
    Branch.ZYGOMATIC: ((174, 478), (168, 440), (160, 424), (140, 408)),
    Branch.BUCCAL: ((173, 484), (150, 478), (126, 476), (98, 492)),
    Branch.MARGINAL_MANDIBULAR: ((172, 524), (146, 580), (140, 634), (104, 650)),
    Branch.CERVICAL: ((172, 524), (168, 600), (158, 680), (136, 752)),
}
"""Main course of each branch."""

TWIGS: dict[Branch, tuple[Curve, ...]] = {
    Branch.TEMPORAL: (
        ((158, 300), (142, 272), (112, 246)),
        ((166, 314), (140, 290), (104, 303)),
        ((176, 346), (160, 328), (140, 328)),
    ),
    Branch.ZYGOMATIC: (
        ((140, 408), (128, 398), (112, 397)),
        ((150, 416), (146, 396), (150, 376)),
        ((162, 432), (156, 446), (150, 458)),
        ((146, 412), (112, 424), (84, 456)),
    ),
    Branch.BUCCAL: (
        ((98, 492), (66, 484), (38, 468)),
        ((98, 492), (80, 502), (60, 536)),
        ((150, 481), (134, 520), (138, 556)),
        ((128, 480), (112, 520), (78, 548)),
    ),
    Branch.MARGINAL_MANDIBULAR: (
        ((112, 646), (100, 636), (96, 616)),
        ((104, 650), (78, 660), (60, 640)),
        ((104, 650), (70, 684), (28, 668)),
    ),
    Branch.CERVICAL: (
        ((150, 700), (120, 720), (104, 756)),
        ((136, 752), (128, 786), (112, 812)),
        ((136, 752), (146, 790), (150, 816)),
    ),
}
"""Fine endings, each into a muscle that the branch reaches."""

JOINS: dict[frozenset[Branch], Curve] = {
    frozenset({Branch.TEMPORAL, Branch.ZYGOMATIC}): ((183, 414), (168, 396), (152, 417)),
    frozenset({Branch.ZYGOMATIC, Branch.BUCCAL}): ((152, 417), (128, 440), (126, 480)),
    frozenset({Branch.BUCCAL, Branch.MARGINAL_MANDIBULAR}): ((126, 480), (116, 540), (146, 586)),
    frozenset({Branch.MARGINAL_MANDIBULAR, Branch.CERVICAL}): ((134, 624), (140, 660), (158, 662)),
}
"""Where neighbouring branches are joined."""

LETTERS: dict[Branch, Point] = {
    Branch.TEMPORAL: (182, 372),
    Branch.ZYGOMATIC: (165, 440),
    Branch.BUCCAL: (146, 480),
    Branch.MARGINAL_MANDIBULAR: (153, 566),
    Branch.CERVICAL: (165, 622),
}
"""Where the letter of a branch stands."""


def bezier(curve: Curve, t: float) -> Point:
    """Return the point of a Bezier curve at t, 0 to 1 (de Casteljau)."""
    points = list(curve)
    while len(points) > 1:
        points = [mixed(a, b, t) for a, b in pairwise(points)]
    return points[0]


def mixed(a: Point, b: Point, share: float) -> Point:
    """Return the point that lies a share of the way from one to another."""
    return (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share)


def curve_path(curve: Curve) -> str:
    """Return a Bezier curve as SVG path data."""
    letter = "Q" if len(curve) == 3 else "C"
    return f"M{_xy(curve[0])}{letter}{' '.join(_xy(p) for p in curve[1:])}"


def muscle_paths(part: Strap | Ring) -> tuple[str, str]:
    """Return the outline of a part of a muscle and its fibres, as SVG path data."""
    return strap_paths(part) if isinstance(part, Strap) else ring_paths(part)


def strap_paths(strap: Strap) -> tuple[str, str]:
    """Return the outline of a strap and its fibres, as SVG path data."""
    a, b = strap.one, strap.other
    area = f"{curve_path(a)}L{_xy(b[2])}Q{_xy(b[1])} {_xy(b[0])}Z"
    shares = [(i + 1) / (strap.fibres + 1) for i in range(strap.fibres)]
    lines = [tuple(mixed(p, q, s) for p, q in zip(a, b, strict=True)) for s in shares]
    return area, "".join(curve_path(line) for line in lines)


def ring_paths(ring: Ring) -> tuple[str, str]:
    """Return the outline of a ring muscle (fill rule even-odd) and its fibres."""
    shares = [(i + 1) / (ring.fibres + 1) for i in range(ring.fibres)]
    fibres = "".join(_ellipse(ring.centre, mixed(ring.inner, ring.outer, s)) for s in shares)
    return _ellipse(ring.centre, ring.outer) + _ellipse(ring.centre, ring.inner), fibres


def _ellipse(centre: Point, axes: Point) -> str:
    """Return an ellipse; one on the midline is drawn as its outer half."""
    (x, y), (rx, ry) = centre, axes
    if x == 0:
        return f"M0 {y - ry:g}A{rx:g} {ry:g} 0 0 1 0 {y + ry:g}"
    half = f"A{rx:g} {ry:g} 0 0 1"
    return f"M{x - rx:g} {y:g}{half} {x + rx:g} {y:g}{half} {x - rx:g} {y:g}Z"


def outline(points: Iterable[Point]) -> str:
    """Return a closed outline as SVG path data."""
    return "M" + "L".join(_xy(p) for p in points) + "Z"


def _xy(point: Point) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"
