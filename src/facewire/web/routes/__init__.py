"""The addresses of the app, one file for each part of it."""

from __future__ import annotations

from fastapi import APIRouter

from facewire.web.routes import (
    account,
    accounts,
    api_jobs,
    api_measurements,
    api_patients,
    api_people,
    api_uploads,
    audit_trail,
    compare,
    consents,
    health,
    history,
    home,
    live,
    login,
    measurements,
    openapi,
    patient,
    patients,
    patterns,
    recordings,
    red_flags,
    setup,
    treatments,
    uploads,
    visits,
)

ROUTERS: tuple[APIRouter, ...] = (
    health.router,
    setup.router,
    login.router,
    home.router,
    account.router,
    accounts.router,
    consents.router,
    audit_trail.router,
    patterns.router,
    recordings.router,
    uploads.router,
    api_people.router,
    api_patients.router,
    api_uploads.router,
    api_jobs.router,
    api_measurements.router,
    patients.router,
    patient.router,
    history.router,
    treatments.router,
    compare.router,
    visits.router,
    red_flags.router,
    measurements.router,
    live.router,
    openapi.router,
)
"""All routers, in the order in which addresses are tried."""
