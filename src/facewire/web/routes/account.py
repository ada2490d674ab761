"""A person's own account: password, open sessions, look."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from facewire.errors import RecordError, SignInError
from facewire.record import people, sessions
from facewire.web.cookies import forget_token, keep_token
from facewire.web.deps import HasServices, Person, Reading, Services, Signed
from facewire.web.forms import FormState, fault_words, see_other
from facewire.web.pages import page
from facewire.words import translate

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class AccountView:
    """The page of one's own account.

    Parameters
    ----------
    name : str
        To sign in with.
    since : tuple of datetime
        When each open session began.
    changed : bool
        Whether the password was just changed.
    handed_out : bool
        Whether somebody else made the password, so that nothing else opens yet.
    form : FormState
        The password form as it was sent.
    """

    name: str
    since: tuple[datetime, ...]
    changed: bool = False
    handed_out: bool = False
    form: FormState = field(default_factory=FormState)


class PasswordForm(BaseModel):
    """The old password and the new one twice."""

    old: str = ""
    password: str = ""
    again: str = ""


@router.get("/account")
def account_page(
    request: Request, person: Signed, session: Reading, services: HasServices, changed: str = ""
) -> Response:
    """Show one's own account."""
    since = tuple(sessions.opened_at(session, person.account_id, services.clock()))
    view = AccountView(person.name, since, bool(changed), person.handed_out)
    return page(request, "account.html", view)


@router.post("/account/password")
def change_password(
    request: Request,
    person: Signed,
    services: HasServices,
    form: Annotated[PasswordForm, Form()],
) -> Response:
    """Change one's own password; every other session of this account ends."""
    try:
        token = _change(services, person, form)
    except (RecordError, SignInError) as error:
        return _refused(request, services, person, error)
    answer = see_other("/account?changed=1")
    keep_token(answer, services.settings, token)
    return answer


@router.post("/account/sessions/end")
def end_sessions(person: Signed, services: HasServices) -> Response:
    """Sign out everywhere."""
    with services.record.writing(by=person.actor) as session:
        sessions.close_all(session, person.account_id, services.clock())
    answer = see_other("/login?left=1")
    forget_token(answer, services.settings)
    return answer


def _change(services: Services, person: Person, form: PasswordForm) -> str:
    if form.password != form.again:
        raise RecordError(translate("The two passwords are not the same"))
    return choose_password(services, person, form.old, form.password)


def choose_password(services: Services, person: Person, old: str, new: str) -> str:
    """Change a person's own password; every other session of the account ends.

    Returns
    -------
    str
        Token of a new session.

    Raises
    ------
    SignInError
        The old password is wrong.
    RecordError
        The new one cannot be used, or is the old one.
    """
    people.check_new_password(new, person.name)
    if old == new:
        raise RecordError(translate("This is the present password"), do="choose another")
    with services.record.writing(by=person.actor) as session:
        account = people.check_password(session, person.name, old, services.clock())
        people.set_password(session, account, new)
        return sessions.open_session(session, account, services.clock())


def _refused(request: Request, services: Services, person: Person, error: RecordError) -> Response:
    wrong_old = isinstance(error, SignInError)
    words = translate("This is not your present password") if wrong_old else fault_words(error)
    form = FormState(problems={"old" if wrong_old else "password": words})
    with services.record.reading() as session:
        since = tuple(sessions.opened_at(session, person.account_id, services.clock()))
    view = AccountView(person.name, since, handed_out=person.handed_out, form=form)
    return page(request, "account.html", view, status=422)
