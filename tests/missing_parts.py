"""Skipping a test for a part that the machine lacks."""

from __future__ import annotations

from typing import NoReturn

import pytest

MISSING_PART = "missing part:"


def skip_missing_part(part: str, how: str) -> NoReturn:
    """Skip with a reason that CI turns into a failure."""
    pytest.skip(f"{MISSING_PART} {part} ({how})")
