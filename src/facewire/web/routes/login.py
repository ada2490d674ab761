"""Signing in and out, and the look of the pages, which needs no account."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Query
from starlette.requests import Request
from starlette.responses import Response

from facewire.errors import SignInError
from facewire.record import second_step
from facewire.record.people import check_password
from facewire.record.sessions import close_session, open_session
from facewire.web.cookies import THEMES, Look, forget_token, keep_look, keep_token, token_of
from facewire.web.deps import HasServices, Services, Signed
from facewire.web.forms import FormState, fault_words, own_path, see_other
from facewire.web.pages import page
from facewire.words import translate

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class LoginView:
    """The sign-in page.

    Parameters
    ----------
    back : str
        Where to go afterwards.
    left : bool
        Whether somebody just signed out here.
    form : FormState
        As it was sent.
    """

    back: str = "/"
    left: bool = False
    form: FormState = field(default_factory=FormState)


@router.get("/login")
def login_page(
    request: Request,
    services: HasServices,
    back: Annotated[str, Query(alias="next")] = "/",
    left: str = "",
) -> Response:
    """Ask for name and password; at the first start, lead to the set-up."""
    if services.is_empty():
        return see_other("/setup")
    return page(request, "login.html", LoginView(own_path(back), bool(left)))


@router.post("/login")
def login(
    request: Request,
    services: HasServices,
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    back: Annotated[str, Form()] = "/",
) -> Response:
    """Open a session; a wrong name and a wrong password get the same answer."""
    opened = sign_in(services, name, password, token_of(request, services.settings))
    if opened is None:
        words = translate(
            "Name and password do not fit together. After several attempts it takes a while until "
            "the next one counts: wait a few minutes, or ask who looks after the accounts here."
        )
        form = FormState({"name": name}, {"": words})
        return page(request, "login.html", LoginView(own_path(back), form=form), status=401)
    answer = see_other(_code_page(own_path(back)) if opened.waits else own_path(back))
    keep_token(answer, services.settings, opened.token)
    return answer


@router.get("/login/code")
def code_page(request: Request, back: Annotated[str, Query(alias="next")] = "/") -> Response:
    """Ask for the code of the second step."""
    return page(request, "code.html", LoginView(own_path(back)))


@router.post("/login/code")
def send_code(
    request: Request,
    services: HasServices,
    code: Annotated[str, Form()] = "",
    back: Annotated[str, Form()] = "/",
) -> Response:
    """Open the session that a right password began."""
    waiting = token_of(request, services.settings) or ""
    try:
        with services.record.writing() as session:
            token = second_step.finish(session, waiting, code, services.clock())
    except SignInError as error:
        view = LoginView(own_path(back), form=FormState(problems={"code": fault_words(error)}))
        return page(request, "code.html", view, status=401)
    answer = see_other(own_path(back))
    keep_token(answer, services.settings, token)
    return answer


def _code_page(back: str) -> str:
    return "/login/code" if back == "/" else f"/login/code?next={quote(back, safe='/')}"


@dataclass(frozen=True)
class Opened:
    """A session after a right password: its token, and whether a code is asked for first."""

    token: str
    waits: bool


def sign_in(services: Services, name: str, password: str, old: str | None) -> Opened | None:
    """Open a new session and close the browser's old one; None when it is refused.

    Parameters
    ----------
    services : Services
        The record and the clock.
    name, password : str
        As typed.
    old : str or None
        Token that the browser came with: a session never goes on under another person.
    """
    with services.record.writing() as session:
        try:
            account = check_password(session, name, password, services.clock())
        except SignInError:
            return None
        if old is not None:
            close_session(session, old, services.clock())
        now = services.clock()
        waits = account.code_since is not None
        until = now + second_step.CODE_WITHIN if waits else None
        return Opened(open_session(session, account, now, waits_until=until), waits)


@router.post("/logout")
def logout(request: Request, services: HasServices, person: Signed) -> Response:
    """End the session."""
    token = token_of(request, services.settings)
    with services.record.writing(by=person.actor) as session:
        close_session(session, token or "", services.clock())
    answer = see_other("/login?left=1")
    forget_token(answer, services.settings)
    return answer


@router.post("/look")
def choose_look(
    services: HasServices,
    theme: Annotated[str, Form()] = "system",
    calm: Annotated[str, Form()] = "",
    back: Annotated[str, Form()] = "/",
) -> Response:
    """Keep how the pages shall look in this browser."""
    answer = see_other(own_path(back))
    look = Look(theme if theme in THEMES else "system", calm == "yes")
    keep_look(answer, look, secure=services.settings.tls)
    return answer
