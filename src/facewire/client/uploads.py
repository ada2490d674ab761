"""Sending a video so that nothing that arrived is sent twice, whatever happens in between."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from facewire.client.errors import AnswerError, NoAnswerError
from facewire.client.sending import PART_BYTES, Video, part_at

PART_TYPE = "application/offset+octet-stream"
PASSING = ("offset", "busy")
"""Short names of refusals after which the app is asked where to go on."""

LONGEST_WAIT_S = 30.0

Ask = Callable[..., httpx.Response]
Said = Callable[[float], None]
"""Called with the share that has arrived, 0 to 1."""


def silent(share: float) -> None:
    """Progress for nobody."""


@dataclass(frozen=True)
class Sending:
    """One file on its way.

    Parameters
    ----------
    ask : callable
        Sends one request: method, path, then as for ``httpx.Client.request``.
    path : Path
        The video.
    patience_s : float
        How long an app that does not answer is asked again.
    said : callable
        Called with the share that has arrived.
    part_bytes : int
        Size of a part.
    """

    ask: Ask
    path: Path
    patience_s: float
    said: Said
    part_bytes: int = PART_BYTES

    def run(self, visit_id: str, more: dict[str, Any], *, keep_both: bool) -> dict[str, Any]:
        """Begin or go on, send the rest, and return the recording."""
        video = Video.of(self.path)
        begun = self._json("POST", f"/visits/{visit_id}/uploads", {**video.described(), **more})
        place, offset = f"/uploads/{begun['id']}", int(begun["received_bytes"])
        while offset < video.size_bytes:
            self.said(offset / video.size_bytes)
            offset = self._part(place, offset)
        self.said(1.0)
        return self._json(
            "POST", f"{place}/finish", {"checksum": video.checksum, "keep_both": keep_both}
        )

    def _part(self, place: str, offset: int) -> int:
        """Send one part; where the app is elsewhere, go on from there."""
        headers = {"upload-offset": str(offset), "content-type": PART_TYPE}
        part = part_at(self.path, offset, self.part_bytes)
        try:
            answer = self.ask("PATCH", place, content=part, headers=headers)
        except NoAnswerError:
            answer = self._patiently("HEAD", place)
        except AnswerError as error:
            if error.code not in PASSING:
                raise
            answer = self._patiently("HEAD", place)
        return int(answer.headers["upload-offset"])

    def _json(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return dict(self._patiently(method, path, json=body).json())

    def _patiently(self, method: str, path: str, **sent: Any) -> httpx.Response:
        """Ask again with growing pauses while the app does not answer."""
        end, wait_s = time.monotonic() + self.patience_s, 0.2
        while True:
            try:
                return self.ask(method, path, **sent)
            except (NoAnswerError, AnswerError) as error:
                # An earlier request of ours may still be under way in the app.
                passes = isinstance(error, NoAnswerError) or error.code == "busy"
                if not passes or time.monotonic() + wait_s > end:
                    raise
            time.sleep(wait_s)
            wait_s = min(2 * wait_s, LONGEST_WAIT_S)
