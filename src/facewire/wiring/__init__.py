"""From the synkinesis map to the wiring of one face: inferred, not measured."""

from facewire.wiring.model import Edge, WiringModel
from facewire.wiring.state import FaceState, involuntary_mm, rest_change_mm, total_mm

__all__ = ["Edge", "FaceState", "WiringModel", "involuntary_mm", "rest_change_mm", "total_mm"]
