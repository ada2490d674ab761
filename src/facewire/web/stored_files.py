"""Stored files: those of a measurement in a folder, one as an answer or a range of it."""

from __future__ import annotations

import mimetypes
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path, PurePosixPath
from typing import Any

from fastapi.responses import StreamingResponse
from starlette.requests import Request

from facewire.errors import StorageError
from facewire.record.media import MediaStore
from facewire.record.tables import Measurement, Media
from facewire.web.deps import Services

SIGNALS = ("signals.parquet",)
FRAMES = "frames/"


@contextmanager
def files_of(
    services: Services, measurement: Measurement, wanted: tuple[str, ...] = ()
) -> Iterator[Path]:
    """Lay the files of a measurement in a folder that is gone afterwards.

    Parameters
    ----------
    services : Services
        Media and the working room; in memory when the data folder is encrypted.
    measurement : Measurement
        Its ``files`` names the media of each path.
    wanted : tuple of str
        Beginnings of the paths that are needed; all of them when empty. Pictures of faces are
        left out where faces are hidden.

    Yields
    ------
    Path
        The folder; a file that cannot be read is not there, as if it were never made.
    """
    with _room(services) as folder:
        for path, media_id in measurement.files.items():
            face = path.startswith(FRAMES) and services.settings.incognito
            if not face and (not wanted or path.startswith(wanted)):
                _lay(services, str(media_id), folder / path)
        yield folder


def _room(services: Services) -> Any:
    if services.folder is None:
        return _temporary()
    return services.folder.work().folder()


@contextmanager
def _temporary() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="facewire-") as name:
        yield Path(name)


def _lay(services: Services, media_id: str, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        services.media.copy_to(media_id, path)
    except StorageError:
        path.unlink(missing_ok=True)


_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
_TYPES = {".parquet": "application/vnd.apache.parquet", ".mov": "video/quicktime"}
_OTHER = "application/octet-stream"


def media_answer(store: MediaStore, media: Media, request: Request) -> StreamingResponse:
    """Return a stored file; its bytes are decrypted and checked as they leave.

    Parameters
    ----------
    store : MediaStore
    media : Media
        What to send.
    request : Request
        Its ``Range`` header is followed when it names one range.
    """
    start, end = wanted_range(request.headers.get("range"), media.size_bytes)
    # A player that asks for all of it by a range learns from the answer that it may jump.
    asked = (request.headers.get("range") or "").startswith("bytes=0-")
    whole = start == 0 and end == media.size_bytes and not asked
    headers = {"Accept-Ranges": "bytes", "Content-Length": str(end - start)}
    if not whole:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{media.size_bytes}"
    return StreamingResponse(
        store.read_range(media.id, start, end),
        HTTPStatus.OK if whole else HTTPStatus.PARTIAL_CONTENT,
        headers,
        type_of(media.name),
    )


def type_of(name: str) -> str:
    """Return the media type of a file by its ending."""
    suffix = PurePosixPath(name).suffix.lower()
    return _TYPES.get(suffix) or mimetypes.guess_type(f"x{suffix}")[0] or _OTHER


def wanted_range(header: str | None, size: int) -> tuple[int, int]:
    """Return start and end (not included) of what is asked for; all of it when in doubt.

    Parameters
    ----------
    header : str or None
        Such as ``bytes=0-1023``, ``bytes=1024-`` or ``bytes=-512``.
    size : int
        Of the file, bytes.
    """
    asked = _RANGE.fullmatch(header or "")
    if asked is None or not any(asked.groups()):
        return 0, size
    first, last = asked.groups()
    if not first:
        return max(size - int(last), 0), size
    start, end = int(first), min(int(last) + 1, size) if last else size
    return (start, end) if start < end else (0, size)
