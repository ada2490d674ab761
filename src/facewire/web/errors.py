"""Every error in one shape for programs, and as a calm page for people."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.websockets import WebSocket

from facewire.errors import (
    ChecksumError,
    DuplicateError,
    FacewireError,
    ForbiddenError,
    NotFoundError,
    OffsetError,
    OutputExistsError,
    OwnPasswordError,
    RecordError,
    SignInError,
    StorageError,
    UnavailableError,
    UploadBusyError,
    UploadError,
    UploadTooLargeError,
    UsageError,
    VideoError,
)
from facewire.web.pages import page
from facewire.web.security import HEADERS, TOO_LARGE
from facewire.words import mark

API = "/api/"
STATUS: tuple[tuple[type[FacewireError], HTTPStatus, str], ...] = (
    (NotFoundError, HTTPStatus.NOT_FOUND, "not_found"),
    (OwnPasswordError, HTTPStatus.FORBIDDEN, "own_password"),
    (ForbiddenError, HTTPStatus.FORBIDDEN, "forbidden"),
    (SignInError, HTTPStatus.UNAUTHORIZED, "sign_in"),
    (UploadTooLargeError, TOO_LARGE, "too_large"),
    (OffsetError, HTTPStatus.CONFLICT, "offset"),
    (UploadBusyError, HTTPStatus.CONFLICT, "busy"),
    (DuplicateError, HTTPStatus.CONFLICT, "duplicate"),
    (ChecksumError, HTTPStatus.UNPROCESSABLE_ENTITY, "checksum"),
    (UploadError, HTTPStatus.CONFLICT, "upload"),
    (OutputExistsError, HTTPStatus.CONFLICT, "exists"),
    (UsageError, HTTPStatus.UNPROCESSABLE_ENTITY, "wrong_input"),
    (VideoError, HTTPStatus.UNPROCESSABLE_ENTITY, "video"),
    (UnavailableError, HTTPStatus.SERVICE_UNAVAILABLE, "unavailable"),
    (RecordError, HTTPStatus.CONFLICT, "record"),
    (StorageError, HTTPStatus.INSUFFICIENT_STORAGE, "storage"),
)
"""Status and code of each kind of error; the first that fits."""

HEADLINES = {
    HTTPStatus.NOT_FOUND: mark("This page is not here"),
    HTTPStatus.FORBIDDEN: mark("This is not open to your account"),
    HTTPStatus.UNAUTHORIZED: mark("Please sign in"),
    HTTPStatus.METHOD_NOT_ALLOWED: mark("This page is not here"),
    HTTPStatus.UNPROCESSABLE_ENTITY: mark("Something in the form needs another look"),
    TOO_LARGE: mark("That is too large"),
    HTTPStatus.CONFLICT: mark("This could not be kept"),
    HTTPStatus.INSUFFICIENT_STORAGE: mark("There is no room"),
    HTTPStatus.SERVICE_UNAVAILABLE: mark("The record does not answer just now"),
}
HTTP_WORDS = {
    HTTPStatus.NOT_FOUND: ("There is nothing at this address", "begin from the first page"),
    HTTPStatus.METHOD_NOT_ALLOWED: ("This address takes no such request", "go back and try again"),
    TOO_LARGE: ("The request is too large", "send less at once"),
}
"""What the framework's own errors mean, and what to do."""
UNEXPECTED = mark("Something went wrong here")


class ErrorParts(BaseModel):
    """What is wrong, what was expected, what was found, and what to do."""

    code: str
    what: str
    expected: str = ""
    found: str = ""
    do: str = ""


class ErrorShape(BaseModel):
    """Every error that the interface answers with."""

    error: ErrorParts


@dataclass(frozen=True)
class ErrorView:
    """An error for people.

    Parameters
    ----------
    headline : str
        In a few calm words.
    what, expected, found, do : str
        The four parts of the error; empty parts are left out.
    may_be_lost : bool
        Whether what the person was doing may not have been kept.
    """

    headline: str
    what: str
    expected: str = ""
    found: str = ""
    do: str = ""
    may_be_lost: bool = False


def error_response(status: int, code: str, error: FacewireError) -> JSONResponse:
    """Return an error in the one shape.

    Parameters
    ----------
    status : int
        HTTP status.
    code : str
        Short name for programs.
    error : FacewireError
        Its four parts.
    """
    parts = ErrorParts(
        code=code, what=error.what, expected=error.expected, found=error.found, do=error.do
    )
    answer = JSONResponse({"error": parts.model_dump()}, int(status))
    if status == HTTPStatus.UNAUTHORIZED:
        answer.headers["www-authenticate"] = "Bearer"
    return answer


def status_of(error: FacewireError) -> tuple[HTTPStatus, str]:
    """Return the HTTP status and the short name of an error."""
    for kind, status, code in STATUS:
        if isinstance(error, kind):
            return status, code
    return HTTPStatus.INTERNAL_SERVER_ERROR, "failed"


def install_errors(app: FastAPI) -> None:
    """Answer every error of the app in its shape."""
    # Starlette hands WebSockets to the same handlers; its types know requests only.
    app.add_exception_handler(FacewireError, cast("Any", _on_facewire))
    app.add_exception_handler(RequestValidationError, _on_wrong_input)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(Exception, _on_unexpected)


async def _on_facewire(connection: HTTPConnection, error: Exception) -> Response | None:
    if not isinstance(error, FacewireError):
        raise error
    status, code = status_of(error)
    if isinstance(connection, WebSocket):
        await connection.close(1008)
        return None
    request = Request(connection.scope)
    if isinstance(error, SignInError) and not _is_api(request):
        return _to_sign_in(request)
    if isinstance(error, OwnPasswordError) and not _is_api(request):
        return RedirectResponse("/account", HTTPStatus.SEE_OTHER)
    return _answer(request, status, code, error)


def _to_sign_in(request: Request) -> Response:
    """Lead to the sign-in page, and from there back to what was asked for."""
    if request.app.state.facewire.is_empty():
        return RedirectResponse("/setup", HTTPStatus.SEE_OTHER)
    there = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    plain = request.method != "GET" or there == "/"
    return RedirectResponse(
        "/login" if plain else f"/login?next={quote(there, safe='/')}", HTTPStatus.SEE_OTHER
    )


async def _on_wrong_input(request: Request, error: Exception) -> Response:
    faults = error.errors() if isinstance(error, RequestValidationError) else []
    found = "; ".join(_fault_words(fault) for fault in faults[:5])
    wrong = UsageError("The request does not fit", found=found, do="correct it and send it again")
    return _answer(request, HTTPStatus.UNPROCESSABLE_ENTITY, "wrong_input", wrong)


def _fault_words(fault: dict[str, Any]) -> str:
    """Name the field and the rule; never the value: it may be a name or a password."""
    place = ".".join(str(part) for part in fault.get("loc", ()))
    return f"{place}: {fault.get('msg', '')}"


async def _on_http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    status = HTTPStatus(error.status_code)
    what, do = HTTP_WORDS.get(status, (status.phrase, ""))
    found = FacewireError(what, found=f"{request.method} {request.url.path}", do=do)
    answer = _answer(request, status, status.name.lower(), found)
    for name, value in (error.headers or {}).items():
        answer.headers[name] = value
    return answer


async def _on_unexpected(request: Request, error: Exception) -> Response:
    del error
    fault = FacewireError("Something went wrong here", do="try again; tell who runs facewire")
    answer = _answer(request, HTTPStatus.INTERNAL_SERVER_ERROR, "unexpected", fault)
    # This answer is made outside the guard, which gives every other one its headers.
    answer.headers.update(HEADERS)
    return answer


def _is_api(request: Request) -> bool:
    return request.url.path.startswith(API)


def _answer(request: Request, status: HTTPStatus, code: str, error: FacewireError) -> Response:
    if _is_api(request):
        return error_response(status, code, error)
    return error_page(request, status, error)


def error_page(request: Request, status: HTTPStatus, error: FacewireError) -> Response:
    """Return an error as a page: what happened, and what to do now."""
    view = ErrorView(
        headline=HEADLINES.get(status, UNEXPECTED),
        what=error.what,
        expected=error.expected,
        found=error.found,
        do=error.do,
        may_be_lost=status >= HTTPStatus.INTERNAL_SERVER_ERROR,
    )
    return page(request, "error.html", view, status=status)
