"""Databases for tests: a SQLite file, and a PostgreSQL server from Debian's packages.

The server runs as its own user on a Unix socket in a temporary folder and listens nowhere else.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import create_engine, text

OWN_USER = "postgres"
"""PostgreSQL refuses to run as root."""

_QUICK = ("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off")


def postgresql_programs() -> Path | None:
    """Return the folder of the newest installed PostgreSQL; Debian does not put it on PATH."""
    folders = Path("/usr/lib/postgresql").glob("*/bin")
    found = [folder for folder in folders if (folder / "postgres").is_file()]
    return max(found, key=lambda folder: int(folder.parent.name), default=None)


@dataclass
class PostgresServer:
    """A running server.

    Parameters
    ----------
    socket : Path
        The folder of its socket.
    user : str
    """

    socket: Path
    user: str
    made: int = 0

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://{self.user}@/{name}?host={self.socket}"

    def create(self) -> str:
        """Make an empty database; returns its name."""
        self.made += 1
        name = f"test_{self.made}"
        self._run(f'CREATE DATABASE "{name}"')
        return name

    def empty(self, name: str, tables: Iterable[str]) -> None:
        """Delete every row, past the triggers that refuse it: quicker than a new database."""
        engine = create_engine(self.url(name))
        with engine.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            for table in tables:
                connection.execute(text(f'DELETE FROM "{table}"'))
        engine.dispose()

    def drop(self, name: str) -> None:
        self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


@contextmanager
def running_postgresql(programs: Path) -> Iterator[PostgresServer]:
    """Start a server of its own and stop it at the end."""
    user = OWN_USER if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    switched: dict[str, Any] = {}
    if os.geteuid() == 0:
        switched = {"user": user, "group": user, "extra_groups": []}
    with TemporaryDirectory(prefix="facewire-pg-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        if switched:
            shutil.chown(home, user, user)
        data = str(home / "data")
        make: list[Any] = [
            programs / "initdb",
            "-D",
            data,
            "-U",
            user,
            "-A",
            "trust",
            "-N",
            "-E",
            "UTF8",
        ]
        make += ["--locale=C.UTF-8"]
        subprocess.run(make, cwd=folder, check=True, capture_output=True, **switched)
        listen = ("-c", "listen_addresses=", "-c", f"unix_socket_directories={folder}")
        server = subprocess.Popen(
            [programs / "postgres", "-D", data, *listen, *_QUICK],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **switched,
        )
        try:
            wait = [programs / "pg_isready", "-h", folder, "-U", user, "-d", "postgres", "-q"]
            _wait(wait, server)
            yield PostgresServer(home, user)
        finally:
            server.send_signal(signal.SIGINT)  # ends without waiting for open connections
            server.wait(timeout=30)


def _wait(command: list[Any], server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until and server.poll() is None:
        if subprocess.run(command, check=False).returncode == 0:
            return
        time.sleep(0.05)
    raise RuntimeError("PostgreSQL did not start")
