"""The check of a room: known changes in copies of a healthy person's recording, measured.

In: a recording. Out: a ``facewire.phantom/1`` document. It stands above the flow: the copies are
measured by it, as any recording is.
"""

from facewire.phantom.check import DOCUMENT, PAGE, CheckOptions, check_room

__all__ = ["DOCUMENT", "PAGE", "CheckOptions", "check_room"]
