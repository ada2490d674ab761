"""The report on paper: two pages for the chart, the whole report behind them.

In: what the page on the screen shows. Out: PDF, set by Typst (extra ``pdf``).
"""

from facewire.report.pdf.build import build_pdf, build_print, write_pdf
from facewire.report.pdf.clinic import ClinicSettings, Paper, read_clinic

__all__ = ["ClinicSettings", "Paper", "build_pdf", "build_print", "read_clinic", "write_pdf"]
