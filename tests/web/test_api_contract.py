"""The interface keeps its own description, whatever it is sent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from filled_clinic import fill
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from web_app import Clinic, copy_clinic, open_clinic, running

from facewire.web.routes.openapi import describe

CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
]


@pytest.fixture(scope="module")
def interface(
    prepared_clinic: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Clinic, str]]:
    folder = tmp_path_factory.mktemp("interface")
    clinic = open_clinic(copy_clinic(prepared_clinic, folder / "data"))
    (folder / "measured").mkdir()
    fill(clinic, folder / "measured")
    with running(clinic, work=False) as address:
        yield clinic, address
    clinic.record.close()


schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")

OPERATIONS = [
    (path, method)
    for path, operations in describe()["paths"].items()
    for method in operations
    if not path.endswith("openapi.json")
]


@pytest.mark.slow
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_answer_is_described(interface: tuple[Clinic, str], path: str, method: str) -> None:
    clinic, address = interface
    schema = schemathesis.openapi.from_dict(describe())
    schema.config.update(base_url=address)
    headers = {"origin": address, "authorization": f"Bearer {clinic.token('therapist')}"}

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=schema[path][method.upper()].as_strategy())
    def check(case: Any) -> None:
        case.call_and_validate(headers=headers, checks=CHECKS)

    check()


def test_only_the_interface_is_described(clinic: Clinic) -> None:
    paths = clinic.client().get("/api/v1/openapi.json").json()["paths"]
    assert len(paths) > 15
    assert [path for path in paths if not path.startswith("/api/v1/")] == []


@pytest.mark.parametrize("address", ["/docs", "/redoc", "/openapi.json", "/api/v1/docs"])
def test_no_page_of_another_maker_is_served(clinic: Clinic, address: str) -> None:
    assert clinic.client("therapist").get(address).status_code == 404


@pytest.mark.slow
@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nothing", 404, "not_found"),
        ("POST", "/api/v1/me", 405, "method_not_allowed"),
        ("POST", "/api/v1/patients", 422, "wrong_input"),
        ("GET", "/api/v1/patients?page=0", 422, "wrong_input"),
    ],
)
def test_every_error_has_one_shape(
    clinic: Clinic, method: str, path: str, status: int, code: str
) -> None:
    answer = clinic.client("therapist").request(method, path)
    assert answer.status_code == status
    error = answer.json()["error"]
    assert set(error) == {"code", "what", "expected", "found", "do"}
    assert error["code"] == code


def test_a_wrong_value_is_not_said_back(clinic: Clinic) -> None:
    answer = clinic.client("therapist").post(
        "/api/v1/patients", json={"given_name": ["Willow"], "birth_date": "Willow"}
    )
    assert answer.status_code == 422
    assert "Willow" not in answer.text
