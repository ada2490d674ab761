"""Movements to the synkinesis map: involuntary parts with intervals, presence, side, timing."""

from facewire.synkinesis.affected import AffectedSide
from facewire.synkinesis.estimate import MapSettings, SynkinesisMap, estimate_map

__all__ = ["AffectedSide", "MapSettings", "SynkinesisMap", "estimate_map"]
