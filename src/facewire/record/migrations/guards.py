"""Triggers by which the database itself refuses to lose or change what is kept.

A migration that builds a table anew loses its triggers on SQLite and must set them again.
"""

from __future__ import annotations

from collections.abc import Sequence

from alembic import op

STAMP = ("id", "created_at", "created_by", "software")
"""What every kept row holds and nothing changes."""

_DELETE = "a kept row is not deleted"
_CHANGE = "a kept row is not changed"
_VOID = "a void row is not changed"
_AUDIT = "the audit trail is not changed"
_CHAIN = "an audit row follows the last one"
_AGAIN = "a row is not replaced"


def guard_audit() -> None:
    """Let rows of the audit trail be added at its end only; never changed, never deleted."""
    if _on_postgresql():
        _run(_FOLLOW)
        _run(
            "CREATE TRIGGER audit_insert BEFORE INSERT ON audit"
            " FOR EACH ROW EXECUTE FUNCTION audit_insert()"
        )
        _postgresql("audit", "change", "UPDATE OR DELETE", "true", _AUDIT)
        _refuse_truncate("audit", _AUDIT)
        return
    last = "(SELECT {} FROM audit ORDER BY number DESC LIMIT 1)"
    number, sha256 = last.format("number"), last.format("sha256")
    first = "0" * 64
    _sqlite("audit_update", "BEFORE UPDATE ON audit", "1", _AUDIT)
    _sqlite("audit_delete", "BEFORE DELETE ON audit", "1", _AUDIT)
    _sqlite(
        "audit_insert",
        "BEFORE INSERT ON audit",
        f"NEW.number <> coalesce({number}, 0) + 1"
        f" OR NEW.previous_sha256 <> coalesce({sha256}, '{first}')",
        _CHAIN,
    )


def guard_kept(
    table: str,
    columns: Sequence[str],
    *,
    corrected: bool = False,
    owned: bool = True,
    owners: Sequence[str] = ("patient_id",),
) -> None:
    """Refuse deletion, change of what was written, and any change of a void row.

    Parameters
    ----------
    table : str
        With the column ``patient_id``, or ``patients`` itself, when its rows are a patient's.
    columns : sequence of str
        The table's own columns that stay as they were written.
    corrected : bool
        Whether these may change together with ``supersedes``: in rows that others point at.
    owned : bool
        Whether each row is a patient's: it may be deleted while its patient is named in
        ``erasing``. A row of nobody is never deleted.
    owners : sequence of str
        Columns that name whose a row is; one who is erased is enough.
    """
    stamp = STAMP if corrected else (*STAMP, "supersedes", *columns)
    names = ("id",) if table == "patients" else owners
    patients = ", ".join(f"OLD.{name}" for name in names)
    erasing = f"NOT EXISTS (SELECT 1 FROM erasing WHERE patient_id IN ({patients}))"  # noqa: S608
    erasing = erasing if owned else "1 = 1"
    guard = _guard_on_postgresql if _on_postgresql() else _guard_on_sqlite
    guard(table, erasing, _listed(stamp), _listed(columns) if corrected else "")


def guard_corrected_again(table: str, columns: Sequence[str]) -> None:
    """Let one more column of a corrected table change with ``supersedes`` only."""
    _run(f"DROP TRIGGER {table}_correct" + (f" ON {table}" if _on_postgresql() else ""))
    _guard_correction(table, _listed(columns))


def _guard_correction(table: str, columns: str) -> None:
    if _on_postgresql():
        unsaid = "NEW.supersedes IS NOT DISTINCT FROM OLD.supersedes"
        _postgresql(table, "correct", f"UPDATE OF {columns}", unsaid, _CHANGE)
        return
    when = f"BEFORE UPDATE OF {columns} ON {table}"
    _sqlite(f"{table}_correct", when, "NEW.supersedes IS OLD.supersedes", _CHANGE)


def make_functions() -> None:
    """Make the functions that the triggers of PostgreSQL call; nothing on SQLite."""
    if _on_postgresql():
        _run(_REFUSE)


def _guard_on_sqlite(table: str, erasing: str, stamp: str, corrected: str) -> None:
    _sqlite(f"{table}_delete", f"BEFORE DELETE ON {table}", erasing, _DELETE)
    _sqlite(f"{table}_change", f"BEFORE UPDATE OF {stamp} ON {table}", "1", _CHANGE)
    if corrected:
        _guard_correction(table, corrected)
    _sqlite(f"{table}_void", f"BEFORE UPDATE ON {table}", "OLD.voided_at IS NOT NULL", _VOID)
    # INSERT OR REPLACE deletes without calling the trigger on deletion.
    taken = f"EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"  # noqa: S608
    _sqlite(f"{table}_again", f"BEFORE INSERT ON {table}", taken, _AGAIN)


def _guard_on_postgresql(table: str, erasing: str, stamp: str, corrected: str) -> None:
    body = f"BEGIN IF {erasing} THEN RAISE EXCEPTION 'facewire: {_DELETE}'; END IF; RETURN OLD;"
    _run(_FUNCTION.format(f"{table}_delete", body))
    _run(
        f"CREATE TRIGGER {table}_delete BEFORE DELETE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION {table}_delete()"
    )
    _postgresql(table, "change", f"UPDATE OF {stamp}", "true", _CHANGE)
    if corrected:
        _guard_correction(table, corrected)
    _postgresql(table, "void", "UPDATE", "OLD.voided_at IS NOT NULL", _VOID)
    _refuse_truncate(table, _DELETE)


def _refuse_truncate(table: str, message: str) -> None:
    _run(
        f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION facewire_refuse('{message}')"
    )


def _postgresql(table: str, name: str, when: str, condition: str, message: str) -> None:
    _run(
        f"CREATE TRIGGER {table}_{name} BEFORE {when} ON {table} FOR EACH ROW"
        f" WHEN ({condition}) EXECUTE FUNCTION facewire_refuse('{message}')"
    )


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _sqlite(name: str, when: str, condition: str, message: str) -> None:
    _run(
        f"CREATE TRIGGER {name} {when} FOR EACH ROW WHEN {condition}"
        f" BEGIN SELECT RAISE(ABORT, 'facewire: {message}'); END"
    )


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _run(statement: str) -> None:
    op.get_bind().exec_driver_sql(statement)


_FUNCTION = "CREATE FUNCTION {}() RETURNS trigger LANGUAGE plpgsql AS $$ {} END $$"

_REFUSE = _FUNCTION.format(
    "facewire_refuse", "BEGIN RAISE EXCEPTION USING MESSAGE = 'facewire: ' || TG_ARGV[0];"
)

_FOLLOW = _FUNCTION.format(
    "audit_insert",
    """
DECLARE last RECORD;
BEGIN
  SELECT number, sha256 INTO last FROM audit ORDER BY number DESC LIMIT 1;
  IF NEW.number <> coalesce(last.number, 0) + 1
     OR NEW.previous_sha256 <> coalesce(last.sha256, repeat('0', 64)) THEN
    RAISE EXCEPTION 'facewire: an audit row follows the last one';
  END IF;
  RETURN NEW;""",
)
