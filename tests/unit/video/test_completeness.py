from __future__ import annotations

import math
from pathlib import Path

import pytest

from facewire.video.completeness import FileShape, breaks_off, read_shape

BOX = bytes.fromhex
FTYP = BOX("00000010") + b"ftypisom" + BOX("00000000")
MOOV = BOX("00000008") + b"moov"
MDAT = BOX("0000000c") + b"mdat" + b"1234"
LARGE_MDAT = BOX("00000001") + b"mdat" + BOX("0000000000000014") + b"1234"
OPEN_MDAT = BOX("00000000") + b"mdat" + b"anything"
EBML = BOX("1a45dfa3 81 00")
SEGMENT = BOX("18538067")


def shape_of(data: bytes, folder: Path) -> FileShape:
    path = folder / "file"
    path.write_bytes(data)
    return read_shape(path)


@pytest.mark.parametrize(
    "whole",
    [
        FTYP + MDAT + MOOV,
        FTYP + MOOV + MDAT,
        FTYP + MOOV + LARGE_MDAT,
        FTYP + MOOV + OPEN_MDAT,
        EBML + SEGMENT + BOX("84") + b"1234",
        EBML + SEGMENT + BOX("4004") + b"1234",
        EBML + SEGMENT + BOX("01ffffffffffffff") + b"live",
        b"RIFF" + BOX("04000000") + b"AVI ",
        b"anything else at all",
        b"",
    ],
)
def test_whole_files_are_whole(whole: bytes, tmp_path: Path) -> None:
    assert shape_of(whole, tmp_path) == FileShape()


@pytest.mark.parametrize(
    "cut",
    [
        (FTYP + MOOV + MDAT)[:-1],
        (FTYP + MOOV + LARGE_MDAT)[:-1],
        EBML + SEGMENT + BOX("84") + b"123",
        EBML + SEGMENT + BOX("4004") + b"123",
        b"RIFF" + BOX("05000000") + b"AVI ",
    ],
)
def test_one_missing_byte_is_seen(cut: bytes, tmp_path: Path) -> None:
    assert shape_of(cut, tmp_path) == FileShape(cut=True)


def test_pieces_are_seen(tmp_path: Path) -> None:
    pieces = FTYP + MOOV + BOX("00000008") + b"moof" + MDAT
    assert shape_of(pieces, tmp_path) == FileShape(fragmented=True)
    assert shape_of(pieces[:-1], tmp_path) == FileShape(cut=True, fragmented=True)


def test_missing_index_is_seen(tmp_path: Path) -> None:
    assert shape_of(FTYP + MDAT, tmp_path) == FileShape(lacks_index=True)
    assert shape_of((FTYP + MDAT)[:-1], tmp_path) == FileShape(cut=True, lacks_index=True)


@pytest.mark.parametrize(
    ("cut", "announced_s", "end_s", "expected"),
    [
        (False, 10.0, 10.0, False),
        (False, 10.0, 9.5, False),  # the sound goes on for half a second
        (False, 10.0, 8.0, True),
        (True, 10.0, 9.99, False),  # what is missing are not pictures
        (True, 10.0, 9.9, True),
        (True, math.nan, 9.9, True),
        (False, math.nan, 9.9, False),
    ],
)
def test_pictures_that_end_early_are_seen(
    cut: bool, announced_s: float, end_s: float, expected: bool
) -> None:
    found = breaks_off(cut=cut, announced_s=announced_s, end_s=end_s, interval_s=1 / 30)
    assert found is expected
