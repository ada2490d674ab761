"""Report: a measurement as one self-contained page for the patient and the professional.

In: a typed result and the files beside it. Out: HTML and PDF. Reads only; nothing is measured,
judged or changed here.
"""

from facewire.report.comparison_page import comparison_page
from facewire.report.environment import write_page
from facewire.report.measurement_page import (
    Clinical,
    PageView,
    page_view,
    render_page,
)
from facewire.report.moving_mesh import MeshPairView, mesh_pair
from facewire.report.region_view import FaceSpots, RegionView, face_spots, region_view
from facewire.report.unmeasured import (
    Unmeasured,
    document_page,
)
from facewire.report.validation_page import validation_page

__all__ = [
    "Clinical",
    "FaceSpots",
    "MeshPairView",
    "PageView",
    "RegionView",
    "Unmeasured",
    "comparison_page",
    "document_page",
    "face_spots",
    "mesh_pair",
    "page_view",
    "region_view",
    "render_page",
    "validation_page",
    "write_page",
]
