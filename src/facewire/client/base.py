"""Asking a running facewire, with its errors told as ours."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import httpx

from facewire.errors import FacewireError

PREFIX = "/api/v1"
TIMEOUT_S = 60.0


class AnswerError(FacewireError):
    """The app refused or failed; its four parts and its short name are kept.

    Parameters
    ----------
    status : int
        HTTP status.
    parts : mapping
        ``error`` of the answer.
    """

    def __init__(self, status: int, parts: Mapping[str, Any]) -> None:
        self.status, self.code = status, str(parts.get("code", ""))
        super().__init__(
            str(parts.get("what") or f"The app answered with status {status}"),
            expected=str(parts.get("expected", "")),
            found=str(parts.get("found", "")),
            do=str(parts.get("do", "")),
        )


class NoAnswerError(FacewireError):
    """The app did not answer, or the connection was cut."""


class Client:
    """A signed-in connection to an app.

    Parameters
    ----------
    url : str
        Such as ``http://127.0.0.1:8000``.
    token : str, optional
        Of a session; without it only public addresses answer.
    transport : httpx.BaseTransport, optional
        Replaced in tests.
    verify : str or bool
        Certificate authority of the app, a PEM file; or whether certificates are checked.
    """

    def __init__(
        self,
        url: str,
        token: str | None = None,
        *,
        transport: httpx.BaseTransport | None = None,
        verify: str | bool = True,
    ) -> None:
        origin = url.rstrip("/")
        headers = {"origin": origin, "accept": "application/json"}
        headers |= {"authorization": f"Bearer {token}"} if token else {}
        self._http = httpx.Client(
            base_url=origin,
            headers=headers,
            timeout=TIMEOUT_S,
            transport=transport,
            verify=verify,
            trust_env=False,
        )

    @classmethod
    def sign_in(cls, url: str, name: str, password: str, **options: Any) -> Self:
        """Return a client with a session of its own.

        Parameters
        ----------
        url, name, password : str
            Of the app and the account.
        **options
            As for the class.

        Raises
        ------
        AnswerError
            Name and password do not fit, or there were too many attempts.
        """
        with cls(url, **options) as door:
            answer = door.post("/sign-in", {"name": name, "password": password})
        return cls(url, str(answer["token"]), **options)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; the session stays open in the app."""
        self._http.close()

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Send one request.

        Parameters
        ----------
        method, path : str
            Path below ``/api/v1``.
        **options
            As for ``httpx.Client.request``.

        Raises
        ------
        AnswerError
            The app refused.
        NoAnswerError
            It did not answer.
        """
        try:
            answer = self._http.request(method, PREFIX + path, **options)
        except httpx.TransportError as error:
            raise NoAnswerError(
                "The app did not answer", found=type(error).__name__, do="check that it runs"
            ) from error
        if answer.is_success:
            return answer
        raise AnswerError(answer.status_code, _parts(answer))

    def get(self, path: str, **query: Any) -> Any:
        """Return the JSON of an address."""
        return self.ask("GET", path, params=query).json()

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """Send JSON and return the answer's."""
        return self.ask("POST", path, json=dict(body)).json()


def _parts(answer: httpx.Response) -> Mapping[str, Any]:
    try:
        parts = answer.json()["error"]
    except (ValueError, LookupError, TypeError):
        return {}
    return parts if isinstance(parts, Mapping) else {}
