"""Report: a measurement as one self-contained page for the patient and the professional.

In: a result and the files beside it. Out: HTML. Reads only; nothing is measured or changed here.
"""

from facewire.report.page import PageView, build_report, page_view, write_report

__all__ = ["PageView", "build_report", "page_view", "write_report"]
