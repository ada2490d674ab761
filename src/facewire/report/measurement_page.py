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
from facewire.report.change_words import check_comparison
from facewire.report.environment import environment
from facewire.report.face_map import MapView, map_view
from facewire.report.grade_words import check_grades
from facewire.report.phantom_page import check_notes, room_figures
from facewire.report.stored import FramesView, frames_view, load_frames, load_mesh, load_signals
from facewire.report.traces import TracesView, traces_view
from facewire.report.unmeasured import Pictures, Unmeasured, check_same_recording, pictures_of
from facewire.results.comparison import Comparison
from facewire.results.grades import Grades, GradeSummary
from facewire.results.measurement import Measurement
from facewire.results.phantom import Phantom
from facewire.words import translate


@dataclass(frozen=True)
class Clinical:
    """Documents of the clinic that join a report.

    Parameters
    ----------
    grades : Grades or GradeSummary, optional
        Of the measurement, or the scores that it carries itself.
    comparison : Comparison, optional
        The measurement being one of its visits.
    room : Phantom, optional
        The check of the room that it was recorded in.
    """

    grades: Grades | GradeSummary | None = None
    comparison: Comparison | None = None
    room: Phantom | None = None


@dataclass(frozen=True)
class PageView:
    """Everything the template ``report.html`` may use, and nothing else.

    Parameters
    ----------
    result : Measurement
        The document itself, judged.
    map, traces, frames
        What is drawn of it, and of the files beside it.
    documents : Unmeasured
        What was inferred and simulated from it.
    pictures : Pictures
        What shows a forecast.
    clinical : Clinical
        Grades, or the scores that the result itself carries, and a comparison.
    date : str
        Day of the visit, where the caller knows it; a result itself holds none.
    room : str
        How small a change is seen in the room that it was recorded in, or that it is not known.
    """

    result: Measurement
    map: MapView
    traces: TracesView
    frames: FramesView
    documents: Unmeasured
    pictures: Pictures
    clinical: Clinical
    date: str = ""
    room: str = ""


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
    clinical = clinical or Clinical()
    if isinstance(clinical.grades, Grades):
        check_grades(result, clinical.grades)
    if clinical.comparison is not None:
        check_comparison(result, clinical.comparison)
    return PageView(
        result=result,
        map=map_view(result),
        traces=traces_view(result, load_signals(result, folder)),
        frames=frames_view(result, load_frames(result, folder)),
        documents=documents,
        pictures=pictures_of(documents),
        clinical=replace(clinical, grades=clinical.grades or result.grades),
        room=_room(clinical.room),
    )


def _room(check: Phantom | None) -> str:
    if check is None:
        return translate(
            "Not checked, as far as this report knows (facewire phantom): how small a change its "
            "camera and light show is not known."
        )
    return " ".join((room_figures(check), *check_notes(check)))


def render_page(view: PageView) -> str:
    """Return the report page of what was gathered: HTML that refers to nothing outside itself."""
    names = {name: getattr(view, name) for name in PageView.__dataclass_fields__}
    return environment().get_template("report.html").render(names)
