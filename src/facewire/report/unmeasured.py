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

from markupsafe import Markup

from facewire.errors import UsageError
from facewire.report.environment import environment
from facewire.report.moving_mesh import MovingMeshView, moving_mesh_view
from facewire.report.predicted_change import SchematicView, schematic_view
from facewire.results.forecast import Forecast
from facewire.results.measurement import Measurement
from facewire.results.pictures import Mesh
from facewire.results.plan import Plan
from facewire.results.wiring import InferredFrom, Wiring
from facewire.words import translate


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

    @property
    def synthetic(self) -> bool:
        """Whether any of them is of a rendered face."""
        return any(one.source.synthetic for one in self.given)

    @property
    def side_confirmed(self) -> bool:
        """Whether none of them says that left and right may be exchanged."""
        return all(one.side_confirmed is not False for one in self.given)


@dataclass(frozen=True)
class Pictures:
    """What shows a forecast: the person's own mesh, or a drawn face where that is missing.

    Parameters
    ----------
    mesh : MovingMeshView, optional
    mesh_missing : str
        Why there is no mesh, in words.
    schematic : SchematicView, optional
    """

    mesh: MovingMeshView | None = None
    mesh_missing: str = ""
    schematic: SchematicView | None = None

    @property
    def script(self) -> Markup | str:
        """What moves the mesh; empty without one."""
        if self.mesh is None:
            return ""
        return Markup("<script>{}</script>").format(Markup(_script_text()))  # noqa: S704 (own file)

    @property
    def script_policy(self) -> str:
        """Allow this one script and no other."""
        if self.mesh is None:
            return ""
        digest = hashlib.sha256(_script_text().encode("utf-8")).digest()
        return f"script-src 'sha256-{base64.b64encode(digest).decode('ascii')}'; "


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


def pictures_of(documents: Unmeasured) -> Pictures:
    """Return what shows the forecast; nothing without one."""
    if documents.forecast is None:
        return Pictures()
    missing = documents.mesh_missing or translate("no mesh was given")
    if documents.mesh is not None:
        mesh = moving_mesh_view(documents.mesh, documents.forecast)
        if mesh is not None:
            return Pictures(mesh)
        missing = translate("no movement is both measured and simulated")
    return Pictures(None, missing, schematic_view(documents.forecast))


@cache
def _script_text() -> str:
    folder = resources.files("facewire.report").joinpath("static")
    return folder.joinpath("moving_mesh.js").read_text("utf-8").strip()


def document_page(documents: Unmeasured) -> str:
    """Return a self-contained page of documents without their measurement."""
    template = environment().get_template("document.html")
    return template.render(documents=documents, pictures=pictures_of(documents))
