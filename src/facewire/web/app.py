"""The app put together: layers, routes, errors, shipped files, the interface's description."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from facewire.clinic.learner import Learner
from facewire.clinic.live.service import LiveSessions
from facewire.clinic.runner import JobRunner
from facewire.clinic.trail_watch import TrailWatch
from facewire.clinic.uploads import open_uploads
from facewire.record.backup import backup_before_migration
from facewire.record.folder import DataFolder, open_data
from facewire.record.store import Record
from facewire.version import facewire_version
from facewire.web.deps import Services
from facewire.web.errors import install_errors
from facewire.web.pages import STATIC
from facewire.web.routes import ROUTERS
from facewire.web.security import Guard
from facewire.web.settings import SetupCode, WebSettings

FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"


class ShippedFiles(StaticFiles):
    """Files under ``/static``: an address with the file's fingerprint may be kept for ever."""

    def __init__(self) -> None:
        super().__init__(directory=STATIC, packages=[("facewire.report", "static")])

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file with how long it may be kept."""
        answer = await super().get_response(path, scope)
        named = b"v=" in scope.get("query_string", b"")
        answer.headers["cache-control"] = FOR_EVER if named else ASK_AGAIN
        return answer


OPENAPI = "/api/v1/openapi.json"
API = "/api/v1/"
THREADS = 240
"""Requests that may wait for the record at once. Its writers take turns: were every thread taken by
one that waits, the one whose turn it is could not go on."""

NO_TELEMETRY = TelemetryConfig(
    tracing=False, metrics=False, logs=False, operation_spans=False, auto_configure=False
)
"""The framework can hand requests to exporters that environment variables name: never here."""


def open_services(settings: WebSettings, folder: DataFolder | None = None) -> Services:
    """Open the record and the media of a data folder; a copy is made before a migration."""
    folder = folder or open_data(settings.data, settings.passphrase)
    record = Record.open(folder.engine(), backup=backup_before_migration(folder))
    return services_for(settings, record, folder.media(), folder)


def services_for(
    settings: WebSettings, record: Record, media: Any, folder: DataFolder | None = None
) -> Services:
    """Return the services over a record and media that are open already.

    Uploads and jobs need the data folder; without it there are none.

    Parameters
    ----------
    settings : WebSettings
        What ``facewire serve`` was told.
    record, media
        Opened already.
    folder : DataFolder, optional
        Keys, working room and parts of uploads.
    """
    uploads = jobs = live = trail = None
    learner = Learner(record)
    if folder is not None:
        uploads = open_uploads(record, media, folder)
        jobs = JobRunner(record, folder, uploads, learner=learner)
        live = LiveSessions(record, media, folder, jobs)
        trail = TrailWatch(folder, record)
    return Services(
        settings=settings,
        record=record,
        media=media,
        folder=folder,
        uploads=uploads,
        jobs=jobs,
        learner=learner,
        live=live,
        trail=trail,
        clock=lambda: datetime.now(UTC),
        setup=SetupCode(settings.setup_code),
    )


def create_app(settings: WebSettings, services: Services | None = None) -> FastAPI:
    """Return the app.

    Parameters
    ----------
    settings : WebSettings
        What ``facewire serve`` was told.
    services : Services, optional
        Record and media that are open already; else those of the data folder are opened.
    """
    app = FastAPI(
        title="facewire",
        version=facewire_version(),
        telemetry=NO_TELEMETRY,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=_running,
        redirect_slashes=False,
    )
    app.state.facewire = services or open_services(settings)
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", ShippedFiles(), name="static")
    install_errors(app)
    app.add_middleware(Guard, settings=settings)
    return app


@asynccontextmanager
async def _running(app: FastAPI) -> AsyncIterator[None]:
    """Start and stop what runs beside the requests."""
    current_default_thread_limiter().total_tokens = THREADS
    services: Services = app.state.facewire
    for part in (services.jobs, services.live, services.trail):
        if part is not None:
            part.start()
    yield
    if services.live is not None:
        await services.live.stop()
    if services.jobs is not None:
        services.jobs.stop()
    if services.learner is not None:
        services.learner.stop()
    if services.trail is not None:
        await asyncio.to_thread(services.trail.stop)
