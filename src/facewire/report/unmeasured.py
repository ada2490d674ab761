"""Wiring, forecast and plan on pages: together with a measurement, or one document alone.

They share a look that nobody can take for measured, and one rule: simulations are told to the
patient in plain words only when they are released.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from markupsafe import Markup

from facewire.errors import UsageError
from facewire.report.environment import environment, write_page
from facewire.report.forecast_section import ForecastView, forecast_view
from facewire.report.moving_mesh import MovingMeshView, moving_mesh_view
from facewire.report.plan_section import PlanView, plan_view
from facewire.report.predicted_change import SchematicView, schematic_view
from facewire.report.wiring_section import WiringView, wiring_view
from facewire.results.forecast import Forecast
from facewire.results.measurement import Measurement
from facewire.results.pictures import Mesh
from facewire.results.plan import Plan
from facewire.results.wiring import InferredFrom, Wiring
from facewire.words import side_word, translate


@dataclass(frozen=True)
class Unmeasured:
    """Documents that join a page; each may be missing.

    Parameters
    ----------
    wiring, forecast, plan : Wiring, Forecast, Plan, optional
    mesh : Mesh, optional
        The face that the forecast's picture moves.
    mesh_missing : str
        Why there is no mesh, in words.
    released : bool
        Whether simulations are released to the patient.

    Raises
    ------
    UsageError
        The mesh is not of the forecast's recording.
    """

    wiring: Wiring | None = None
    forecast: Forecast | None = None
    plan: Plan | None = None
    mesh: Mesh | None = None
    mesh_missing: str = ""
    released: bool = False

    def __post_init__(self) -> None:
        if self.mesh is not None and self.forecast is not None:
            _check_recording("mesh", self.forecast.source, self.mesh.recording_sha256)

    @property
    def given(self) -> tuple[Wiring | Forecast | Plan, ...]:
        """The documents that are there, the mesh aside."""
        every = (self.wiring, self.forecast, self.plan)
        return tuple(one for one in every if one is not None)


@dataclass(frozen=True)
class UnmeasuredView:
    """What the templates may use of wiring, forecast and plan; None where there is no document."""

    wiring: WiringView | None = None
    forecast: ForecastView | None = None
    plan: PlanView | None = None
    mesh: MovingMeshView | None = None
    schematic: SchematicView | None = None
    mesh_missing: str = ""
    released: bool = False
    script: Markup | str = ""
    script_policy: str = ""

    @property
    def any(self) -> bool:
        """Whether there is anything that was not measured."""
        return any(one is not None for one in (self.wiring, self.forecast, self.plan))


def check_same_recording(result: Measurement, documents: Unmeasured) -> None:
    """Refuse a document that was made from another recording than the result.

    Raises
    ------
    UsageError
        None of the recordings that the document names is the result's.
    """
    own = result.provenance.source.sha256
    for document in documents.given:
        _check_recording(document.KIND, document.source, own)


def _check_recording(name: str, source: InferredFrom, sha256: str | None) -> None:
    """Refuse to put two documents together when both say what they are of, and disagree."""
    recordings = {one.recording_sha256 for one in source.measurements} - {None}
    if sha256 and recordings and sha256 not in recordings:
        raise UsageError(
            f"The {name} was made from another recording",
            expected="documents of one recording",
            found=f"one of {', '.join(str(one.recording) for one in source.measurements)}",
            do=f"give the {name} that belongs to this measurement",
        )


def unmeasured_view(documents: Unmeasured) -> UnmeasuredView:
    """Put the documents into words and pictures."""
    mesh, missing = _moving(documents)
    return UnmeasuredView(
        wiring=None if documents.wiring is None else wiring_view(documents.wiring),
        forecast=None if documents.forecast is None else forecast_view(documents.forecast),
        plan=None if documents.plan is None else plan_view(documents.plan),
        mesh=mesh,
        schematic=_schematic(documents, mesh),
        mesh_missing=missing,
        released=documents.released,
        script=_script() if mesh is not None else "",
        script_policy=_script_policy() if mesh is not None else "",
    )


def _moving(documents: Unmeasured) -> tuple[MovingMeshView | None, str]:
    if documents.forecast is None:
        return None, ""
    if documents.mesh is None:
        return None, documents.mesh_missing or translate("no mesh was given")
    view = moving_mesh_view(documents.mesh, documents.forecast)
    return view, "" if view else translate("no movement is both measured and simulated")


def _schematic(documents: Unmeasured, mesh: MovingMeshView | None) -> SchematicView | None:
    if documents.forecast is None or mesh is not None:
        return None
    return schematic_view(documents.forecast)


@cache
def _script_text() -> str:
    folder = resources.files("facewire.report").joinpath("static")
    return folder.joinpath("moving_mesh.js").read_text("utf-8").strip()


def _script() -> Markup:
    return Markup("<script>{}</script>").format(Markup(_script_text()))  # noqa: S704 (own file)


def _script_policy() -> str:
    """Allow this one script and no other."""
    digest = hashlib.sha256(_script_text().encode("utf-8")).digest()
    return f"script-src 'sha256-{base64.b64encode(digest).decode('ascii')}'; "


def write_wiring_page(wiring: Wiring, path: Path, *, overwrite: bool = False) -> Path:
    """Write the page of a wiring alone; see `facewire.report.environment.write_page`.

    Parameters
    ----------
    wiring : Wiring
    path : Path
    overwrite : bool
    """
    page = document_page(Unmeasured(wiring=wiring), translate("Wiring of the face"))
    return write_page(path, page, overwrite=overwrite)


def write_forecast_page(
    forecast: Forecast, path: Path, mesh: Mesh | None = None, *, overwrite: bool = False
) -> Path:
    """Write the page of a forecast alone, with the moving face where there is a mesh.

    Parameters
    ----------
    forecast : Forecast
    path : Path
    mesh : Mesh, optional
        Of the same person.
    overwrite : bool

    Raises
    ------
    UsageError
        The mesh is of another recording.
    OutputExistsError, StorageError
        As for `facewire.report.environment.write_page`.
    """
    documents = Unmeasured(forecast=forecast, mesh=mesh)
    page = document_page(documents, translate("What treatments would change"))
    return write_page(path, page, overwrite=overwrite)


def write_plan_page(plan: Plan, path: Path, *, overwrite: bool = False) -> Path:
    """Write the page of a plan alone; see `facewire.report.environment.write_page`.

    Parameters
    ----------
    plan : Plan
    path : Path
    overwrite : bool
    """
    page = document_page(Unmeasured(plan=plan), translate("Options and their trades"))
    return write_page(path, page, overwrite=overwrite)


def document_page(documents: Unmeasured, title: str) -> str:
    """Return a self-contained page of documents without their measurement."""
    given = documents.given
    view = unmeasured_view(documents)
    names = {name: getattr(view, name) for name in UnmeasuredView.__dataclass_fields__}
    return (
        environment()
        .get_template("document.html")
        .render(
            names,
            title=title,
            synthetic=any(one.source.synthetic for one in given),
            side_confirmed=all(one.side_confirmed is not False for one in given),
            facts=_facts(given[0]) if given else [],
        )
    )


def _facts(document: Wiring | Forecast | Plan) -> list[tuple[str, str]]:
    source, side = document.source, document.affected_side
    found = [
        (translate("Subject"), source.subject or translate("no name given")),
        (
            translate("Inferred from"),
            ", ".join(one.recording for one in source.measurements if one.recording),
        ),
        (translate("Affected side"), translate("none found") if side is None else side_word(side)),
        (translate("Version"), f"facewire {document.facewire}"),
    ]
    return [(name, value) for name, value in found if value]
