"""The first start: the one-time code from the terminal makes the first administrator."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Form
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from facewire.errors import ForbiddenError, RecordError
from facewire.record.people import NewAccount, create_account, has_accounts
from facewire.record.sessions import open_session
from facewire.record.tables import PROFESSIONS
from facewire.web.cookies import keep_token
from facewire.web.deps import HasServices, Services
from facewire.web.forms import FormState, fault_words, see_other
from facewire.web.pages import PROFESSION_WORDS, page
from facewire.words import translate

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class SetupView:
    """The page of the first start.

    Parameters
    ----------
    professions : tuple
        Value and words of each profession; the empty one for somebody who treats nobody.
    form : FormState
        As it was sent.
    """

    professions: tuple[tuple[str, str], ...]
    form: FormState = field(default_factory=FormState)


class SetupForm(BaseModel):
    """What the first start asks."""

    code: str = ""
    shown_name: str = ""
    name: str = ""
    password: str = ""
    again: str = ""
    profession: str = ""


@router.get("/setup")
def setup_page(request: Request, services: HasServices) -> Response:
    """Ask for the code and the first account; once there is one, lead to the sign-in page."""
    return page(request, "setup.html", _view()) if services.is_empty() else see_other("/login")


@router.post("/setup")
def setup(request: Request, services: HasServices, form: Annotated[SetupForm, Form()]) -> Response:
    """Make the first administrator and sign in."""
    if not services.is_empty():
        return see_other("/login")
    problems = _problems(services, form)
    token = None if problems else _create(services, form, problems)
    if token is None:
        kept = form.model_dump(exclude={"password", "again"})
        return page(request, "setup.html", _view(FormState(kept, problems)), status=422)
    answer = see_other("/")
    keep_token(answer, services.settings, token)
    return answer


def _view(form: FormState | None = None) -> SetupView:
    professions = tuple((name, translate(PROFESSION_WORDS[name])) for name in PROFESSIONS)
    nobody = ("", translate("I do not treat patients here"))
    return SetupView((nobody, *professions), form or FormState())


def _problems(services: Services, form: SetupForm) -> dict[str, str]:
    problems = {}
    try:
        if not services.setup.check(form.code):
            problems["code"] = translate("This is not the code on the terminal")
    except ForbiddenError as error:
        problems["code"] = fault_words(error)
    if form.password != form.again:
        problems["again"] = translate("The two passwords are not the same")
    return problems


def _create(services: Services, form: SetupForm, problems: dict[str, str]) -> str | None:
    """Store the account; on a fault, add it to the problems."""
    try:
        new = NewAccount(
            name=form.name,
            shown_name=form.shown_name,
            password=form.password,
            role="administrator",
            profession=form.profession or None,
        )
        with services.record.writing() as session:
            if has_accounts(session):
                raise ForbiddenError("There is an account already", do="sign in")
            account = create_account(session, new)
            token = open_session(session, account, services.clock())
    except (RecordError, ForbiddenError) as error:
        problems[""] = fault_words(error)
        return None
    services.setup.use()
    return token
