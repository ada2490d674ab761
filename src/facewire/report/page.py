"""The report page: one self-contained HTML file made from a result and the files beside it.

What comes in: a result mapping (``facewire.measurement/1``) and, if there is one, its folder with
the signals table and the key frames; and documents that were inferred or simulated from it. What
goes out: HTML that needs no network and no font of its own, and no script but the one that moves
the mesh. Nothing is measured here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from facewire.report.cells import check_result
from facewire.report.clinical import Clinical, ClinicalView, clinical_view
from facewire.report.environment import environment, write_page
from facewire.report.face_map import MapView, map_view
from facewire.report.key_frames import FramesView, frames_view
from facewire.report.patient import PatientView, patient_view
from facewire.report.professional import ProfessionalView, professional_view, side_text
from facewire.report.quality import ProvenanceView, QualityView, provenance_view, quality_view
from facewire.report.stored import load_frames, load_mesh, load_signals
from facewire.report.traces import TracesView, traces_view
from facewire.report.unmeasured import (
    Unmeasured,
    UnmeasuredView,
    check_same_recording,
    unmeasured_view,
)
from facewire.words import translate

DATE_NAMES = ("date", "measured_on", "created", "recorded_on")


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
        Date given by the provenance; empty when it gives none.
    side : str
        Affected side and how it is known.
    synthetic : bool
        Whether the recording shows a rendered person.
    side_confirmed : bool
        Whether it is confirmed that the picture is not mirrored.
    """

    subject: str
    recording: str
    date: str
    side: str
    synthetic: bool
    side_confirmed: bool


@dataclass(frozen=True)
class PageView:
    """Everything the template ``report.html`` may use, and nothing else."""

    head: HeadView
    patient: PatientView
    professional: ProfessionalView
    map: MapView
    traces: TracesView
    frames: FramesView
    quality: QualityView
    provenance: ProvenanceView
    unmeasured: UnmeasuredView
    clinical: ClinicalView


def page_view(
    result: Mapping[str, Any],
    folder: Path | None,
    documents: Unmeasured | None = None,
    clinical: Clinical | None = None,
) -> PageView:
    """Gather everything that the report shows, on the screen and on paper.

    Parameters
    ----------
    result : mapping
        ``facewire.measurement/1``.
    folder : Path or None
        Where its files lie.
    documents : Unmeasured, optional
        What was inferred and simulated from it.
    clinical : Clinical, optional
        Grades, and a comparison with other visits.

    Raises
    ------
    UsageError
        When the result is not a measurement of the known schema, or incomplete, or a document
        was made from another recording.
    """
    check_result(result)
    documents = documents or Unmeasured()
    check_same_recording(result, documents)
    if documents.forecast is not None and documents.mesh is None:
        mesh, missing = load_mesh(result, folder)
        documents = replace(documents, mesh=mesh, mesh_missing=missing)
    return PageView(
        head=_head(result),
        patient=patient_view(result),
        professional=professional_view(result),
        map=map_view(result),
        traces=traces_view(result, load_signals(result, folder)),
        frames=frames_view(result, load_frames(result, folder)),
        quality=quality_view(result),
        provenance=provenance_view(result),
        unmeasured=unmeasured_view(documents),
        clinical=clinical_view(result, clinical),
    )


def _head(result: Mapping[str, Any]) -> HeadView:
    made = result["provenance"]
    dates = [str(made[name]) for name in DATE_NAMES if made.get(name)]
    return HeadView(
        subject=str(result["subject"]) if result["subject"] else translate("no name given"),
        recording=str((made.get("source") or {}).get("name", "")),
        date=dates[0] if dates else "",
        side=side_text(result),
        synthetic=bool(result["synthetic"]),
        side_confirmed=bool(result["side_confirmed"]),
    )


def render_page(view: PageView) -> str:
    """Return the report page of what was gathered."""
    names = {name: getattr(view, name) for name in PageView.__dataclass_fields__}
    return environment().get_template("report.html").render(names)


def build_report(
    result: Mapping[str, Any],
    folder: Path | None,
    documents: Unmeasured | None = None,
    clinical: Clinical | None = None,
) -> str:
    """Build the report page of a measurement.

    Parameters
    ----------
    result : Mapping
        A result of schema ``facewire.measurement/1``.
    folder : Path or None
        Where the signals table and the key frames lie. Without it, or where one is missing or
        is not the file the result names, the page leaves that part out and says so.
    documents : Unmeasured, optional
        Wiring, forecast and plan of the same person; their sections join the page.
    clinical : Clinical, optional
        Grades, and the comparison with other visits.

    Returns
    -------
    str
        A complete HTML document that refers to nothing outside itself.

    Raises
    ------
    UsageError
        When the result is not a measurement of the known schema, or incomplete, or a document
        was made from another recording.
    """
    return render_page(page_view(result, folder, documents, clinical))


def write_report(
    result: Mapping[str, Any],
    folder: Path | None,
    path: Path,
    documents: Unmeasured | None = None,
    clinical: Clinical | None = None,
    *,
    overwrite: bool = False,
) -> Path:
    """Build the report page and write it to a file, whole or not at all.

    Parameters
    ----------
    result, folder
        As for :func:`build_report`.
    path : Path
        The HTML file to write.
    documents, clinical
        As for :func:`build_report`.
    overwrite : bool
        Whether a file that is there already may be replaced.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    OutputExistsError
        When the file is there already and may not be replaced.
    StorageError
        When the file cannot be written.
    UsageError
        As for :func:`build_report`.
    """
    return write_page(path, build_report(result, folder, documents, clinical), overwrite=overwrite)
