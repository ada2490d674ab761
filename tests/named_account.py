"""An account by its name, for tests."""

from __future__ import annotations

from facewire.record.people import list_accounts
from facewire.record.store import Session
from facewire.record.tables import Account


def account_named(session: Session, name: str) -> Account:
    """Return the account that somebody signs in to with this name."""
    return next(one for one in list_accounts(session) if one.name == name)
