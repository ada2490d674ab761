"""The clinic's app for programs: sign in, patients, uploads, jobs, results."""

from __future__ import annotations

from facewire.client.client import Client
from facewire.client.errors import AnswerError, NoAnswerError

__all__ = ["AnswerError", "Client", "NoAnswerError"]
