"""The one-time code of the first start: whoever reads the terminal becomes administrator."""

from __future__ import annotations

import hmac
import threading

from facewire.errors import ForbiddenError

MOST_TRIES = 10


class SetupCode:
    """A code that can be tried a few times and used once.

    Parameters
    ----------
    code : str
        As shown on the terminal; case, spaces and the dash do not matter.
    """

    def __init__(self, code: str) -> None:
        self._code, self._left, self._lock = _plain(code), MOST_TRIES, threading.Lock()

    def check(self, text: str) -> bool:
        """Whether this is the code; every wrong one counts.

        Raises
        ------
        ForbiddenError
            When too many wrong ones were tried: only a restart makes a new code.
        """
        with self._lock:
            if self._left < 1:
                raise ForbiddenError(
                    "This code cannot be used any more",
                    found=f"{MOST_TRIES} wrong codes",
                    do="stop facewire on the terminal and start it again: it prints a new code",
                )
            right = hmac.compare_digest(_plain(text).encode(), self._code.encode())
            self._left -= 0 if right else 1
            return right

    def use(self) -> None:
        """Make the code worthless: the first account exists."""
        with self._lock:
            self._left = 0


def _plain(text: str) -> str:
    return "".join(letter for letter in text.upper() if letter.isalnum())
