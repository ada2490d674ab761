"""The rows of a PostgreSQL record as lines of JSON, and back: the raw values, sealed ones sealed.

Tables are read as the database has them, not as this version of facewire would make them, so that
a record can be copied before it is migrated and restored by a newer version.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Connection, Engine, MetaData, Table, insert, select

from facewire.errors import StorageError
from facewire.record.migrations import bring_up_to_date, revision_of

_LEDGER = "alembic_version"
_ROWS_AT_ONCE = 500


def export_rows(engine: Engine) -> Iterator[bytes]:
    """Yield every row of one moment, a line each; the first line is the revision.

    Parameters
    ----------
    engine : Engine
        Of PostgreSQL; others go on writing meanwhile.
    """
    still = engine.execution_options(
        isolation_level="REPEATABLE READ", postgresql_readonly=True, stream_results=True
    )
    with still.begin() as connection:
        yield _line({"revision": revision_of(connection)})
        for table in _tables(connection):
            # The audit trail takes its rows in their order only.
            query = select(table).order_by(*table.primary_key.columns)
            for row in connection.execute(query).yield_per(_ROWS_AT_ONCE):
                yield _line({"table": table.name, "row": _plain(table, row._mapping)})


def import_rows(engine: Engine, lines: Iterable[bytes]) -> int:
    """Put exported rows into an empty PostgreSQL database, all or none; return how many.

    Raises
    ------
    StorageError
        The database holds a record already, or the lines are none of ours.
    """
    source = iter(lines)
    revision = _read(next(source, b"{}")).get("revision")
    with engine.connect() as connection:
        if revision_of(connection) is not None:
            raise StorageError(
                "The database holds a record already",
                expected="an empty database",
                do="make a new database and name it with --url",
            )
    bring_up_to_date(engine, to=revision)
    count = 0
    with engine.begin() as connection:
        tables = {table.name: table for table in _tables(connection)}
        for name, rows in _grouped(source):
            values = [_typed(tables[name], row) for row in rows]
            connection.execute(insert(tables[name]), values)
            count += len(rows)
    return count


def _tables(connection: Connection) -> list[Table]:
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != _LEDGER]


def _line(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, allow_nan=False).encode() + b"\n"


def _read(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError as error:
        raise StorageError("The rows of the backup cannot be read") from error
    return dict(found)


def _plain(table: Table, row: Any) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in zip(table.columns.keys(), row.values(), strict=True)
    }


def _typed(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    return {name: _value(table, name, value) for name, value in row.items()}


def _value(table: Table, name: str, value: Any) -> Any:
    kind = table.columns[name].type
    if value is None or isinstance(kind, JSON):
        return value
    python = kind.python_type
    return python.fromisoformat(value) if python in (date, datetime) else value


def _grouped(lines: Iterator[bytes]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield some rows of one table at a time, in the order in which they were written."""
    name, rows = "", list[dict[str, Any]]()
    for document in map(_read, lines):
        if rows and (document["table"] != name or len(rows) >= _ROWS_AT_ONCE):
            yield name, rows
            rows = []
        name = document["table"]
        rows.append(document["row"])
    if rows:
        yield name, rows
