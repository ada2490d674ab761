"""The kept video of a measurement, in step with its traces; an earlier visit beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from facewire.errors import NotFoundError
from facewire.face import REGIONS, Region
from facewire.figures.strip import Strip, strip
from facewire.record.recordings import document_of, stored_media
from facewire.record.same_person import ids_of
from facewire.record.store import Session, find, get
from facewire.record.tables import Measurement, Recording, Visit
from facewire.record.timeline import course
from facewire.report.stored import load_signals
from facewire.results.measurement import Measurement as MeasurementDocument
from facewire.results.measurement import Repetition
from facewire.web.deps import HasServices, PatientOrClinician, Reading, Services, reach
from facewire.web.pages import page
from facewire.web.patient_names import PatientHead, patient_head
from facewire.web.stored_files import SIGNALS, files_of
from facewire.words import day_words, region_name, sentence

router = APIRouter(include_in_schema=False)

USUAL_RATE_HZ = 25.0
LEAD_S = 0.5
"""How long before its onset a repetition is shown."""


@dataclass(frozen=True)
class Player:
    """A video with what is known of its time.

    Parameters
    ----------
    measurement_id, recording_id : str
    on : date
        Day of the visit.
    turned : bool
        Whether the picture was filmed as in a mirror and is turned to be seen from the front.
    frame_s : float
        From one picture to the next, seconds.
    repetitions : tuple of Repetition
        As they were found, in the order of time.
    strip : Strip or None
        The chosen region over the whole recording.
    synthetic : bool
        Whether this is no person's face.
    """

    measurement_id: str
    recording_id: str
    on: date
    turned: bool
    frame_s: float
    repetitions: tuple[Repetition, ...]
    strip: Strip | None
    synthetic: bool

    def onset_s(self, like: Repetition) -> str:
        """Return when to begin with a repetition of another recording; empty without the same."""
        for one in self.repetitions:
            if (one.movement, one.repetition) == (like.movement, like.repetition):
                return f"{max(one.onset_s - LEAD_S, 0):.3f}"
        return ""


@dataclass(frozen=True)
class VideoView:
    """The page of a video.

    Parameters
    ----------
    patient : PatientHead
    visit_id : str
    player : Player or None
        None where no video is kept, or faces are hidden.
    beside : Player or None
        Another visit of the same person.
    others : tuple of (str, str)
        Measurements with a kept video that can stand beside: id and day in words.
    region : Region
        Whose traces are shown.
    regions : tuple of (str, str)
        Those that can be chosen.
    hidden : bool
        Whether faces are hidden here.
    """

    patient: PatientHead
    visit_id: str
    player: Player | None
    beside: Player | None
    others: tuple[tuple[str, str], ...]
    region: Region
    regions: tuple[tuple[str, str], ...]
    hidden: bool


@router.get("/measurements/{measurement_id}/video")
def show(
    request: Request,
    person: PatientOrClinician,
    session: Reading,
    services: HasServices,
    measurement_id: str,
    region: str = Region.EYE,
    beside: str = "",
) -> Response:
    """Show the video of a measurement with the traces of one region, another visit beside it."""
    measurement = reach(person, session, Measurement, measurement_id)
    if region not in set(Region):
        raise NotFoundError("There is no such region", found=region)
    hidden, place = services.settings.incognito, Region(region)
    view = VideoView(
        patient=patient_head(session, services.settings, measurement.patient_id),
        visit_id=measurement.visit_id,
        player=None if hidden else _player(session, services, measurement, place),
        beside=None if hidden else _beside(session, services, measurement, beside, place),
        others=() if hidden else _others(session, measurement),
        region=place,
        regions=tuple((str(one), sentence(region_name(one))) for one in REGIONS),
        hidden=hidden,
    )
    return page(request, "measurements/video.html", view)


def has_video(session: Session, measurement: Measurement) -> bool:
    """Return whether the video of a measurement is kept."""
    recording = get(session, Recording, measurement.recording_id)
    return stored_media(session, recording.video_media_id) is not None


def _player(
    session: Session, services: Services, measurement: Measurement, region: Region
) -> Player | None:
    if not has_video(session, measurement):
        return None
    recording = get(session, Recording, measurement.recording_id)
    result = document_of(measurement)
    rows = sorted(result.repetitions, key=lambda one: one.onset_s)
    with files_of(services, measurement, SIGNALS) as folder:
        signals = load_signals(result, folder)
        drawn = None if signals.table is None else strip(signals.table, region, rows)
    return Player(
        measurement_id=measurement.id,
        recording_id=recording.id,
        on=get(session, Visit, measurement.visit_id).on,
        turned=bool(recording.mirrored),
        frame_s=1 / _rate_hz(result),
        repetitions=tuple(rows),
        strip=drawn,
        synthetic=result.synthetic,
    )


def _rate_hz(result: MeasurementDocument) -> float:
    rate = result.provenance.source.frame_rate_hz
    return rate if rate else USUAL_RATE_HZ


def _beside(
    session: Session, services: Services, measurement: Measurement, other_id: str, region: Region
) -> Player | None:
    if not other_id:
        return None
    other = find(session, Measurement, other_id)
    people = ids_of(session, measurement.patient_id)
    if other is None or other.voided_at is not None or other.patient_id not in people:
        raise NotFoundError("There is no such measurement of this patient")
    return _player(session, services, other, region)


def _others(session: Session, measurement: Measurement) -> tuple[tuple[str, str], ...]:
    points = reversed(course(session, measurement.patient_id))
    return tuple(
        (point.measurement_id, day_words(point.on))
        for point in points
        if point.measurement_id != measurement.id
        and has_video(session, get(session, Measurement, point.measurement_id))
    )
