"""`facewire serve` as a process of its own, on a free port, without a terminal."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from facewire.cli import main

PASSPHRASE = "seven quiet herons wade"
COMMAND = (sys.executable, "-m", "facewire")
STOP_WITHIN_S = 20


@dataclass
class Served:
    """A running server: its process, address and what it printed."""

    process: subprocess.Popen[str]
    address: str
    said: str

    @property
    def code(self) -> str | None:
        """The one-time code, where one was printed."""
        found = re.search(r"first page: (\S+)", self.said)
        return found[1] if found else None

    def stop(self, how: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Stop it; return exit code and what it wrote on stderr."""
        self.process.send_signal(how)
        _, errors = self.process.communicate(timeout=STOP_WITHIN_S)
        return self.process.returncode, errors


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if "FACEWIRE" not in name}
    return kept | more


@dataclass(frozen=True)
class Ended:
    """A command that came to its end in this process: its exit code and what it printed."""

    returncode: int
    stdout: str
    stderr: str


def run(*arguments: str, **variables: str) -> Ended:
    """Run a command of facewire to its end, as its entry point does."""
    out, errors, code = StringIO(), StringIO(), 0
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(errors):
        patch.setattr(sys, "argv", ["facewire", *arguments])
        for name, value in variables.items():
            patch.setenv(name, value)
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
    return Ended(code, out.getvalue(), errors.getvalue())


@contextmanager
def serving(data: Path, *more: str, **variables: str) -> Iterator[Served]:
    """Start a server and wait until it says where it is; kill it at the end if it still runs."""
    process = subprocess.Popen(
        [*COMMAND, "serve", "--port", "0", "--data", str(data), *more],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(**variables),
    )
    try:
        said = ""
        while "stops it" not in said:
            line = process.stdout.readline()  # type: ignore[union-attr]
            if not line:
                raise RuntimeError(f"no server: {process.communicate()[1]}")
            said += line
        found = re.search(r"https?://\S+", said)
        yield Served(process, found[0] if found else "", said)
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


@contextmanager
def proxy(to: str, certificate: Path, key: Path) -> Iterator[str]:
    """End TLS and pass every byte on, as a proxy does that keeps the ``Host`` of the browser."""
    host, port = to.removeprefix("http://").rstrip("/").split(":")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    running, found = threading.Event(), list[Any]()

    async def pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while piece := await source.read(65536):
                target.write(piece)
                await target.drain()
        with suppress(OSError):
            target.close()
            await target.wait_closed()

    async def passed_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner, outer = await asyncio.open_connection(host, int(port))
        await asyncio.gather(pump(reader, outer), pump(inner, writer))

    async def listen() -> None:
        end = asyncio.Event()
        async with await asyncio.start_server(passed_on, "127.0.0.1", 0, ssl=context) as server:
            found.extend((asyncio.get_running_loop(), end, server.sockets[0].getsockname()[1]))
            running.set()
            await end.wait()

    thread = threading.Thread(target=asyncio.run, args=(listen(),), daemon=True)
    thread.start()
    running.wait(10)
    loop, end, own_port = found
    yield f"https://127.0.0.1:{own_port}"
    loop.call_soon_threadsafe(end.set)
    thread.join(10)


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """Write a certificate of 127.0.0.1, signed by itself, and its key."""
    from ipaddress import ip_address

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    own = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1))
    builder = builder.not_valid_after(now + timedelta(days=1)).add_extension(own, critical=False)
    certificate, private = folder / "cert.pem", folder / "key.pem"
    signed = builder.sign(key, hashes.SHA256())
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate, private
