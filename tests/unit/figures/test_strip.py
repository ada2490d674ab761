"""One region over a whole recording: rest at its height, a gap where the face was lost."""

from __future__ import annotations

import re

import numpy as np
import polars as pl

from facewire.face import Region, Side, region_channels
from facewire.figures.strip import HEIGHT, WIDTH, strip

TIMES = np.arange(101) / 10


def table(right: list[float], *, lost: bool = False) -> pl.DataFrame:
    columns: dict[str, object] = {
        "time_s": TIMES,
        "lost": [lost and 40 <= i < 60 for i in range(101)],
    }
    for side in Side:
        for channel in region_channels(Region.BROW, side):
            columns[channel.name] = right if side is Side.RIGHT else [0.0] * 101
    return pl.DataFrame(columns)


def points(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"[ML]([\d.]+) ([\d.]+)", path)]


def test_a_step_of_six_millimetres_spans_the_picture() -> None:
    drawn = strip(table([0.0] * 51 + [6.0] * 50), Region.BROW, ())
    assert drawn is not None
    assert (drawn.length_s, drawn.low_mm, drawn.high_mm) == (10.0, 0.0, 6.0)
    lines = dict(drawn.paths)
    first, last = points(lines[Side.RIGHT])[0], points(lines[Side.RIGHT])[-1]
    # 4 % of the height is left free above and below.
    assert first == (0.0, round(HEIGHT * 0.96, 1))
    assert last == (WIDTH, round(HEIGHT * 0.04, 1))
    assert {y for _, y in points(lines[Side.LEFT])} == {first[1]}


def test_where_the_face_was_lost_is_a_gap() -> None:
    drawn = strip(table([0.0] * 101, lost=True), Region.BROW, ())
    assert drawn is not None
    path = dict(drawn.paths)[Side.RIGHT]
    assert path.count("M") == 2
    assert not [x for x, _ in points(path) if 400 <= x < 600]


def test_a_region_that_the_table_lacks_has_no_strip() -> None:
    assert strip(table([0.0] * 101), Region.EYE, ()) is None
