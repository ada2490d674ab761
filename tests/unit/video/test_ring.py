from __future__ import annotations

import os

import numpy as np
import pytest

from facewire.video.ring import Ring, create_memory


def test_slots_do_not_overlap() -> None:
    ring, memory = Ring(5, 3, slots=3), create_memory()
    written, read = ring.map_for_writing(memory), ring.map_for_reading(memory)
    os.close(memory)
    for number in range(3):
        for part, plane in enumerate(ring.planes(written, number)):
            plane[:] = 10 * number + part
    found = [[np.unique(p).tolist() for p in ring.planes(read, n)] for n in range(3)]
    assert found == [[[0], [1], [2]], [[10], [11], [12]], [[20], [21], [22]]]


def test_odd_sizes_round_the_colour_planes_up() -> None:
    assert Ring(5, 3, slots=1).plane_shapes == ((3, 5), (2, 3), (2, 3))
    assert Ring(5, 3, slots=1).slot_bytes == 15 + 6 + 6


def test_numbers_go_round() -> None:
    ring, memory = Ring(4, 4, slots=2), create_memory()
    written = ring.map_for_writing(memory)
    os.close(memory)
    ring.planes(written, 1)[0][:] = 7
    assert ring.planes(written, 3)[0].min() == 7


def test_reader_cannot_write() -> None:
    ring, memory = Ring(4, 4, slots=1), create_memory()
    ring.map_for_writing(memory)
    y, _, _ = ring.planes(ring.map_for_reading(memory), 0)
    os.close(memory)
    with pytest.raises(ValueError, match="read-only"):
        y[:] = 1
