"""What the app answered instead of what was asked."""

from __future__ import annotations

from typing import Any

from facewire.errors import FacewireError


class AnswerError(FacewireError):
    """The app refused a request; its four parts are the app's own.

    Parameters
    ----------
    status : int
        HTTP status.
    code : str
        Short name of the error, such as ``not_found``.
    parts : dict
        ``what``, ``expected``, ``found`` and ``do`` of the error.
    """

    def __init__(self, status: int, code: str, parts: dict[str, Any]) -> None:
        self.status, self.code = status, code
        super().__init__(
            str(parts.get("what") or f"The app answered {status}"),
            expected=str(parts.get("expected", "")),
            found=str(parts.get("found", "")),
            do=str(parts.get("do", "")),
        )

    def __reduce__(self) -> tuple[object, ...]:
        """Rebuild from status, code and parts."""
        parts = {"what": self.what, "expected": self.expected, "found": self.found, "do": self.do}
        return (type(self), (self.status, self.code, parts))


class NoAnswerError(FacewireError):
    """The app does not answer, or the connection was cut."""
