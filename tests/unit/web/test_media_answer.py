"""Ranges of stored files, as players ask for them."""

from __future__ import annotations

import pytest

from facewire.web.stored_files import type_of, wanted_range


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        (None, (0, 1000)),
        ("bytes=0-99", (0, 100)),
        ("bytes=900-", (900, 1000)),
        ("bytes=-100", (900, 1000)),
        ("bytes=-5000", (0, 1000)),
        ("bytes=990-5000", (990, 1000)),
        ("bytes=1000-", (0, 1000)),
        ("bytes=5-4", (0, 1000)),
        ("bytes=-", (0, 1000)),
        ("bytes=0-1,5-9", (0, 1000)),
        ("lines=0-9", (0, 1000)),
    ],
)
def test_one_range_is_followed(header: str | None, wanted: tuple[int, int]) -> None:
    assert wanted_range(header, 1000) == wanted


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Anna.MP4", "video/mp4"),
        ("a.mov", "video/quicktime"),
        ("frames/rest.jpg", "image/jpeg"),
        ("track.parquet", "application/vnd.apache.parquet"),
        ("what", "application/octet-stream"),
    ],
)
def test_types_by_ending(name: str, kind: str) -> None:
    assert type_of(name) == kind
