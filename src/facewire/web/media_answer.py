"""Stored files as answers: whole, or the range that a player asks for."""

from __future__ import annotations

import mimetypes
import re
from http import HTTPStatus
from pathlib import PurePosixPath

from fastapi.responses import StreamingResponse
from starlette.requests import Request

from facewire.record.media import MediaStore
from facewire.record.tables import Media

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
    whole = start == 0 and end == media.size_bytes
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
