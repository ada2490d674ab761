"""What can stand in the way of an upload."""

from __future__ import annotations

from facewire.errors import FacewireError


class UploadError(FacewireError):
    """An upload cannot go on as it was asked."""


class OffsetError(UploadError):
    """A part does not begin where the last one ended."""


class UploadTooLargeError(UploadError):
    """The video is larger than this app takes."""


class UploadBusyError(UploadError):
    """Another transfer of the same upload is under way."""


class ChecksumError(UploadError):
    """What arrived is not what was sent."""


class DuplicateError(UploadError):
    """The same video of the same patient is in the record already."""
