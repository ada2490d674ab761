"""The optional parts of facewire: what each consists of, and one clear line where it is missing."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from importlib.util import find_spec
from typing import Any

from facewire.errors import UsageError

EXTRAS = {
    "pdf": ("typst",),
    "postgres": ("psycopg",),
    "simulate": ("numba",),
    "web": (
        "alembic",
        "argon2",
        "cryptography",
        "fastapi",
        "httpx",
        "pyotp",
        "python_multipart",
        "segno",
        "sqlalchemy",
        "sqlcipher3",
        "uvicorn",
        "websockets",
    ),
}
"""Modules of each part, by the name that pip installs it under: ``facewire[web]``."""


def needs(extra: str) -> None:
    """Go on only where an optional part is installed; nothing of it is imported.

    Parameters
    ----------
    extra : str
        One of `EXTRAS`.

    Raises
    ------
    UsageError
        A module of it is missing; the message is one line, with the command that installs it.
    """
    if any(find_spec(module) is None for module in EXTRAS[extra]):
        raise UsageError(f"This needs facewire's {extra} part: pip install 'facewire[{extra}]'")


def needing(
    extra: str, command: Callable[..., None], *, option: str | None = None
) -> Callable[..., None]:
    """Return a command that ends in one line where an optional part is missing.

    Parameters
    ----------
    extra : str
        One of `EXTRAS`.
    command : callable
        As Typer takes it.
    option : str, optional
        Parameter of the command that alone needs the part, such as ``pdf``; else it always does.
    """

    @wraps(command)
    def checked(**given: Any) -> None:
        if option is None or given[option] is not None:
            needs(extra)
        command(**given)

    return checked
