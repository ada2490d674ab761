"""What all unit tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from facewire.record import vault


@pytest.fixture(scope="session", autouse=True)
def _quick_vaults() -> Iterator[None]:
    """Stretch passphrases at the lowest cost: the real one would be most of these tests' time."""
    usual, vault.DEFAULT_COST = vault.DEFAULT_COST, vault.Argon2Cost(1, 64, 1)
    yield
    vault.DEFAULT_COST = usual
