"""What the measuring process makes of what it is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from facewire.clinic.worker import _options

TOLD: dict[str, Any] = {
    "source": "stored.parquet",
    "cues": None,
    "mirrored": False,
    "affected": "R",
    "other_side_treated": None,
    "recorded": "2026-03-04",
    "age_years": 40.0,
    "iris_mm": None,
    "subject": "P-001",
}


@pytest.mark.parametrize(
    ("treated", "why"),
    [
        (None, ""),
        ("2025-06-01", ""),
        ("2026-01-07", "the other side had botulinum toxin on 2026-01-07, 56 days before"),
        ("operated", "the other side was operated on"),
    ],
)
def test_a_treated_other_side_is_no_reference(
    tmp_path: Path, treated: str | None, why: str
) -> None:
    options = _options(tmp_path, TOLD | {"other_side_treated": treated})
    assert options.other_side_refused.startswith(why)
    assert bool(options.other_side_refused) is bool(why)
    assert options.map_settings.references.other_side is (why == "")
