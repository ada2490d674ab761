"""Which face of a picture is followed, and how many there are over a recording."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from facewire.errors import UsageError
from facewire.landmarks.detectors.crop import Square
from facewire.landmarks.detectors.face_detector import Detection, face_square
from facewire.video import Frame

LARGEST, LEFT, RIGHT = "largest", "left", "right"

LEAST_SHARE = 0.25
"""A face of under this part of the largest one's width is a picture on the wall, or nobody."""
SAME_PLACE, SAME_SIZE = 1.0, 1.5
"""A lost face is the one that is found again within its own width of where it was, and of about its
size."""
LOOK_EVERY_S = 0.5
UPRIGHT_RAD = math.pi / 4
"""Turned by less, a face stands; by more it lies on its side or stands on its head."""
WINDOW_SHARE = 0.5
"""The detector sees 128 x 128 pixels, too few for a face a twelfth as wide as the picture: where
it finds none, windows of this share of the longer side are looked through, overlapping by half."""


def check_face(which: str) -> None:
    """Refuse what does not say which face is meant.

    Raises
    ------
    UsageError
        It is neither largest, left, right nor a number from 1 on.
    """
    if which not in (LARGEST, LEFT, RIGHT) and not (which.isdecimal() and int(which) > 0):
        raise UsageError(
            "It cannot be told which face is meant",
            expected="largest, left, right, or its number from the left, as the picture shows them",
            found=which,
        )


def windows(frame: Frame) -> Iterator[tuple[int, int, Frame]]:
    """Yield overlapping square parts of a picture with their left and top, pixels."""
    height, width = frame.y.shape
    side = round(WINDOW_SHARE * max(height, width))
    for top in _starts(height, side):
        for left in _starts(width, side):
            y = frame.y[top : top + side, left : left + side]
            half = slice(top // 2, (top + side + 1) // 2), slice(left // 2, (left + side + 1) // 2)
            yield left, top, replace(frame, y=y, u=frame.u[half], v=frame.v[half])


def _starts(length_px: int, side_px: int) -> list[int]:
    """Return even places from which windows cover a length; colours are half as fine."""
    spare = max(length_px - side_px, 0)
    count = 1 + math.ceil(2 * spare / side_px)
    return sorted({round(spare * i / max(count - 1, 1)) // 2 * 2 for i in range(count)})


def one_of_each(faces: Sequence[Detection]) -> list[Detection]:
    """Return faces without those that another window found too; the surest of each."""
    found: list[Detection] = []
    for face in sorted(faces, key=lambda face: face.score, reverse=True):
        square = face_square(face)
        if not any(_is_same(square, face_square(other)) for other in found):
            found.append(face)
    return found


def moved_by(face: Detection, left_px: float, top_px: float) -> Detection:
    """Return a face that was found in a part of a picture where it lies in the picture."""
    (rx, ry), (lx, ly) = face.right_eye_px, face.left_eye_px
    return replace(
        face,
        left_px=face.left_px + left_px,
        top_px=face.top_px + top_px,
        right_eye_px=(rx + left_px, ry + top_px),
        left_eye_px=(lx + left_px, ly + top_px),
    )


def shown(faces: Sequence[Detection]) -> list[Detection]:
    """Return the faces that count, from the left of the picture to the right."""
    widest = max((face.width_px for face in faces), default=0.0)
    counted = [face for face in faces if face.width_px >= LEAST_SHARE * widest]
    return sorted(counted, key=lambda face: face.left_px + face.width_px / 2)


def chosen_square(
    faces: Sequence[Detection], which: str = LARGEST, before: Square | None = None
) -> Square | None:
    """Return the region of the face to follow.

    Parameters
    ----------
    faces : sequence of Detection
        All that a picture shows.
    which : str
        ``largest``, ``left``, ``right`` (of the picture), or a number from the left, from 1 on.
    before : Square, optional
        Where the followed face was last: one of about its size there is the same, whatever others
        there are.

    Returns
    -------
    Square or None
        None where the picture does not show it.
    """
    counted = shown(faces)
    squares = [face_square(face) for face in counted]
    if before is not None:
        same = [square for square in squares if _is_same(square, before)]
        if same:
            return min(same, key=lambda square: _apart(square, before))
    if not squares:
        return None
    if which == LARGEST:
        return face_square(max(counted, key=lambda face: face.area_px2))
    if which in (LEFT, RIGHT):
        return squares[0] if which == LEFT else squares[-1]
    number = int(which)
    return squares[number - 1] if number <= len(squares) else None


def _apart(one: Square, other: Square) -> float:
    return math.hypot(one.center_x_px - other.center_x_px, one.center_y_px - other.center_y_px)


def _is_same(one: Square, other: Square) -> bool:
    near = _apart(one, other) <= SAME_PLACE * other.size_px
    return near and 1 / SAME_SIZE <= one.size_px / other.size_px <= SAME_SIZE


class FaceCount:
    """How many faces were seen in looks spread over a recording; grows as it is looked at."""

    def __init__(self) -> None:
        # Several threads add at once, which a list allows. The number, and whether on their heads.
        self._looks: list[tuple[int, bool]] = []

    def add(self, faces: Sequence[Detection], turned: Sequence[Detection] = ()) -> None:
        """Count the faces of one look; ``turned`` are those of the picture turned by 180 degrees.

        Of a face on its head the detector finds one upright too, and takes the chin for a forehead:
        the way up in which it is surer counts. A face on its side lies on its side both ways up.
        """
        upright = [face for face in turned if abs(face_square(face).turn_rad) < UPRIGHT_RAD]
        sure = [max((face.score for face in some), default=0.0) for some in (faces, upright)]
        self._looks.append((len(shown(faces)), sure[1] > sure[0]))

    @property
    def most(self) -> int:
        """The largest number that was seen more than once, or in the only look."""
        times = Counter(number for number, _ in self._looks)
        sure = [number for number in times if times[number] > 1]
        return max(sure or times, default=0)

    @property
    def several_share(self) -> float:
        """Share of the looks that saw a face in which there was more than one."""
        seen = [number for number, _ in self._looks if number]
        return sum(number > 1 for number in seen) / max(len(seen), 1)

    @property
    def upside_down(self) -> bool:
        """Whether faces stand on their heads in most looks that show any."""
        upright = sum(number > 0 and not turned for number, turned in self._looks)
        return sum(turned for _, turned in self._looks) > upright
