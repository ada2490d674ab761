"""Tracks of made-up numbers, for tests of storage and bookkeeping."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np

from facewire.landmarks import LandmarkTrack
from facewire.landmarks.tracker import FramePoints

ARRAYS = tuple(f.name for f in fields(LandmarkTrack) if f.name not in ("source",))


def frame_points(index: int, *, plain: bool = False, found: bool = True) -> FramePoints:
    random = np.random.default_rng(index)

    def some(*shape: int) -> Any:
        values = random.uniform(0, 300, shape).astype(np.float32)
        return values if found else np.full(shape, np.nan, np.float32)

    return FramePoints(
        index / 30,
        some(478, 3),
        0.9 if found else float("nan"),
        None if plain else some(2, 76, 2),
        None if plain else some(2),
        None if plain else some(468, 2),
        3.0 if found else float("nan"),
        None if plain else some(2, 3),
        None if plain else some(2, 6),
    )


def track_of(points: list[FramePoints]) -> LandmarkTrack:
    def stacked(name: str) -> Any:
        values = [getattr(p, name) for p in points]
        return None if values[0] is None else np.array(values, np.float32)

    times_s = np.array([p.time_s for p in points])
    names = [name for name in ARRAYS if name != "times_s"]
    return LandmarkTrack(times_s, *(stacked(name) for name in names))


def same(one: LandmarkTrack, other: LandmarkTrack) -> bool:
    return all(equal(getattr(one, name), getattr(other, name)) for name in ARRAYS)


def equal(one: Any, other: Any) -> bool:
    if one is None or other is None:
        return one is other
    return bool(np.array_equal(one, other, equal_nan=True))
