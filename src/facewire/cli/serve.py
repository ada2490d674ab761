"""`facewire serve`: the clinic's app on this computer. It never asks on the terminal."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from facewire.cli.data_options import DataOption, PassphraseFileOption, find_passphrase
from facewire.cli.options import grouped_options
from facewire.cli.screen import remarks, results
from facewire.errors import UsageError

if TYPE_CHECKING:
    from socket import socket

    from facewire.record.folder import DataFolder
    from facewire.report.pdf import ClinicSettings
    from facewire.web.deps import Services
    from facewire.web.serving import Certificate
    from facewire.web.settings import WebSettings


@dataclass(frozen=True)
class ServedFiles:
    """What is read before the app answers: its certificate, and the clinic's settings."""

    cert: Annotated[
        Path | None, typer.Option(metavar="PEM", help="TLS certificate.", show_default=False)
    ] = None
    key: Annotated[
        Path | None, typer.Option(metavar="PEM", help="TLS key.", show_default=False)
    ] = None
    settings: Annotated[
        Path | None,
        typer.Option(metavar="CLINIC.toml", help="The clinic's settings.", show_default=False),
    ] = None

    def certificate(self) -> Certificate | None:
        """Return the certificate with its key; None without TLS."""
        from facewire.web.serving import Certificate

        if self.cert is None and self.key is None:
            return None
        if self.cert is None or self.key is None:
            raise UsageError("TLS needs both files", expected="--cert PEM and --key PEM")
        return Certificate(self.cert, self.key)

    def clinic(self) -> ClinicSettings:
        """Return the clinic's settings."""
        from facewire.report.pdf import ClinicSettings, read_clinic

        return ClinicSettings() if self.settings is None else read_clinic(self.settings)


@dataclass(frozen=True)
class Reached:
    """How browsers reach the app."""

    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8000
    host: Annotated[
        str, typer.Option(help="Address to listen on; another one needs TLS and accounts.")
    ] = "127.0.0.1"
    name: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Name that browsers call it by.", show_default=False),
    ] = None
    behind_proxy: Annotated[
        bool,
        typer.Option(
            "--behind-proxy", help="A proxy on this computer ends TLS; needs --name and accounts."
        ),
    ] = False


@grouped_options
def serve(
    data: DataOption,
    files: ServedFiles,
    reached: Reached,
    passphrase_file: PassphraseFileOption = None,
    incognito: Annotated[bool, typer.Option("--incognito", help="Hide names and faces.")] = False,
) -> None:
    """Start the clinic's app; open the printed address in a browser. Ctrl-C stops it."""
    from facewire.confined import hide_memory, is_kept_from_the_network
    from facewire.record.folder import FolderLock
    from facewire.web.serving import listening
    from facewire.web.settings import WebSettings

    hide_memory()
    if not is_kept_from_the_network():
        remarks().print("This system cannot keep the processes that read videos from the network.")
    certificate, clinic = files.certificate(), files.clinic()
    if certificate is not None and reached.behind_proxy:
        raise UsageError(
            "Either facewire or the proxy ends TLS",
            expected="--cert and --key, or --behind-proxy",
            found="both",
        )
    use_zone(clinic.time_zone)
    passphrase = find_passphrase(passphrase_file)
    settings = WebSettings(
        data=data,
        host=reached.host,
        port=reached.port,
        hosts=tuple(reached.name or ()),
        tls=certificate is not None or reached.behind_proxy,
        behind_proxy=reached.behind_proxy,
        incognito=incognito,
        keep_video=clinic.keep_video,
    )
    with FolderLock(data), listening(settings) as bound:
        _serve(settings, bound, passphrase, certificate)
    remarks().print("Stopped.")


def use_zone(name: str) -> None:
    """Let this process and those that it starts count days as the clinic does; moments stay UTC.

    Raises
    ------
    UsageError
        This computer does not know the time zone.
    """
    if not name:
        return
    os.environ["TZ"] = name
    time.tzset()
    wanted = datetime.now(ZoneInfo(name)).utcoffset()
    if datetime.now().astimezone().utcoffset() != wanted:
        raise UsageError(
            "This computer does not know the clinic's time zone",
            expected="a name in its list of time zones",
            found=name,
            do="install the system's package tzdata, or set the computer's own time zone",
        )


def _serve(
    settings: WebSettings,
    bound: socket,
    passphrase: str | None,
    certificate: Certificate | None,
) -> None:
    """Open the folder and answer until told to stop."""
    from facewire.web.app import create_app, open_services
    from facewire.web.serving import address_of, run_app

    folder = _open_folder(settings.data, passphrase)
    services = open_services(settings, folder)
    try:
        _check_accounts(settings, services)
        ready = partial(_say_where, address_of(bound, settings), services, settings)
        run_app(create_app(settings, services), bound, certificate, ready=ready)
    finally:
        services.record.close()
        folder.work().leave()


def _open_folder(data: Path, passphrase: str | None) -> DataFolder:
    """Open the data folder; a new one with a passphrase gets its vault and shows its key."""
    from facewire.record.folder import create_data, is_new, open_data

    if passphrase is not None and is_new(data):
        folder, recovery = create_data(data, passphrase)
        say_recovery_key(recovery)
    else:
        folder = open_data(data, passphrase)
    folder.media().sweep()
    room = folder.work()
    if room.message:
        remarks().print(room.message, soft_wrap=True)
    if not folder.encrypted:
        remarks().print("No passphrase is set: the data folder is not encrypted.")
    return folder


def say_recovery_key(recovery: str) -> None:
    """Print a new recovery key: the only time that it is shown."""
    out = results()
    out.print(f"Recovery key: {recovery}", style="bold", soft_wrap=True)
    out.print(
        "Print it and keep it in a safe. It opens the data when the passphrase is lost; it is "
        "stored nowhere and will not be shown again.",
        soft_wrap=True,
    )
    out.file.flush()


def _check_accounts(settings: WebSettings, services: Services) -> None:
    from facewire.web.settings import is_local

    reachable = settings.behind_proxy or not is_local(settings.host)
    if reachable and services.is_empty():
        raise UsageError(
            "The app would be reachable from other computers before anybody has an account",
            expected="an administrator",
            found="an empty record",
            do="start it without --host and --behind-proxy and create the administrator there",
        )


def _say_where(address: str, services: Services, settings: WebSettings) -> None:
    out = results()
    if settings.behind_proxy:
        out.print(f"facewire waits for the proxy at {address}", soft_wrap=True)
        out.print(f"Browsers call https://{settings.hosts[0]}/", soft_wrap=True)
    else:
        out.print(f"facewire runs at {address}", soft_wrap=True)
    if services.is_empty():
        out.print(f"One-time code for the first page: {settings.setup_code}", soft_wrap=True)
    out.print("Ctrl-C stops it.")
    out.file.flush()
