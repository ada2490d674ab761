"""Wiring, forecast and plan on pages: together with a measurement, or one document alone.

They share a look that nobody can take for measured, and one rule: simulations are told to the
patient in plain words only when they are released.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from markupsafe import Markup

from facewire.errors import UsageError
from facewire.face import Side
from facewire.report.environment import environment, write_page
from facewire.report.forecast_section import ForecastView, forecast_view
from facewire.report.moving_mesh import MovingMeshView, moving_mesh_view
from facewire.report.plan_section import PlanView, plan_view
from facewire.report.schematic_change import SchematicView, schematic_view
from facewire.report.wiring_section import WiringView, wiring_view
from facewire.results.measurement import Measurement
from facewire.results.pictures import Mesh
from facewire.schemas import FORECAST, PLAN, WIRING, validate
from facewire.words import side_word, translate

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Unmeasured:
    """Documents that join a page; each may be missing.

    Parameters
    ----------
    wiring, forecast, plan : mapping, optional
        ``facewire.wiring/1``, ``facewire.forecast/1``, ``facewire.plan/1``.
    mesh : Mesh, optional
        The face that the forecast's picture moves.
    mesh_missing : str
        Why there is no mesh, in words.
    released : bool
        Whether simulations are released to the patient.

    Raises
    ------
    UsageError
        A document does not fit its schema, or the mesh is not of the forecast's recording.
    """

    wiring: Document | None = None
    forecast: Document | None = None
    plan: Document | None = None
    mesh: Mesh | None = None
    mesh_missing: str = ""
    released: bool = False

    def __post_init__(self) -> None:
        for document, name in (
            (self.wiring, WIRING),
            (self.forecast, FORECAST),
            (self.plan, PLAN),
        ):
            if document is not None:
                validate(document, name)
        if self.mesh is not None and self.forecast is not None:
            _check_recording("mesh", self.forecast, self.mesh.recording_sha256)


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
    for name in (WIRING, FORECAST, PLAN):
        document = getattr(documents, name)
        if document is not None:
            _check_recording(name, document, own)


def _check_recording(name: str, document: Document, sha256: str | None) -> None:
    """Refuse to put two documents together when both say what they are of, and disagree."""
    made_from = document["source"].get("measurements", [])
    recordings = [one["recording_sha256"] for one in made_from if one.get("recording_sha256")]
    if sha256 and recordings and sha256 not in recordings:
        raise UsageError(
            f"The {name} was made from another recording",
            expected="documents of one recording",
            found=f"one of {', '.join(str(one.get('recording')) for one in made_from)}",
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
    folder = resources.files("facewire.report").joinpath("templates")
    return folder.joinpath("moving_mesh.js").read_text("utf-8").strip()


def _script() -> Markup:
    return Markup("<script>{}</script>").format(Markup(_script_text()))  # noqa: S704 (own file)


def _script_policy() -> str:
    """Allow this one script and no other."""
    digest = hashlib.sha256(_script_text().encode("utf-8")).digest()
    return f"script-src 'sha256-{base64.b64encode(digest).decode('ascii')}'; "


def write_wiring_page(document: Document, path: Path, *, overwrite: bool = False) -> Path:
    """Write the page of a wiring alone.

    Parameters
    ----------
    document : mapping
        ``facewire.wiring/1``.
    path : Path
    overwrite : bool

    Raises
    ------
    UsageError
        The document is no wiring.
    OutputExistsError, StorageError
        As for `facewire.report.environment.write_page`.
    """
    page = document_page(Unmeasured(wiring=document), translate("Wiring of the face"))
    return write_page(path, page, overwrite=overwrite)


def write_forecast_page(
    document: Document,
    path: Path,
    mesh: Mesh | None = None,
    *,
    released: bool = False,
    overwrite: bool = False,
) -> Path:
    """Write the page of a forecast alone, with the moving face where there is a mesh.

    Parameters
    ----------
    document : mapping
        ``facewire.forecast/1``.
    path : Path
    mesh : Mesh, optional
        Of the same person.
    released : bool
        Whether the simulation is released to the patient.
    overwrite : bool

    Raises
    ------
    UsageError
        A document does not fit its schema.
    OutputExistsError, StorageError
        As for `facewire.report.environment.write_page`.
    """
    documents = Unmeasured(forecast=document, mesh=mesh, released=released)
    page = document_page(documents, translate("What treatments would change"))
    return write_page(path, page, overwrite=overwrite)


def write_plan_page(
    document: Document, path: Path, *, released: bool = False, overwrite: bool = False
) -> Path:
    """Write the page of a plan alone.

    Parameters
    ----------
    document : mapping
        ``facewire.plan/1``.
    path : Path
    released : bool
        Whether the simulation is released to the patient.
    overwrite : bool

    Raises
    ------
    UsageError
        The document is no plan.
    OutputExistsError, StorageError
        As for `facewire.report.environment.write_page`.
    """
    documents = Unmeasured(plan=document, released=released)
    page = document_page(documents, translate("Options and their trades"))
    return write_page(path, page, overwrite=overwrite)


def document_page(documents: Unmeasured, title: str) -> str:
    """Return a self-contained page of documents without their measurement."""
    given = [d for d in (documents.wiring, documents.forecast, documents.plan) if d is not None]
    view = unmeasured_view(documents)
    names = {name: getattr(view, name) for name in UnmeasuredView.__dataclass_fields__}
    return (
        environment()
        .get_template("document.html")
        .render(
            names,
            title=title,
            synthetic=any(d["source"].get("synthetic") for d in given),
            side_confirmed=all(d["side_confirmed"] is not False for d in given),
            facts=_facts(given[0]) if given else [],
        )
    )


def _facts(document: Document) -> list[tuple[str, str]]:
    source, side = document["source"], document["affected_side"]
    names = [str(one.get("recording") or "") for one in source.get("measurements", [])]
    found = [
        (translate("Subject"), str(source.get("subject") or translate("no name given"))),
        (translate("Inferred from"), ", ".join(name for name in names if name)),
        (
            translate("Affected side"),
            translate("none found") if side is None else side_word(Side(side)),
        ),
        (translate("Version"), f"facewire {document['facewire']}"),
    ]
    return [(name, value) for name, value in found if value]
