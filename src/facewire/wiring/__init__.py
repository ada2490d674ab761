"""From the synkinesis map to the wiring of one face: inferred, not measured."""

from facewire.wiring.findings import read_findings
from facewire.wiring.fit import Settings, infer_wiring
from facewire.wiring.notes import content_sha256
from facewire.wiring.state import FaceState, involuntary_mm, rest_change_mm, total_mm

__all__ = [
    "FaceState",
    "Settings",
    "content_sha256",
    "infer_wiring",
    "involuntary_mm",
    "read_findings",
    "rest_change_mm",
    "total_mm",
]
