"""Accounts, looked after by an administrator."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Form
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from facewire.errors import FacewireError, RecordError
from facewire.record import people, second_step
from facewire.record.patients import find_by_code
from facewire.record.store import Session, find, get
from facewire.record.tables import PROFESSIONS, Account, Patient
from facewire.web.deps import Administrator, HasServices, Person, Reading
from facewire.web.forms import FormState, fault_words, see_other
from facewire.web.pages import PROFESSION_WORDS, page, role_words
from facewire.web.patient_names import Shown
from facewire.words import mark, translate

router = APIRouter(prefix="/accounts", include_in_schema=False)

KINDS = (
    *((name, PROFESSION_WORDS[name]) for name in PROFESSIONS),
    ("patient", mark("Patient")),
    ("administrator", mark("Administrator only")),
)
"""What an account may be: one choice in place of role and profession."""


@dataclass(frozen=True)
class AccountRow:
    """One account in the list.

    Parameters
    ----------
    id, name, shown_name, role : str
        Its key, the name to sign in with, the name to show, the role in words.
    active, locked, own, has_code : bool
        Whether it is open, waits after wrong passwords, is the reader's own, asks for a code.
    patient_code : str
        Code of the patient whose account it is, or nothing.
    """

    id: str
    name: str
    shown_name: str
    role: str
    active: bool
    locked: bool
    own: bool
    has_code: bool = False
    patient_code: str = ""


@dataclass(frozen=True)
class AccountsView:
    """The list of accounts."""

    rows: tuple[AccountRow, ...]


@dataclass(frozen=True)
class NewAccountView:
    """The form for a new account: kinds to choose from, the form as sent."""

    kinds: tuple[tuple[str, str], ...]
    form: FormState = field(default_factory=FormState)


@dataclass(frozen=True)
class OneAccountView:
    """One account, what can be done with it, and a password that is shown once.

    Parameters
    ----------
    row : AccountRow
        The account.
    kinds : tuple
        What it may be made into.
    form : FormState
        The form as sent.
    password : str
        A new password, shown this once; else nothing.
    is_new : bool
        Whether the account was just made.
    """

    row: AccountRow
    kinds: tuple[tuple[str, str], ...]
    form: FormState = field(default_factory=FormState)
    password: str = ""
    is_new: bool = False


class NewAccountForm(BaseModel):
    """A new account: its password is made here and shown once."""

    name: str = ""
    shown_name: str = ""
    kind: str = ""
    patient_code: str = ""


@router.get("")
def list_accounts(
    request: Request, person: Administrator, session: Reading, services: HasServices
) -> Response:
    """Show all accounts."""
    shown = Shown(services.settings.incognito)
    found = people.list_accounts(session)
    rows = tuple(_row(session, account, person, shown) for account in found)
    return page(request, "accounts/list.html", AccountsView(rows))


@router.get("/new")
def new_account(request: Request, person: Administrator) -> Response:
    """Ask for a new account."""
    del person
    return page(request, "accounts/new.html", NewAccountView(_kinds()))


@router.post("/new")
def create_account(
    request: Request,
    person: Administrator,
    services: HasServices,
    form: Annotated[NewAccountForm, Form()],
) -> Response:
    """Make an account and show its first password, this once."""
    password = people.new_password()
    try:
        with services.record.writing(by=person.actor) as session:
            role, profession = _role(form.kind)
            patient_id = find_by_code(session, form.patient_code).id if role == "patient" else None
            account = people.create_account(
                session,
                people.NewAccount(
                    form.name,
                    form.shown_name,
                    password,
                    role,
                    profession,
                    patient_id,
                    handed_out=True,
                ),
            )
            row = _row(session, account, person, Shown(services.settings.incognito))
    except RecordError as error:
        state = FormState(form.model_dump(), {"": fault_words(error)})
        return page(request, "accounts/new.html", NewAccountView(_kinds(), state), status=422)
    return page(
        request, "accounts/one.html", _one(row, account, password=password, is_new=True), status=201
    )


@router.get("/{account_id}")
def one_account(
    request: Request,
    account_id: str,
    person: Administrator,
    session: Reading,
    services: HasServices,
) -> Response:
    """Show one account."""
    account = get(session, Account, account_id)
    row = _row(session, account, person, Shown(services.settings.incognito))
    return page(request, "accounts/one.html", _one(row, account))


@router.post("/{account_id}/password")
def reset_password(
    request: Request, account_id: str, person: Administrator, services: HasServices
) -> Response:
    """Give an account a new password, shown this once; its sessions end."""
    password = people.new_password()
    with services.record.writing(by=person.actor) as session:
        account = get(session, Account, account_id)
        own = account.id == person.account_id
        account = people.set_password(session, account, password, handed_out=not own)
        row = _row(session, account, person, Shown(services.settings.incognito))
    return page(request, "accounts/one.html", _one(row, account, password=password))


@router.post("/{account_id}/second-step")
def end_second_step(account_id: str, person: Administrator, services: HasServices) -> Response:
    """Turn off the second step of somebody whose phone is lost."""
    with services.record.writing(by=person.actor) as session:
        second_step.turn_off(session, get(session, Account, account_id))
    return see_other(f"/accounts/{account_id}")


@router.post("/{account_id}/active")
def set_active(
    request: Request,
    account_id: str,
    person: Administrator,
    services: HasServices,
    active: Annotated[str, Form()] = "",
) -> Response:
    """Open or close an account; closing ends its sessions."""
    try:
        with services.record.writing(by=person.actor) as session:
            people.set_active(session, get(session, Account, account_id), active == "yes")
    except RecordError as error:
        return _refused(request, account_id, person, services, error)
    return see_other(f"/accounts/{account_id}")


@router.post("/{account_id}/role")
def set_role(
    request: Request,
    account_id: str,
    person: Administrator,
    services: HasServices,
    kind: Annotated[str, Form()] = "",
    administrator: Annotated[str, Form()] = "",
) -> Response:
    """Change what a member of the team may do."""
    role, profession = _role(kind)
    try:
        with services.record.writing(by=person.actor) as session:
            account = get(session, Account, account_id)
            wanted = "administrator" if administrator == "yes" and role != "patient" else role
            people.set_role(session, account, wanted, profession)
    except RecordError as error:
        return _refused(request, account_id, person, services, error)
    return see_other(f"/accounts/{account_id}")


def _refused(
    request: Request,
    account_id: str,
    person: Person,
    services: HasServices,
    error: FacewireError,
) -> Response:
    with services.record.reading() as session:
        account = get(session, Account, account_id)
        row = _row(session, account, person, Shown(services.settings.incognito))
    view = _one(row, account, problems={"": fault_words(error)})
    return page(request, "accounts/one.html", view, status=409)


def _one(
    row: AccountRow,
    account: Account,
    *,
    password: str = "",
    is_new: bool = False,
    problems: dict[str, str] | None = None,
) -> OneAccountView:
    kind = account.profession or account.role
    values = {"kind": kind, "administrator": "yes" if account.role == "administrator" else ""}
    kinds = tuple(choice for choice in _kinds() if choice[0] != "patient")
    return OneAccountView(row, kinds, FormState(values, problems or {}), password, is_new)


def _row(session: Session, account: Account, reader: Person, shown: Shown) -> AccountRow:
    patient = find(session, Patient, account.patient_id)
    return AccountRow(
        id=account.id,
        name=shown.person_name(account.name, account.role),
        shown_name=shown.person_name(account.shown_name, account.role),
        role=role_words(account.role, account.profession),
        active=account.active,
        locked=account.locked_until is not None and account.failed_attempts > 0,
        own=account.id == reader.account_id,
        has_code=account.code_since is not None,
        patient_code=patient.code if patient else "",
    )


def _kinds() -> tuple[tuple[str, str], ...]:
    return tuple((name, translate(words)) for name, words in KINDS)


def _role(kind: str) -> tuple[str, str | None]:
    return (kind, None) if kind not in PROFESSIONS else ("clinician", kind)
