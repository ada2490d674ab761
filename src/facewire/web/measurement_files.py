"""Stored measurements as the report's functions want them: a document and a folder of files."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from facewire.errors import StorageError
from facewire.record.tables import Measurement
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
