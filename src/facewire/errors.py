"""The error tree.

FacewireError
├── UsageError              wrong use: an option, a file that cannot be what was asked (exit code 2)
│   ├── CueSheetError       the cue sheet is broken or does not fit the recording
│   ├── OutputExistsError   the output is there already and may not be overwritten
│   ├── SideConflictError   the stated side disagrees with what the video shows
│   └── PatientFileError    a synthetic patient's description is wrong
├── ModelError              a network file is missing or is not the one expected
├── VideoError              the video cannot be read
│   ├── TruncatedVideoError the video ends early or has gaps
│   └── DecoderLimitError   decoding went past its limit of time, memory or size
├── TrackError              a stored track is broken, or holds too little to measure
│   └── NoFaceError         no usable face was found
├── StorageError            the disk is full or the folder cannot be written
├── UploadError             an upload cannot go on as it was asked
│   ├── OffsetError         a part does not begin where the last one ended
│   ├── UploadTooLargeError the video is larger than is taken
│   ├── UploadBusyError     another transfer of the same upload is under way
│   ├── ChecksumError       what arrived is not what was sent
│   └── DuplicateError      the same video is in the record already
├── RemoteError             an error of another process, told again here
└── VaultError              what is encrypted cannot be opened: wrong passphrase, wrong key, altered

Every message says what, what was expected, what was found, and what to do.
"""

from __future__ import annotations

from collections.abc import Mapping


class FacewireError(Exception):
    """Root of every error that facewire raises on purpose.

    Parameters
    ----------
    what : str
        The thing that is wrong.
    expected, found, do : str
        What was expected, what was found instead, and what the reader can do. Empty parts are
        left out of the message.
    """

    exit_code = 1

    def __init__(self, what: str, *, expected: str = "", found: str = "", do: str = "") -> None:
        self.what, self.expected, self.found, self.do = what, expected, found, do
        parts = [what.rstrip(".") + "."]
        parts += [f"Expected: {expected.rstrip('.')}."] if expected else []
        parts += [f"Found: {found.rstrip('.')}."] if found else []
        parts += [f"What to do: {do.rstrip('.')}."] if do else []
        super().__init__(" ".join(parts))

    def __reduce__(self) -> tuple[object, ...]:
        """Rebuild from the parts, so that the error crosses process borders unchanged."""
        return (_rebuild, (type(self), self.what, self.expected, self.found, self.do))


def _rebuild(
    kind: type[FacewireError], what: str, expected: str, found: str, do: str
) -> FacewireError:
    return kind(what, expected=expected, found=found, do=do)


class UsageError(FacewireError):
    """Wrong use of a command or a function."""

    exit_code = 2


class CueSheetError(UsageError):
    """The cue sheet is broken or does not fit the recording."""


class OutputExistsError(UsageError):
    """The output exists and overwriting was not asked for."""


class SideConflictError(UsageError):
    """The stated affected side disagrees with the side that the video shows."""


class PatientFileError(UsageError):
    """A synthetic patient's description cannot be used."""


class ModelError(FacewireError):
    """A network file is missing or altered."""


class VideoError(FacewireError):
    """The video cannot be read."""


class TruncatedVideoError(VideoError):
    """The video ends early or has gaps."""


class DecoderLimitError(VideoError):
    """Decoding went past its limit of time, memory or size."""


class TrackError(FacewireError):
    """A landmark track is broken or holds too little to measure."""


class NoFaceError(TrackError):
    """No usable face was found."""


class StorageError(FacewireError):
    """The disk is full or the folder cannot be written."""


class VaultError(FacewireError):
    """What is encrypted cannot be opened: a wrong passphrase or key, or altered bytes."""


class RecordError(FacewireError):
    """The record cannot be opened, or refuses what was asked."""


class UnavailableError(RecordError):
    """The database does not answer now; the same request may be answered later."""


class NotFoundError(RecordError):
    """There is no such row, or not for the person who asked."""


class SignInError(RecordError):
    """Name or password are wrong, or there were too many attempts: which of them is not said."""


class ForbiddenError(FacewireError):
    """The person may not do this."""


class OwnPasswordError(ForbiddenError):
    """Nothing opens before the person has chosen a password that nobody else knows."""


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
    """The same video is in the record already."""


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
