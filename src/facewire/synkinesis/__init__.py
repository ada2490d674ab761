"""Movements to the synkinesis map: involuntary parts with intervals, presence, side, timing."""

from facewire.synkinesis.cells import (
    AffectedSide,
    BlinkCell,
    ClosureCell,
    RestCell,
    SynkinesisCell,
    SynkinesisMap,
    VoluntaryCell,
)
from facewire.synkinesis.estimate import MapSettings, estimate_map

__all__ = [
    "AffectedSide",
    "BlinkCell",
    "ClosureCell",
    "MapSettings",
    "RestCell",
    "SynkinesisCell",
    "SynkinesisMap",
    "VoluntaryCell",
    "estimate_map",
]
