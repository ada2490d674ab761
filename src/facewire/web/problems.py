"""The four parts of an error, as they cross from process to record to page."""

from __future__ import annotations

from collections.abc import Mapping

from facewire.errors import FacewireError

CODE = "code"
"""Name of the error's class, beside its four parts."""


class RemoteError(FacewireError):
    """An error of another process, told here in its own parts.

    Parameters
    ----------
    parts : mapping
        As from `parts_of`.
    """

    def __init__(self, parts: Mapping[str, str]) -> None:
        self.code = parts.get(CODE, "FacewireError")
        super().__init__(
            parts.get("what", "The measuring failed"),
            expected=parts.get("expected", ""),
            found=parts.get("found", ""),
            do=parts.get("do", ""),
        )


def parts_of(error: FacewireError) -> dict[str, str]:
    """Return the four parts of an error and the name of its kind."""
    kind = error.code if isinstance(error, RemoteError) else type(error).__name__
    return {
        CODE: kind,
        "what": error.what,
        "expected": error.expected,
        "found": error.found,
        "do": error.do,
    }
