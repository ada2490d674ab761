"""Changes of the record's tables from version to version, run when a record is opened.

The whole way from the old revision to the newest is one transaction on both databases: a process
that is killed on the way leaves the record as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from facewire.errors import RecordError

_LOCK = 0x66_61_63_66


def bring_up_to_date(
    engine: Engine,
    backup: Callable[[Engine, str], None] | None = None,
    more: Path | None = None,
    to: str | None = None,
) -> None:
    """Create or migrate the tables of a record.

    Parameters
    ----------
    engine : Engine
        Whose transactions on SQLite begin as ``IMMEDIATE``.
    backup : callable, optional
        Called with the engine and the old revision before an existing record is migrated.
    more : Path, optional
        A folder with further migrations; for tests.
    to : str, optional
        The revision to stop at, else the newest: a backup is restored into the tables it had.

    Raises
    ------
    RecordError
        The record was made by a newer version.
    """
    config = _config(more)
    scripts = ScriptDirectory.from_config(config)
    newest = to or scripts.get_current_head()
    with engine.connect() as connection:
        found = revision_of(connection)
    _check_known(scripts, found)
    if found == newest:
        return
    if found is not None and backup is not None:
        backup(engine, found)
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, newest or "head")


def revision_of(connection: Connection) -> str | None:
    """Return the revision of a database; None when it holds no record yet."""
    return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str:
    """Return the revision that this version of facewire makes."""
    return str(ScriptDirectory.from_config(_config(None)).get_current_head())


def _config(more: Path | None) -> Config:
    here = Path(__file__).parent
    config = Config()
    config.set_main_option("script_location", str(here).replace("%", "%%"))
    if more is not None:
        folders = f"{here / 'versions'}\n{more}".replace("%", "%%")
        config.set_main_option("version_locations", folders)
        config.set_main_option("path_separator", "newline")
    return config


def _check_known(scripts: ScriptDirectory, found: str | None) -> None:
    known = {script.revision for script in scripts.walk_revisions()}
    if found is not None and found not in known:
        raise RecordError(
            "The record was made by a newer version of facewire",
            expected=f"a record of revision {', '.join(sorted(known))}",
            found=found,
            do="open it with the newer version, or restore an older backup",
        )
