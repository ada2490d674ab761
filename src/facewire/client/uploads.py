"""Sending a video so that nothing that arrived is sent twice."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from facewire.client.base import AnswerError, Client, NoAnswerError

PART_BYTES = 8 * 1024 * 1024
FIRST_BYTES = 1024 * 1024
PART_TYPE = "application/offset+octet-stream"
PASSING = ("offset", "busy")
"""Short names of refusals after which the app is asked where to go on."""

LONGEST_WAIT_S = 30.0

Said = Callable[[float], None]
"""Called with the share that has arrived, 0 to 1."""


def upload_video(
    client: Client,
    visit_id: str,
    video: Path,
    *,
    mirrored: bool | None = None,
    cues: list[dict[str, Any]] | None = None,
    keep_both: bool = False,
    patience_s: float = 300.0,
    said: Said | None = None,
) -> dict[str, Any]:
    """Send a video and return its recording; an unfinished upload of the same file goes on.

    Parameters
    ----------
    client : Client
    visit_id : str
        Of the visit that it belongs to.
    video : Path
        The file.
    mirrored : bool, optional
        Whether the picture is mirrored; None leaves the sides unconfirmed.
    cues : list, optional
        Rows of a cue sheet.
    keep_both : bool
        Keep it although the patient has the same video already.
    patience_s : float
        How long an app that does not answer is asked again.
    said : callable, optional
        Called with the share that has arrived.

    Returns
    -------
    dict
        ``RecordingShow`` of the interface; ``job_id`` is its measurement on the way.

    Raises
    ------
    AnswerError
        The app refuses: the same video is there (``duplicate``), no room (507), too large.
    NoAnswerError
        It did not answer for as long as ``patience_s``.
    """
    sending = _Sending(client, video, patience_s, said or _silent)
    return sending.run(visit_id, {"mirrored": mirrored, "cues": cues}, keep_both=keep_both)


def _silent(share: float) -> None:
    """Progress for nobody."""


class _Sending:
    """One file on its way."""

    def __init__(self, client: Client, video: Path, patience_s: float, said: Said) -> None:
        self._client, self._video, self._said = client, video, said
        self._patience_s = patience_s
        self._size = video.stat().st_size

    def run(self, visit_id: str, more: dict[str, Any], *, keep_both: bool) -> dict[str, Any]:
        first, whole = _hashes(self._video)
        body = {"name": self._video.name, "size_bytes": self._size, "fingerprint": first, **more}
        begun = self._patiently(lambda: self._client.post(f"/visits/{visit_id}/uploads", body))
        path = f"/uploads/{begun['id']}"
        self._send(path, int(begun["received_bytes"]))
        end = {"checksum": whole, "keep_both": keep_both}
        found: dict[str, Any] = self._patiently(lambda: self._client.post(f"{path}/finish", end))
        return found

    def _send(self, path: str, offset: int) -> None:
        with self._video.open("rb") as file:
            while offset < self._size:
                self._said(offset / self._size)
                offset = self._patiently(lambda at=offset: self._part(path, file, at))  # type: ignore[misc]
        self._said(1.0)

    def _part(self, path: str, file: Any, offset: int) -> int:
        """Send one part; where the app is elsewhere, go on from there."""
        file.seek(offset)
        headers = {"upload-offset": str(offset), "content-type": PART_TYPE}
        try:
            answer = self._client.ask("PATCH", path, content=file.read(PART_BYTES), headers=headers)
        except AnswerError as error:
            if error.code not in PASSING:
                raise
            answer = self._client.ask("HEAD", path)
        except NoAnswerError:
            answer = self._client.ask("HEAD", path)
        return int(answer.headers["upload-offset"])

    def _patiently(self, step: Callable[[], Any]) -> Any:
        """Try again with growing pauses while the app does not answer."""
        end, wait_s = time.monotonic() + self._patience_s, 0.2
        while True:
            try:
                return step()
            except NoAnswerError:
                if time.monotonic() + wait_s > end:
                    raise
            except AnswerError as error:
                # An earlier request of ours may still be under way in the app.
                if error.code != "busy" or time.monotonic() + wait_s > end:
                    raise
            time.sleep(wait_s)
            wait_s = min(2 * wait_s, LONGEST_WAIT_S)


def _hashes(video: Path) -> tuple[str, str]:
    """Return SHA-256 of the first MiB and of the whole file."""
    with video.open("rb") as file:
        first = hashlib.sha256(file.read(FIRST_BYTES)).hexdigest()
        file.seek(0)
        return first, hashlib.file_digest(file, "sha256").hexdigest()
