"""The drawn face of the map: a front view, the patient's left on the picture's right.

Shapes only, in picture units of a 500 x 366 drawing; no person is drawn. A pose is a handful of
numbers per movement, so that a reader recognises what was asked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from facewire.face import Movement, Region, Side

WIDTH, HEIGHT = 500, 366
MIDDLE = 250.0
EYE_Y, EYE_X, EYE_HALF = 154.0, 46.0, 25.0
MOUTH_Y = 270.0


@dataclass(frozen=True)
class Pose:
    """How the drawn face holds still in a movement; picture units, y downwards.

    Parameters
    ----------
    corner_x, corner_y : float
        Half width of the mouth; how far the corners go down from the mouth's middle.
    upper, lower : float
        Thickness of the lips.
    gap_up, gap_down : float
        Opening of the mouth above and below its middle line.
    lid : float
        Opening of the eyes, 1 at rest, 0 closed; below 0 squeezed.
    brow : float
        Lift of the brows.
    nose : float
        Lift of the nostrils.
    """

    corner_x: float = 42
    corner_y: float = 0
    upper: float = 9
    lower: float = 13
    gap_up: float = 0
    gap_down: float = 0
    lid: float = 1
    brow: float = 0
    nose: float = 0


REST = Pose()
POSES = {
    Movement.BROW_RAISE: replace(REST, brow=13, lid=1.15),
    Movement.EYE_CLOSE_GENTLE: replace(REST, lid=0),
    Movement.EYE_CLOSE_TIGHT: replace(REST, lid=-1, brow=-6),
    Movement.SMILE_CLOSED: replace(REST, corner_x=53, corner_y=-11, upper=7, lower=11),
    Movement.SMILE_OPEN: replace(
        REST, corner_x=55, corner_y=-13, upper=7, lower=10, gap_up=1, gap_down=15
    ),
    Movement.SNARL: replace(
        REST, upper=12, corner_x=43, corner_y=-1, gap_up=6, gap_down=3, nose=7, brow=-4
    ),
    Movement.LIP_PUCKER: replace(REST, corner_x=21, upper=12, lower=14),
    Movement.LOWER_TEETH_SHOW: replace(
        REST, corner_x=46, corner_y=7, upper=8, lower=11, gap_up=0, gap_down=13
    ),
}

_ANCHORS = {
    Region.EYE: (EYE_X, EYE_Y),
    Region.BROW: (EYE_X + 4, 118.0),
    Region.COMMISSURE: (44.0, MOUTH_Y),
    Region.UPPER_LIP: (15.0, MOUTH_Y - 8),
    Region.LOWER_LIP: (15.0, MOUTH_Y + 13),
    Region.ALA: (20.0, 221.0),
    Region.CHIN: (0.0, 318.0),
}


@dataclass(frozen=True)
class FaceShape:
    """SVG path data of one drawn face, drawn in this order.

    Parameters
    ----------
    brows, eyes, irises, creases : tuple
        Paths of both sides; ``irises`` are centres (x, y), empty when the lids are closed.
    nose, upper_lip, lower_lip, mouth, teeth : str
        Paths; ``mouth`` and ``teeth`` are empty while the lips are closed.
    """

    brows: tuple[str, ...]
    eyes: tuple[str, ...]
    irises: tuple[tuple[float, float], ...]
    creases: tuple[str, ...]
    nose: str
    upper_lip: str
    lower_lip: str
    mouth: str
    teeth: str

    @property
    def closed(self) -> bool:
        """Whether the lids are closed."""
        return not self.irises


def anchor(region: Region, side: Side, pose: Pose = REST) -> tuple[float, float]:
    """Return the point of a region in the drawing; the patient's left lies on the right."""
    x, y = _ANCHORS[region]
    if region is Region.COMMISSURE:
        x, y = pose.corner_x, MOUTH_Y + pose.corner_y
    elif region is Region.BROW:
        y -= pose.brow
    elif region is Region.ALA:
        y -= pose.nose
    return (MIDDLE + (x if side is Side.LEFT else -x), y)


def face_shape(pose: Pose) -> FaceShape:
    """Draw the features of a face in a pose."""
    signs = (-1, 1)
    upper, lower, mouth = _lips(pose)
    return FaceShape(
        brows=tuple(_brow(sign, pose) for sign in signs),
        eyes=tuple(_eye(sign, pose) for sign in signs),
        irises=tuple((MIDDLE + sign * EYE_X, EYE_Y - 1) for sign in signs) if pose.lid > 0 else (),
        creases=tuple(path for sign in signs for path in _creases(sign, pose)),
        nose=_nose(pose),
        upper_lip=upper,
        lower_lip=lower,
        mouth=mouth,
        teeth=_teeth(pose) if mouth else "",
    )


def _x(sign: int, offset: float) -> str:
    return f"{MIDDLE + sign * offset:.1f}"


def _brow(sign: int, pose: Pose) -> str:
    y = 122 - pose.brow
    inner = y + (4 if pose.brow < 0 else 2)
    return (
        f"M{_x(sign, 20)} {inner:.1f}"
        f"Q{_x(sign, 46)} {y - 13:.1f} {_x(sign, 78)} {y + 5:.1f}"
        f"Q{_x(sign, 46)} {y - 5:.1f} {_x(sign, 20)} {inner + 7:.1f}Z"
    )


def _eye(sign: int, pose: Pose) -> str:
    inner, outer = _x(sign, EYE_X - EYE_HALF), _x(sign, EYE_X + EYE_HALF)
    middle = _x(sign, EYE_X)
    if pose.lid <= 0:
        sag = 13 if pose.lid == 0 else 5
        return f"M{inner} {EYE_Y + 3}Q{middle} {EYE_Y + 3 + sag} {outer} {EYE_Y + 2}"
    up, down = EYE_Y - 23 * pose.lid, EYE_Y + 17 * pose.lid
    return (
        f"M{inner} {EYE_Y + 3}Q{middle} {up:.1f} {outer} {EYE_Y}"
        f"Q{middle} {down:.1f} {inner} {EYE_Y + 3}Z"
    )


def _creases(sign: int, pose: Pose) -> list[str]:
    """Fine lines that make a movement readable: forehead, corner of the eye, nose, cheek."""
    lines = []
    if pose.brow > 5:
        lines += [f"M{MIDDLE} {y}Q{_x(sign, 34)} {y - 5} {_x(sign, 66)} {y + 4}" for y in (78, 88)]
    if pose.lid > 0:
        lines.append(
            f"M{_x(sign, EYE_X - 20)} {EYE_Y - 12}Q{_x(sign, EYE_X)} {EYE_Y - 24} "
            f"{_x(sign, EYE_X + 25)} {EYE_Y - 9}"
        )
    if pose.lid < 0:
        for rise in (-9, 0, 9):
            lines.append(
                f"M{_x(sign, 76)} {EYE_Y + 3 + rise / 3:.1f}L{_x(sign, 89)} {EYE_Y + 3 + rise}"
            )
    if pose.nose > 0:
        lines += [f"M{MIDDLE} {y}Q{_x(sign, 7)} {y} {_x(sign, 11)} {y + 5}" for y in (160, 168)]
    if pose.corner_y < -5 or pose.nose > 0:
        lines.append(f"M{_x(sign, 25)} 228Q{_x(sign, 58)} 240 {_x(sign, 65)} 274")
    if pose.corner_x < 30:
        lines += [f"M{_x(sign, 9)} {y}L{_x(sign, 12)} {y + d}" for y, d in ((252, -6), (293, 6))]
    return lines


def _nose(pose: Pose) -> str:
    y = 221 - pose.nose
    return "".join(
        f"M{_x(sign, 9)} 172Q{_x(sign, 10)} 196 {_x(sign, 17)} {y - 9:.1f}"
        f"Q{_x(sign, 26)} {y:.1f} {_x(sign, 17)} {y + 6:.1f}"
        f"Q{_x(sign, 9)} {y + 4:.1f} {MIDDLE} {y + 10:.1f}"
        for sign in (-1, 1)
    )


def _lips(pose: Pose) -> tuple[str, str, str]:
    left, right = _x(-1, pose.corner_x), _x(1, pose.corner_x)
    corner = MOUTH_Y + pose.corner_y
    inner_up, inner_down = MOUTH_Y - pose.gap_up, MOUTH_Y + pose.gap_down
    sag = -pose.corner_y * 0.5
    half = pose.corner_x * 0.5
    top = inner_up - pose.upper
    upper = (
        f"M{left} {corner:.1f}C{_x(-1, half)} {top + 1:.1f} {_x(-1, 10)} {top - 3:.1f} "
        f"{MIDDLE} {top + 2:.1f}C{_x(1, 10)} {top - 3:.1f} {_x(1, half)} {top + 1:.1f} "
        f"{right} {corner:.1f}Q{MIDDLE} {inner_up + sag:.1f} {left} {corner:.1f}Z"
    )
    bottom = inner_down + 2 * pose.lower + sag
    lower = (
        f"M{left} {corner:.1f}Q{MIDDLE} {2 * inner_down - MOUTH_Y + sag:.1f} {right} {corner:.1f}"
        f"C{_x(1, half)} {bottom - 8:.1f} {_x(1, 14)} {bottom - 10:.1f} {MIDDLE} {bottom - 10:.1f}"
        f"C{_x(-1, 14)} {bottom - 10:.1f} {_x(-1, half)} {bottom - 8:.1f} {left} {corner:.1f}Z"
    )
    if pose.gap_up + pose.gap_down <= 0:
        return upper, lower, ""
    mouth = (
        f"M{left} {corner:.1f}Q{MIDDLE} {inner_up + sag:.1f} {right} {corner:.1f}"
        f"Q{MIDDLE} {2 * inner_down - MOUTH_Y + sag:.1f} {left} {corner:.1f}Z"
    )
    return upper, lower, mouth


def _teeth(pose: Pose) -> str:
    """Return a band of teeth: lower ones where the lower lip opens and the corners go down."""
    half = pose.corner_x * 0.72
    left, right = _x(-1, half), _x(1, half)
    if pose.corner_y > 0:
        y = MOUTH_Y + pose.gap_down - 2
        return f"M{left} {y}Q{MIDDLE} {y - 9} {right} {y}V{y + 14}H{left}Z"
    y = MOUTH_Y + pose.corner_y - 6
    return f"M{left} {y}H{right}V{y + 17}Q{MIDDLE} {y + 24} {left} {y + 17}Z"
