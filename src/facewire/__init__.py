"""facewire: measure facial synkinesis from ordinary video.

``facewire.measure(video)`` and ``facewire.read(path)`` give a `Result`: its tables, and the typed
document. Nothing heavy is loaded before one of them is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from facewire.errors import FacewireError
    from facewire.library import Result, measure, read
    from facewire.version import facewire_version

    __version__ = facewire_version()

__all__ = ["FacewireError", "Result", "__version__", "measure", "read"]


def __getattr__(name: str) -> object:
    if name == "__version__":
        from facewire.version import facewire_version

        return facewire_version()
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    source = "facewire.errors" if name == "FacewireError" else "facewire.library"
    return getattr(import_module(source), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
