"""Whether a file is whole: what its own headers promise against what is there.

The containers say near their start how long they are, so that a download or a copy that broke off
is seen exactly and without decoding.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_EBML = b"\x1a\x45\xdf\xa3"
_SEGMENT = b"\x18\x53\x80\x67"
_FIRST_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")
_MAX_BOXES = 100_000

TOLERANCE_S = 1.0
"""A whole file may announce this much more than its pictures last: sound often ends later."""


@dataclass(frozen=True)
class FileShape:
    """What the headers say about the file itself.

    Parameters
    ----------
    cut : bool
        The file is shorter than its headers say.
    lacks_index : bool
        An mp4 or mov without its index (``moov``), which cameras write last.
    fragmented : bool
        An mp4 or mov written piece by piece (``moof``): the length it announces is that of the
        pieces that are there. One that is cut exactly between two pieces looks whole.
    """

    cut: bool = False
    lacks_index: bool = False
    fragmented: bool = False


def read_shape(path: Path) -> FileShape:
    """Read the outer headers of an mp4, mov, mkv, webm or avi file; others count as whole."""
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(12)
        file.seek(0)
        if start[4:8] in _FIRST_BOXES:
            return _boxes_shape(file, size)
        if start[:4] == _EBML:
            return FileShape(cut=_matroska_end(file) > size)
        if start[:4] == b"RIFF":
            return FileShape(cut=8 + int.from_bytes(start[4:8], "little") > size)
    return FileShape()


def breaks_off(*, cut: bool, announced_s: float, end_s: float, interval_s: float) -> bool:
    """Return whether the pictures end before the recording should.

    Parameters
    ----------
    cut : bool
        The file is shorter than its headers say.
    announced_s : float
        Announced length; NaN when unknown, then a cut file counts as broken off.
    end_s : float
        End of the last picture.
    interval_s : float
        Time from picture to picture.
    """
    if math.isnan(announced_s):
        return cut
    return announced_s - end_s > (1.5 * interval_s if cut else TOLERANCE_S + interval_s)


def _boxes_shape(file: BinaryIO, size: int) -> FileShape:
    """Walk the outer boxes (ISO/IEC 14496-12, 4.2)."""
    position, kinds = 0, set()
    for _ in range(_MAX_BOXES):
        file.seek(position)
        head = file.read(16)
        length, kind = int.from_bytes(head[:4], "big"), head[4:8]
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        kinds.add(kind)
        # A length of 0 means "to the end"; anything else under a header's own size is no box.
        if length < 8:
            break
        position += length
        if position >= size:
            break
    return FileShape(
        cut=position > size, lacks_index=b"moov" not in kinds, fragmented=b"moof" in kinds
    )


def _matroska_end(file: BinaryIO) -> int:
    """Return where the segment should end; 0 when the file does not say (RFC 8794, section 6)."""
    file.seek(len(_EBML))
    header_bytes = _read_length(file)
    if header_bytes is None:
        return 0
    file.seek(header_bytes, 1)
    if file.read(len(_SEGMENT)) != _SEGMENT:
        return 0
    segment_bytes = _read_length(file)
    return 0 if segment_bytes is None else file.tell() + segment_bytes


def _read_length(file: BinaryIO) -> int | None:
    """Read a length of variable size; None for "unknown" or for the end of the file."""
    first = file.read(1)
    if not first or not first[0]:
        return None
    n_bytes = 9 - first[0].bit_length()
    value = int.from_bytes(first + file.read(n_bytes - 1), "big")
    mask = (1 << 7 * n_bytes) - 1
    return None if value & mask == mask else value & mask
