"""The app on its port: one process, one data folder, until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, ClassVar

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from facewire.errors import UsageError
from facewire.web.settings import WebSettings

STOP_WITHIN_S = 10
"""How long open requests may take after the app was told to stop."""

LARGEST_MESSAGE_BYTES = 4 * 1024 * 1024
"""A picture of a live session: 1280x720 at the highest JPEG quality is smaller."""

WAITING_CONNECTIONS = 256

HEAD_S = 10.0
"""How long the head of a request may take to come."""
MOST_WAITING = 256
"""Connections whose request has not come yet."""


@dataclass(frozen=True)
class Certificate:
    """Files of the TLS certificate and its key, PEM.

    Raises
    ------
    UsageError
        They cannot be read or do not belong together.
    """

    certificate: Path
    key: Path

    def __post_init__(self) -> None:
        """Try them, so that a mistake is found before anything is opened."""
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(self.certificate, self.key)
        except (OSError, ValueError) as error:
            raise UsageError(
                "The certificate cannot be used",
                expected="a PEM certificate and the PEM key that belongs to it",
                found=getattr(error, "strerror", None) or "unreadable files",
                do="check the files of --cert and --key",
            ) from error


class BoundedConnection(H11Protocol):
    """A connection that has to say what it wants.

    Whoever opens sockets and says nothing, or a byte now and then, would take the places of people.
    A request's head has `HEAD_S` to come; and of those that wait for theirs the oldest goes when
    there are more than `MOST_WAITING`. What a request carries may take as long as it takes.
    """

    waiting: ClassVar[dict[BoundedConnection, asyncio.TimerHandle]] = {}

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection; its head is waited for from now on."""
        super().connection_made(transport)
        self._wait()
        if len(self.waiting) > MOST_WAITING:
            next(iter(self.waiting))._give_up()

    def data_received(self, data: bytes) -> None:
        """Take bytes; a head that came whole is no longer waited for."""
        super().data_received(data)
        active = self.cycle is not None and not self.cycle.response_complete
        if active or self.transport.get_protocol() is not self:
            self._done()
        elif self not in self.waiting:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._done()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self.waiting[self] = self.loop.call_later(HEAD_S, self._give_up)

    def _give_up(self) -> None:
        self._done()
        self.transport.abort()

    def _done(self) -> None:
        timer = self.waiting.pop(self, None)
        if timer is not None:
            timer.cancel()


class PlainAccessLog(logging.Filter):
    """Keeps method, path and status in the access log; no address, no query string.

    Names of people are never part of a path; what was searched for is in the query.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Shorten the record; never drop it."""
        if isinstance(record.args, tuple) and len(record.args) == 5:
            _, method, path, version, status = record.args
            record.args = ("-", method, str(path).partition("?")[0], version, status)
        return True


class _Server(uvicorn.Server):
    """Says when it answers; ends quietly: the signal is not raised again after a clean stop."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True


@contextmanager
def listening(settings: WebSettings) -> Iterator[socket.socket]:
    """Take the port before anything is opened; port 0 takes a free one.

    Raises
    ------
    UsageError
        The port is taken, or the address is not one of this computer.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        bound = socket.create_server(
            (settings.host.strip("[]"), settings.port), family=family, backlog=WAITING_CONNECTIONS
        )
    except OSError as error:
        raise UsageError(
            f"The app cannot listen on {settings.host}, port {settings.port}",
            expected="a free port of this computer",
            found=error.strerror or str(error),
            do="take another --port, or stop what uses it",
        ) from error
    with bound:
        yield bound


def address_of(bound: socket.socket, settings: WebSettings) -> str:
    """Return the address to open in a browser, or behind a proxy the one that it passes on to."""
    host = f"[{settings.host.strip('[]')}]" if ":" in settings.host else settings.host
    scheme = "http" if settings.behind_proxy else settings.scheme
    return f"{scheme}://{host}:{bound.getsockname()[1]}/"


def run_app(
    app: FastAPI,
    bound: socket.socket,
    certificate: Certificate | None = None,
    *,
    ready: Callable[[], None],
) -> None:
    """Answer requests until SIGTERM or Ctrl-C, then end open ones and return.

    Parameters
    ----------
    app : FastAPI
    bound : socket
        Of `listening`.
    certificate : Certificate, optional
        For HTTPS.
    ready : callable
        Called once the app answers.
    """
    _allow_files()
    _Server(server_config(app, certificate), ready).run(sockets=[bound])


def server_config(app: FastAPI, certificate: Certificate | None = None) -> uvicorn.Config:
    """Return how the app is served; see `run_app`."""
    return uvicorn.Config(
        app,
        http=BoundedConnection,
        log_config=_logging(),
        server_header=False,
        proxy_headers=False,
        ws_max_size=LARGEST_MESSAGE_BYTES,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=STOP_WITHIN_S,
        ssl_certfile=None if certificate is None else certificate.certificate,
        ssl_keyfile=None if certificate is None else certificate.key,
    )


def _allow_files() -> None:
    """Take the number of open files that the system allows: each connection is one."""
    if os.name == "posix":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _logging() -> dict[str, Any]:
    handler = {"class": "logging.StreamHandler", "formatter": "line", "filters": ["plain"]}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"plain": {"()": PlainAccessLog}},
        "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(message)s"}},
        "handlers": {"stderr": handler},
        "loggers": {
            "uvicorn": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
            "uvicorn.access": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        },
    }
