"""From the synkinesis map to the wiring of one face: inferred, not measured."""

from facewire.wiring.document import read_wiring, wiring_document, wiring_from
from facewire.wiring.findings import check_findings, read_findings
from facewire.wiring.fit import Settings, infer_wiring
from facewire.wiring.model import Edge, WiringModel
from facewire.wiring.state import FaceState, involuntary_mm, rest_change_mm, total_mm

__all__ = [
    "Edge",
    "FaceState",
    "Settings",
    "WiringModel",
    "check_findings",
    "infer_wiring",
    "involuntary_mm",
    "read_findings",
    "read_wiring",
    "rest_change_mm",
    "total_mm",
    "wiring_document",
    "wiring_from",
]
