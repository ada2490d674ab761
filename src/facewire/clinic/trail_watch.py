"""The audit trail is looked through as the app starts, in a thread of its own."""

from __future__ import annotations

import logging
import threading
from datetime import datetime

from facewire.errors import FacewireError
from facewire.record.audit import Fault
from facewire.record.folder import DataFolder
from facewire.record.store import Record
from facewire.record.trail_end import check_trail, note_end, noted_at

LOG = logging.getLogger(__name__)
WAIT_S = 5.0
"""An app that is told to stop waits no longer for a look at a long trail."""


class TrailWatch:
    """What the look at the trail found; the noted end moves on only where nothing was.

    Parameters
    ----------
    folder : DataFolder
    record : Record
    """

    def __init__(self, folder: DataFolder, record: Record) -> None:
        self._folder, self._record = folder, record
        self._thread: threading.Thread | None = None
        self.faults: tuple[Fault, ...] | None = None
        """None until the look is over, and where it could not be done."""
        self.problem = ""
        """Why it could not be done."""
        self.noted_at: datetime | None = None
        """When the end was noted that the trail had to hold; None where none was."""

    def start(self) -> None:
        """Begin to look."""
        self._thread = threading.Thread(target=self._look, name="audit trail", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Note the end, unless something did not fit or nobody knows yet."""
        if self._thread is not None:
            self._thread.join(WAIT_S)
        if self.faults == ():
            note_end(self._folder, self._record)

    def _look(self) -> None:
        try:
            self.noted_at = noted_at(self._folder)
            faults = check_trail(self._folder, self._record)
            if not faults:
                note_end(self._folder, self._record)
        except FacewireError as error:
            LOG.warning("the audit trail could not be looked through: %s", error.what)
            self.problem = error.what
            return
        if faults:
            LOG.warning("the audit trail was changed: %d places do not fit", len(faults))
        self.faults = faults
