"""Whether the app answers."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter()


@router.get("/health", include_in_schema=False)
def health() -> dict[str, str]:
    """Say that the app answers; nothing about what it holds."""
    return {"status": "ok"}
