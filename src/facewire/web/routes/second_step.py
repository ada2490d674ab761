"""The second step at sign-in, turned on and off under one's own account."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

import segno
from fastapi import APIRouter, Form
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from facewire.errors import FacewireError, RecordError, SignInError
from facewire.record import people, second_step
from facewire.record.store import get
from facewire.record.tables import Account
from facewire.web.deps import HasServices, Person, Reading, Services, Signed
from facewire.web.forms import FormState, fault_words, see_other
from facewire.web.pages import page
from facewire.words import translate

router = APIRouter(prefix="/account/second-step", include_in_schema=False)

PIXELS_A_MODULE = 5


@dataclass(frozen=True)
class SecondStepView:
    """The page of the second step.

    Parameters
    ----------
    is_on : bool
        Whether a code is asked for.
    picture : str
        What the phone reads (QR code, SVG), while it is being turned on; else nothing.
    secret : str
        The same to type, in groups of four.
    spare : tuple of str
        Codes on paper, shown this once.
    spare_left : int
        How many of them are still good.
    form : FormState
        As it was sent.
    """

    is_on: bool
    picture: str = ""
    secret: str = ""
    spare: tuple[str, ...] = ()
    spare_left: int = 0
    form: FormState = field(default_factory=FormState)


@router.get("")
def second_step_page(request: Request, person: Signed, session: Reading) -> Response:
    """Show whether a code is asked for, and how to begin or end that."""
    return _page(request, get(session, Account, person.account_id))


@router.post("/begin")
def begin(person: Signed, services: HasServices) -> Response:
    """Make the secret that the phone shall share."""
    with services.record.writing(by=person.actor) as session:
        account = get(session, Account, person.account_id)
        if account.code_since is None:
            second_step.begin(session, account)
    return see_other("/account/second-step")


@router.post("/on")
def turn_on(
    request: Request, person: Signed, services: HasServices, code: Annotated[str, Form()] = ""
) -> Response:
    """Ask for codes from now on, and show the codes on paper once."""
    try:
        with services.record.writing(by=person.actor) as session:
            account = get(session, Account, person.account_id)
            spare = second_step.turn_on(session, account, code, services.clock())
    except (RecordError, SignInError) as error:
        return _refused(request, services, person, "code", error)
    return page(request, "second_step.html", SecondStepView(is_on=True, spare=spare))


@router.post("/off")
def turn_off(
    request: Request, person: Signed, services: HasServices, password: Annotated[str, Form()] = ""
) -> Response:
    """Ask for the password alone again; whoever found the page open does not know it."""
    try:
        with services.record.writing(by=person.actor) as session:
            account = people.check_password(session, person.name, password, services.clock())
            second_step.turn_off(session, account)
    except SignInError as error:
        return _refused(request, services, person, "password", error)
    return see_other("/account/second-step")


def _refused(
    request: Request, services: Services, person: Person, name: str, error: FacewireError
) -> Response:
    wrong = name == "password"
    words = translate("This is not your present password") if wrong else fault_words(error)
    with services.record.reading() as session:
        account = get(session, Account, person.account_id)
        return _page(request, account, FormState(problems={name: words}), status=422)


def _page(
    request: Request, account: Account, form: FormState | None = None, *, status: int = 200
) -> Response:
    is_on, secret = account.code_since is not None, account.code_secret or ""
    shown = "" if is_on else secret
    view = SecondStepView(
        is_on=is_on,
        picture=_picture(second_step.address_of(account)) if shown else "",
        secret=" ".join(shown[at : at + 4] for at in range(0, len(shown), 4)),
        spare_left=len(account.spare_codes),
        form=form or FormState(),
    )
    return page(request, "second_step.html", view, status=status)


def _picture(address: str) -> Markup:
    drawn = segno.make_qr(address, error="m").svg_inline(
        scale=PIXELS_A_MODULE, border=4, dark="#000", light="#fff", omitsize=False
    )
    return Markup(drawn)  # noqa: S704 - drawn here from the address, which it does not hold as text
