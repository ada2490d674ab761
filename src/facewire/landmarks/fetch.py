"""Fetching the network files from their official addresses, only when the user asks for it.

The one place of the package that connects to anything.
"""

from __future__ import annotations

import hashlib
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from facewire.errors import ModelError
from facewire.files import write_whole
from facewire.landmarks.models import NetworkFile

_CHUNK_BYTES = 1 << 16
_TIMEOUT_S = 30.0


def fetch_network(
    wanted: NetworkFile, folder: Path, progress: Callable[[float], None] | None = None
) -> Path:
    """Fetch a network file, check it, and only then put it in place.

    Parameters
    ----------
    wanted : NetworkFile
        What, from where, and its hash.
    folder : Path
        Where to put it; made when it is not there. A file of that name is replaced.
    progress : callable, optional
        Called with the part that is done, 0 to 1, when the server says how long the file is.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    ModelError
        The address does not answer, or what it sent has another hash.
    StorageError
        The folder cannot be written.
    """
    content = _download(wanted, progress)
    found = hashlib.sha256(content).hexdigest()
    if found != wanted.sha256:
        raise ModelError(
            f"The address of {wanted.name} sent another file",
            expected=f"SHA-256 {wanted.sha256}",
            found=f"SHA-256 {found}, {len(content)} bytes",
            do="try later, or use `facewire model install --from DIR`, which needs no connection",
        )
    write_whole(folder / wanted.name, content)
    return folder / wanted.name


def _download(wanted: NetworkFile, progress: Callable[[float], None] | None) -> bytes:
    pieces: list[bytes] = []
    got = 0
    try:
        with urllib.request.urlopen(wanted.address, timeout=_TIMEOUT_S) as answer:  # noqa: S310 - a constant of this package
            size = int(answer.headers.get("Content-Length") or 0)
            while piece := answer.read(_CHUNK_BYTES):
                pieces.append(piece)
                got += len(piece)
                if progress is not None and size:
                    progress(got / size)
    except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
        raise ModelError(
            f"The network file {wanted.name} could not be fetched",
            expected=f"an answer from {wanted.address}",
            found=str(getattr(error, "reason", error)),
            do="check the connection, or use `facewire model install --from DIR`, which needs none",
        ) from error
    return b"".join(pieces)
