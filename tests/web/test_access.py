"""Who may do what: generated from the route table, so that a new route cannot be forgotten."""

from __future__ import annotations

import re
from typing import Any

import pytest
from fastapi.routing import APIRoute, APIWebSocketRoute
from filled_clinic import FilledClinic
from page_addresses import asked_of
from starlette.routing import Mount
from web_app import Clinic

from facewire.web.deps import (
    PUBLIC,
    administrator,
    clinician,
    patient_or_clinician,
    signed_in,
)
from facewire.web.routes import ROUTERS

GATES = {clinician, administrator, patient_or_clinician, signed_in}
Route = APIRoute | APIWebSocketRoute


def routes() -> list[Route]:
    return [r for router in ROUTERS for r in router.routes if isinstance(r, Route)]


def methods(route: Route) -> list[str]:
    return sorted(route.methods) if isinstance(route, APIRoute) else ["GET"]


def name_of(value: Any) -> str:
    return f"{value[0]} {value[1].path}"


CALLS = [(m, r) for r in routes() if isinstance(r, APIRoute) for m in methods(r)]
CLOSED = [(m, r) for m, r in CALLS if r.path not in PUBLIC]


def filled(path: str) -> str:
    """Fill every part of an address with an id that nobody has."""
    return re.sub(r"{[^}]+}", "f" * 32, path)


def gates(route: Route) -> set[Any]:
    return asked_of(route.dependant) & GATES


@pytest.mark.parametrize("route", routes(), ids=lambda r: r.path)
def test_every_route_says_who_may_use_it(route: Route) -> None:
    assert bool(gates(route)) != (route.path in PUBLIC)


def test_public_addresses_exist(shared_clinic: Clinic) -> None:
    known = {r.path for r in routes()}
    known |= {f"{r.path}/{{path:path}}" for r in shared_clinic.app.routes if isinstance(r, Mount)}
    assert known >= PUBLIC


def test_nothing_but_routers_and_shipped_files_is_served(shared_clinic: Clinic) -> None:
    from_routers = {r.path for r in routes()}
    paths = {getattr(r, "path", "") for r in shared_clinic.app.routes} - {""}
    assert paths - from_routers <= {"/static"}


@pytest.mark.parametrize(("method", "route"), CLOSED, ids=lambda v: getattr(v, "path", v))
def test_nobody_is_refused(shared_clinic: Clinic, method: str, route: APIRoute) -> None:
    answer = shared_clinic.client().request(method, filled(route.path))
    if route.path.startswith("/api/"):
        assert answer.status_code == 401
        assert method == "HEAD" or answer.json()["error"]["code"] == "sign_in"
    else:
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/login")


def refused_for(who: str, gate: Any) -> list[tuple[str, APIRoute]]:
    """Calls that ask for `gate` and that `who` may not make."""
    return [(m, r) for m, r in CLOSED if gate in gates(r)]


WRONG_ROLE = [
    *(("patient", m, r) for m, r in refused_for("patient", clinician)),
    *(("patient", m, r) for m, r in refused_for("patient", administrator)),
    *(("therapist", m, r) for m, r in refused_for("therapist", administrator)),
    *(("administrator", m, r) for m, r in refused_for("administrator", clinician)),
    *(("administrator", m, r) for m, r in refused_for("administrator", patient_or_clinician)),
]


@pytest.mark.parametrize(
    ("who", "method", "route"), WRONG_ROLE, ids=lambda v: getattr(v, "path", v)
)
def test_another_role_is_refused(
    shared_clinic: Clinic, who: str, method: str, route: APIRoute
) -> None:
    assert shared_clinic.client(who).request(method, filled(route.path)).status_code == 403


OWN = ("patient", "visit", "recording", "measurement", "upload", "job")


def of_a_patient(path: str) -> bool:
    return any(f"{{{kind}_id}}" in path for kind in OWN)


OF_A_PATIENT = [
    (m, r) for m, r in CLOSED if of_a_patient(r.path) and not gates(r) & {clinician, administrator}
]


@pytest.mark.parametrize(("method", "route"), OF_A_PATIENT, ids=lambda v: getattr(v, "path", v))
def test_another_patients_rows_are_as_if_not_there(
    filled_clinic: FilledClinic, method: str, route: APIRoute
) -> None:
    ben = filled_clinic.clinic.client("other_patient")
    ids = {"path": "result.json", "purpose": "care", "session_id": "f" * 32} | filled_clinic.ids
    hers = re.sub(r"{(\w+)(:path)?}", lambda part: ids[part[1]], route.path)
    sent = {"json": {}} if route.path.startswith("/api/") and method != "GET" else {}
    answer, missing = (ben.request(method, path, **sent) for path in (hers, filled(route.path)))
    assert answer.status_code == missing.status_code
    assert answer.status_code in (404, 422)
    assert "P-A001" not in answer.text


def test_the_patient_sees_her_own_rows(filled_clinic: FilledClinic) -> None:
    anna = filled_clinic.clinic.client("patient")
    for kind in ("patient", "visit", "recording", "measurement"):
        address = f"/api/v1/{kind}s/{filled_clinic.ids[f'{kind}_id']}"
        assert anna.get(address).status_code == 200
