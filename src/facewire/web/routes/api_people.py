"""Signing in for programs: a token instead of a cookie."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field
from starlette.requests import Request

from facewire.errors import SignInError
from facewire.record import second_step
from facewire.record.sessions import close_session
from facewire.web.api_models import Sent
from facewire.web.cookies import token_of
from facewire.web.deps import HasServices, Person, Signed, person_of_token
from facewire.web.routes.account import choose_password
from facewire.web.routes.login import sign_in
from facewire.web.routes.openapi import ERRORS

router = APIRouter(prefix="/api/v1", tags=["people"], responses=ERRORS)


class SignInSent(Sent):
    """Name and password, and the code of the phone where the account asks for one."""

    name: Annotated[str, Field(max_length=200)]
    password: Annotated[str, Field(max_length=2000)]
    code: Annotated[str, Field(max_length=200)] = ""


class PasswordSent(Sent):
    """The present password and the one to come."""

    old: Annotated[str, Field(max_length=2000)]
    password: Annotated[str, Field(max_length=2000)]


class PersonShow(BaseModel):
    """Who is signed in."""

    account_id: str
    name: str
    shown_name: str
    role: str
    profession: str | None
    patient_id: str | None

    @classmethod
    def of(cls, person: Person) -> PersonShow:
        """Return a person as shown."""
        return cls(
            account_id=person.account_id,
            name=person.name,
            shown_name=person.shown_name,
            role=person.role,
            profession=person.profession,
            patient_id=person.patient_id,
        )


class SignedInShow(BaseModel):
    """The token of a new session, for ``Authorization: Bearer``, and who it is for."""

    token: str
    person: PersonShow


@router.post("/sign-in", status_code=HTTPStatus.CREATED)
def open_session(services: HasServices, sent: SignInSent) -> SignedInShow:
    """Open a session. A wrong name, a wrong password and a locked account answer alike."""
    opened = sign_in(services, sent.name, sent.password, None)
    token = None if opened is None else opened.token
    if opened is not None and opened.waits:
        if not sent.code:
            raise SignInError("This account asks for a code too", do="send it as `code`")
        with services.record.writing() as session:
            token = second_step.finish(session, opened.token, sent.code, services.clock())
    person = person_of_token(services, token)
    if token is None or person is None:
        raise SignInError(
            "Name and password do not fit, or there were too many attempts",
            do="check both; after several attempts wait some minutes before the next",
        )
    return SignedInShow(token=token, person=PersonShow.of(person))


@router.post("/password")
def change_password(services: HasServices, person: Signed, sent: PasswordSent) -> SignedInShow:
    """Change one's own password; every other session of this account ends."""
    token = choose_password(services, person, sent.old, sent.password)
    own = person_of_token(services, token)
    if own is None:
        raise SignInError("The session has ended", do="sign in again")
    return SignedInShow(token=token, person=PersonShow.of(own))


@router.post("/sign-out", status_code=HTTPStatus.NO_CONTENT)
def end_session(request: Request, services: HasServices, person: Signed) -> Response:
    """End the session."""
    with services.record.writing(by=person.actor) as session:
        close_session(session, token_of(request, services.settings) or "", services.clock())
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.get("/me")
def me(person: Signed) -> PersonShow:
    """Return who is signed in."""
    return PersonShow.of(person)
