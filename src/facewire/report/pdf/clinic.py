"""The clinic's settings file: the head of a printed report, and what the app offers first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from facewire.errors import UsageError
from facewire.files import read_toml

MOST_LINES = 5
MOST_LOGO_BYTES = 500_000
FIELDS = ("name", "address", "logo", "paper", "keep_video", "time_zone")
LOGO_STARTS = {".png": b"\x89PNG\r\n", ".svg": b"<"}


class Paper(StrEnum):
    """Sizes of paper."""

    A4 = "a4"
    LETTER = "letter"


@dataclass(frozen=True)
class ClinicSettings:
    """A letterhead, and what the clinic does with its recordings.

    Parameters
    ----------
    name : str
        Name of the clinic; without one there is no letterhead.
    address : tuple of str
        Lines below the name, at most 5.
    logo : bytes
        A picture; empty when there is none.
    logo_kind : str
        ``svg`` or ``png``.
    paper : Paper or None
        The clinic's paper; None where the file does not say.
    keep_video : bool
        Whether the app offers first to keep the video of a live session.
    time_zone : str
        Name of the clinic's time zone; empty takes the computer's own.
    """

    name: str = ""
    address: tuple[str, ...] = ()
    logo: bytes = b""
    logo_kind: str = ""
    paper: Paper | None = None
    keep_video: bool = True
    time_zone: str = ""


def read_clinic(path: Path) -> ClinicSettings:
    """Read a clinic's settings file.

    Parameters
    ----------
    path : Path
        A TOML file with a ``[clinic]`` table: ``name``, ``address`` (lines), ``logo`` (an SVG or
        PNG file beside it), ``paper`` (``a4`` or ``letter``), ``keep_video`` (true or false) and
        ``time_zone`` (such as ``Pacific/Auckland``).

    Raises
    ------
    UsageError
        The file or its logo cannot be read, or a field is unknown or wrong; the message names it.
    """
    table = read_toml(path, "settings file", "a [clinic] table")
    clinic = table.get("clinic")
    if set(table) - {"clinic"} or not isinstance(clinic, dict):
        raise UsageError(
            f"The settings file {path.name} is not a clinic's",
            expected="one table, [clinic]",
            found=", ".join(sorted(table)) or "nothing",
        )
    return _settings(clinic, path)


def _settings(clinic: Mapping[str, Any], path: Path) -> ClinicSettings:
    if unknown := sorted(set(clinic) - set(FIELDS)):
        raise _wrong(path, unknown[0], f"one of {', '.join(FIELDS)}", "an unknown field")
    address = clinic.get("address", [])
    lines = [address] if isinstance(address, str) else address
    if not isinstance(lines, list) or not all(isinstance(x, str) for x in lines):
        raise _wrong(path, "address", "lines of text", str(address))
    if len(lines) > MOST_LINES:
        raise _wrong(path, "address", f"at most {MOST_LINES} lines", str(len(lines)))
    logo, kind = _logo(clinic.get("logo"), path)
    keep_video = clinic.get("keep_video", True)
    if not isinstance(keep_video, bool):
        raise _wrong(path, "keep_video", "true or false", str(keep_video))
    return ClinicSettings(
        name=_text(clinic, "name", path),
        address=tuple(lines),
        logo=logo,
        logo_kind=kind,
        paper=_paper(clinic, path),
        keep_video=keep_video,
        time_zone=_zone(clinic, path),
    )


def _zone(clinic: Mapping[str, Any], path: Path) -> str:
    name = _text(clinic, "time_zone", path)
    try:
        return ZoneInfo(name).key if name else ""
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise _wrong(path, "time_zone", "a name such as Pacific/Auckland", name) from error


def _text(clinic: Mapping[str, Any], name: str, path: Path) -> str:
    value = clinic.get(name, "")
    if not isinstance(value, str):
        raise _wrong(path, name, "text", str(value))
    return value


def _paper(clinic: Mapping[str, Any], path: Path) -> Paper | None:
    value = clinic.get("paper")
    if value is None:
        return None
    if value not in set(Paper):
        raise _wrong(path, "paper", " or ".join(Paper), str(value))
    return Paper(value)


def _logo(name: Any, path: Path) -> tuple[bytes, str]:
    if name is None:
        return b"", ""
    if not isinstance(name, str):
        raise _wrong(path, "logo", "a file name", str(name))
    ending = Path(name).suffix.lower()
    if ending not in LOGO_STARTS:
        raise _wrong(path, "logo", "an SVG or PNG file", name)
    try:
        data = (path.parent / name).read_bytes()
    except OSError as error:
        raise _wrong(path, "logo", "a file that can be read", error.strerror or name) from error
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(LOGO_STARTS[ending]):
        raise _wrong(path, "logo", f"a picture of the kind {ending}", f"other content in {name}")
    if len(data) > MOST_LOGO_BYTES:
        raise _wrong(path, "logo", f"at most {MOST_LOGO_BYTES // 1000} kB", f"{len(data)} bytes")
    return data, ending[1:]


def _wrong(path: Path, name: str, expected: str, found: str) -> UsageError:
    return UsageError(
        f"The field {name} of {path.name} is wrong",
        expected=expected,
        found=found,
        do="correct the clinic's settings file",
    )
