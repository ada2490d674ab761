"""A video sent by a plain form, without scripts: read as it comes, never held whole.

The usual reader of forms would first collect the file in a temporary place of its own, readable
there; this one gives its bytes on at once.
"""

from __future__ import annotations

from typing import Protocol

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request

from facewire.errors import FacewireError, UploadTooLargeError, UsageError

LONGEST_FIELD = 1_000_000
"""A cue sheet, the longest field beside the video, is smaller."""
STORED_AT_ONCE_BYTES = 2 * 1024 * 1024


class FormReader:
    """Reads a form whose last part is a file.

    Parameters
    ----------
    request : Request
        Of type ``multipart/form-data``.

    Attributes
    ----------
    values : dict of str to bytes
        The fields that came so far; small files such as a cue sheet are among them.
    file_name : str
        Of the video, once its part has begun; empty before.
    file_bytes : int
        How much of the video came so far.

    Raises
    ------
    UsageError
        The request is no such form.
    """

    def __init__(self, request: Request, file_field: str) -> None:
        kind, options = parse_options_header(request.headers.get("content-type"))
        boundary = options.get(b"boundary")
        if kind != b"multipart/form-data" or not boundary:
            raise UsageError("This is no form with a video", do="choose a video and send the form")
        self.values: dict[str, bytes] = {}
        self.file_name = ""
        self.file_bytes = 0
        self._file_field, self._in_file = file_field, False
        self._name, self._field, self._header = "", bytearray(), (bytearray(), bytearray())
        self._file = bytearray()
        callbacks = {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._header[0].extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._header[1].extend(data[start:end]),
            "on_header_end": self._header_end,
            "on_part_data": self._data,
            "on_part_end": self._end,
        }
        self._parser = MultipartParser(boundary, callbacks)  # type: ignore[arg-type]

    def feed(self, data: bytes) -> None:
        """Read more of the request.

        Raises
        ------
        UsageError
            It is broken, or a field is too long.
        """
        try:
            self._parser.write(data)
        except MultipartParseError as error:
            raise UsageError("The form cannot be read", do="send it again") from error

    def take(self) -> bytes:
        """Return the bytes of the video that came since the last time."""
        taken = bytes(self._file)
        self._file.clear()
        return taken

    def waiting(self) -> int:
        """Return how many bytes `take` would give."""
        return len(self._file)

    def text(self, name: str) -> str:
        """Return a field as text; empty when it did not come."""
        return self.values.get(name, b"").decode("utf-8", "replace").strip()

    def _begin(self) -> None:
        self._name, self._in_file = "", False
        self._field.clear()

    def _header_end(self) -> None:
        name, value = (bytes(part) for part in self._header)
        for part in self._header:
            part.clear()
        if name.lower() != b"content-disposition":
            return
        _, options = parse_options_header(value)
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        self._in_file = self._name == self._file_field
        if self._in_file:
            self.file_name = options.get(b"filename", b"").decode("utf-8", "replace")

    def _data(self, data: bytes, start: int, end: int) -> None:
        target = self._file if self._in_file else self._field
        target.extend(data[start:end])
        self.file_bytes += end - start if self._in_file else 0
        if not self._in_file and len(target) > LONGEST_FIELD:
            raise UsageError("A field of the form is too long", found=self._name)

    def _end(self) -> None:
        if not self._in_file:
            self.values[self._name] = bytes(self._field)


class Incoming(Protocol):
    """A video that comes by a form: begun with its first bytes, stored as it comes."""

    def store(self) -> object:
        """Store what came since the last time."""

    def finish(self) -> str:
        """Take down that all of it is here; return the id of what it is now."""

    def drop(self) -> None:
        """Remove what came: a form cannot go on where it stopped."""


async def take_video(
    request: Request, reader: FormReader, incoming: Incoming, largest_bytes: int
) -> str:
    """Store a video as it comes; return what `Incoming.finish` does.

    Parameters
    ----------
    request : Request
    reader : FormReader
        Of this request.
    incoming : Incoming
        Where the video goes.
    largest_bytes : int
        Of the video.

    Raises
    ------
    UploadTooLargeError
        The video is larger than allowed: told when it is, a form does not say before.
    FacewireError
        The form is wrong, or the video cannot be stored; what came is removed.
    """
    try:
        async for chunk in request.stream():
            reader.feed(chunk)
            if reader.file_bytes > largest_bytes:
                raise UploadTooLargeError(
                    "The video is too large",
                    expected=f"at most {largest_bytes / 1e9:.1f} GB",
                    do="send a shorter video, or one of lower resolution",
                )
            if reader.waiting() >= STORED_AT_ONCE_BYTES:
                await run_in_threadpool(incoming.store)
        await run_in_threadpool(incoming.store)
    except (ClientDisconnect, FacewireError):
        await run_in_threadpool(incoming.drop)
        raise
    return await run_in_threadpool(incoming.finish)
