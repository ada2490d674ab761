"""The report page: one self-contained HTML file made from a result and the files beside it.

What comes in: a `Measurement` and, if there is one, its folder with the signals table and the key
frames; documents that were inferred or simulated from it; grades and a comparison from the clinic.
What goes out: HTML that needs no network and no font of its own, and no script but the one that
moves the mesh. Nothing is measured or judged here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from facewire.findings import complete
from facewire.report import quality
from facewire.report.change_section import ChangesView, changes_view, check_comparison
from facewire.report.environment import environment, write_page
from facewire.report.face_map import MapView, map_view
from facewire.report.grades_section import GradesView, check_grades, grades_view
from facewire.report.patient import PatientView, patient_view
from facewire.report.professional import ProfessionalView, professional_view, side_text
from facewire.report.stored import FramesView, frames_view, load_frames, load_mesh, load_signals
from facewire.report.traces import TracesView, traces_view
from facewire.report.unmeasured import (
    Unmeasured,
    UnmeasuredView,
    check_same_recording,
    unmeasured_view,
)
from facewire.results.comparison import Comparison
from facewire.results.grades import Grades
from facewire.results.measurement import Measurement
from facewire.words import translate
from facewire.words.coverage import seen_sentences


@dataclass(frozen=True)
class Clinical:
    """Documents of the clinic that join a report.

    Parameters
    ----------
    grades : Grades, optional
        Of the measurement.
    comparison : Comparison, optional
        The measurement being one of its visits.
    """

    grades: Grades | None = None
    comparison: Comparison | None = None


@dataclass(frozen=True)
class ClinicalView:
    """What the templates may use of them; ``changes`` is None without a comparison."""

    grades: GradesView
    changes: ChangesView | None = None


@dataclass(frozen=True)
class HeadView:
    """The head of the page.

    Parameters
    ----------
    subject : str
        Pseudonym, or words for none.
    recording : str
        Name of the recording; empty when unknown.
    date : str
        Date of the visit, where the caller knows it; a result itself holds none.
    seen : str
        What could be used of the recording, and what it could not have shown.
    side : str
        Affected side and how it is known.
    """

    subject: str
    recording: str
    date: str
    seen: str
    side: str


@dataclass(frozen=True)
class PageView:
    """Everything the template ``report.html`` may use, and nothing else.

    ``result`` is the document itself, judged; the others are what pictures and sentences need.
    """

    result: Measurement
    head: HeadView
    patient: PatientView
    professional: ProfessionalView
    map: MapView
    traces: TracesView
    frames: FramesView
    unmeasured: UnmeasuredView
    clinical: ClinicalView


def page_view(
    result: Measurement,
    folder: Path | None,
    documents: Unmeasured | None = None,
    clinical: Clinical | None = None,
) -> PageView:
    """Gather everything that the report shows, on the screen and on paper.

    Parameters
    ----------
    result : Measurement
    folder : Path or None
        Where its files lie.
    documents : Unmeasured, optional
        What was inferred and simulated from it.
    clinical : Clinical, optional
        Grades, and a comparison with other visits.

    Raises
    ------
    UsageError
        A document was made from another recording, or grades are of another measurement.
    """
    result = complete(result)
    documents = documents or Unmeasured()
    check_same_recording(result, documents)
    if documents.forecast is not None and documents.mesh is None:
        mesh, missing = load_mesh(result, folder)
        documents = replace(documents, mesh=mesh, mesh_missing=missing)
    return PageView(
        result=result,
        head=_head(result),
        patient=patient_view(result),
        professional=professional_view(result),
        map=map_view(result),
        traces=traces_view(result, load_signals(result, folder)),
        frames=frames_view(result, load_frames(result, folder)),
        unmeasured=unmeasured_view(documents),
        clinical=_clinical_view(result, clinical or Clinical()),
    )


def _head(result: Measurement) -> HeadView:
    return HeadView(
        subject=result.subject or translate("no name given"),
        recording=result.provenance.source.name,
        date="",
        seen=" ".join(seen_sentences(result.coverage)),
        side=side_text(result),
    )


def _clinical_view(result: Measurement, clinical: Clinical) -> ClinicalView:
    if clinical.grades is not None:
        check_grades(result, clinical.grades)
    if clinical.comparison is not None:
        check_comparison(result, clinical.comparison)
    changes = None if clinical.comparison is None else changes_view(clinical.comparison)
    return ClinicalView(grades_view(clinical.grades or result.grades), changes)


def render_page(view: PageView) -> str:
    """Return the report page of what was gathered: HTML that refers to nothing outside itself."""
    names = {name: getattr(view, name) for name in PageView.__dataclass_fields__}
    return environment().get_template("report.html").render(names, quality=quality)


def write_report(
    result: Measurement, folder: Path | None, path: Path, *, overwrite: bool = False
) -> Path:
    """Write the report page of a measurement alone, whole or not at all.

    Parameters
    ----------
    result, folder
        As for `page_view`; without a folder, or where a file is missing or is not the one the
        result names, the page leaves that part out and says so.
    path : Path
        The HTML file to write.
    overwrite : bool
        Whether a file that is there already may be replaced.

    Raises
    ------
    OutputExistsError, StorageError
        As for `facewire.report.environment.write_page`.
    """
    return write_page(path, render_page(page_view(result, folder)), overwrite=overwrite)
