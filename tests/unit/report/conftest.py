"""Results for the report's tests, with and without the files beside them."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from facewire.results.measurement import Measurement
from unit.report.made_result import (
    Result,
    changed,
    healthy_result,
    measured,
    sha256,
    signals_table,
    synkinetic_result,
    write_frames,
)
from unit.report.page_reading import build_report


@pytest.fixture
def healthy() -> Result:
    return healthy_result()


@pytest.fixture
def synkinetic() -> Result:
    return synkinetic_result()


@pytest.fixture(scope="session")
def stored(tmp_path_factory: pytest.TempPathFactory) -> tuple[Measurement, Path]:
    """A synkinetic result with its signals table and its key frames in a folder."""
    folder = tmp_path_factory.mktemp("measured")
    signals_table().write_parquet(folder / "signals.parquet")
    write_frames(folder / "frames")
    result = synkinetic_result()
    result["files"] = {
        "track": None,
        "signals": {"path": "signals.parquet", "sha256": sha256(folder / "signals.parquet")},
        "frames": {
            "path": "frames/frames.json",
            "sha256": sha256(folder / "frames" / "frames.json"),
        },
    }
    return measured(result), folder


@pytest.fixture
def altered(synkinetic: Result) -> Callable[..., Result]:
    """The synkinetic result with one row of the map changed."""

    def change(movement: str, region: str, side: str, **fields: Any) -> Result:
        result = copy.deepcopy(synkinetic)
        for row in result["synkinesis"]:
            if (row["movement"], row["region"], row["side"]) == (movement, region, side):
                row.update(changed(row, **fields))
        return result

    return change


@pytest.fixture(scope="session")
def stored_page(stored: tuple[Measurement, Path]) -> str:
    """The page of the stored result, built once."""
    return build_report(*stored)
