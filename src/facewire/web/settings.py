"""What ``facewire serve`` was told, and the one-time code of the first start."""

from __future__ import annotations

import hmac
import ipaddress
import secrets
import threading
from dataclasses import dataclass, field
from pathlib import Path

from facewire.errors import ForbiddenError, UsageError

LOCAL_NAMES = ("localhost", "127.0.0.1", "[::1]")
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Letters of a one-time code: none that is read as another one."""


def new_code() -> str:
    """Make a one-time code, such as ``K7QM-4XPD``: 40 random bits, easily typed."""
    letters = "".join(secrets.choice(CODE_LETTERS) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def is_local(host: str) -> bool:
    """Whether an address to listen on can be reached from this computer only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True)
class Limits:
    """How much a request may hold and a page may show.

    Parameters
    ----------
    form_bytes : int
        Largest body of a form or of JSON.
    chunk_bytes : int
        Largest part of an upload.
    upload_bytes : int
        Largest video that a form sends in one piece.
    page_rows : int
        Rows on one page of a long list.
    """

    form_bytes: int = 256 * 1024
    chunk_bytes: int = 16 * 1024 * 1024
    upload_bytes: int = 4 * 1024**3
    page_rows: int = 50


@dataclass(frozen=True)
class WebSettings:
    """What ``facewire serve`` was told.

    Parameters
    ----------
    data : Path
        Folder of the record, its media and its backups.
    host, port : str, int
        Where the app listens.
    hosts : tuple of str
        Further names under which browsers may call it, such as ``clinic.example``.
    tls : bool
        Whether browsers reach it by HTTPS; cookies are then ``Secure``.
    behind_proxy : bool
        Whether a proxy on this computer ends TLS: it passes on the ``Host`` that browsers called.
    incognito : bool
        Names and faces are hidden on every page.
    passphrase : str or None
        Opens the data at rest; never shown.
    setup_code : str
        The one-time code that creates the first administrator; shown on the terminal only.
    limits : Limits
        Sizes.
    keep_video : bool
        Whether the team is offered first to keep the video of a live session.

    Raises
    ------
    UsageError
        When it would be reachable from other computers without TLS, or stands behind a proxy that
        is elsewhere or gives it no name.
    """

    data: Path
    host: str = "127.0.0.1"
    port: int = 8000
    hosts: tuple[str, ...] = ()
    tls: bool = False
    behind_proxy: bool = False
    incognito: bool = False
    passphrase: str | None = field(default=None, repr=False)
    setup_code: str = field(default_factory=new_code, repr=False)
    limits: Limits = Limits()
    keep_video: bool = True

    def __post_init__(self) -> None:
        """Refuse to be reachable from elsewhere in the clear."""
        if not is_local(self.host) and not self.tls:
            raise UsageError(
                "The app would be reachable from other computers without encryption",
                expected="an address of this computer such as 127.0.0.1, or TLS",
                found=f"host {self.host} without TLS",
                do="leave --host out, or give a certificate and its key",
            )
        if self.behind_proxy and not (is_local(self.host) and self.hosts and self.tls):
            raise UsageError(
                "Behind a proxy the app listens to this computer alone, and has a name",
                expected="no --host, and --name with what browsers call",
                found=f"host {self.host}, {len(self.hosts)} names",
                do="give the name of the proxy's certificate with --name",
            )

    @property
    def allowed_hosts(self) -> frozenset[str]:
        """Names that the ``Host`` header may have, without port, in lower case."""
        own = {self.host} - {"0.0.0.0", "::"}  # noqa: S104 - an address to leave out
        return frozenset(name.lower() for name in (*LOCAL_NAMES, *own, *self.hosts))

    @property
    def scheme(self) -> str:
        """``https`` with TLS, else ``http``."""
        return "https" if self.tls else "http"

    @property
    def cookie(self) -> str:
        """Name of the session cookie; with TLS its prefix binds it to this very host."""
        return "__Host-facewire" if self.tls else "facewire"


MOST_TRIES = 10


class SetupCode:
    """A code that can be tried a few times and used once.

    Parameters
    ----------
    code : str
        As shown on the terminal; case, spaces and the dash do not matter.
    """

    def __init__(self, code: str) -> None:
        self._code, self._left, self._lock = _letters(code), MOST_TRIES, threading.Lock()

    def check(self, text: str) -> bool:
        """Whether this is the code; every wrong one counts.

        Raises
        ------
        ForbiddenError
            When too many wrong ones were tried: only a restart makes a new code.
        """
        with self._lock:
            if self._left < 1:
                raise ForbiddenError(
                    "This code cannot be used any more",
                    found=f"{MOST_TRIES} wrong codes",
                    do="stop facewire on the terminal and start it again: it prints a new code",
                )
            right = hmac.compare_digest(_letters(text).encode(), self._code.encode())
            self._left -= 0 if right else 1
            return right

    def use(self) -> None:
        """Make the code worthless: the first account exists."""
        with self._lock:
            self._left = 0


def _letters(text: str) -> str:
    return "".join(letter for letter in text.upper() if letter.isalnum())
