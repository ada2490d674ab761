"""Report: a measurement as one self-contained page for the patient and the professional.

In: a result and the files beside it. Out: HTML. Reads only; nothing is measured or changed here.
"""

from facewire.report.page import PageView, build_report, page_view, write_report
from facewire.report.validation_page import validation_page, write_validation_page

__all__ = [
    "PageView",
    "build_report",
    "page_view",
    "validation_page",
    "write_report",
    "write_validation_page",
]
