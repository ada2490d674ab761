from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from facewire.errors import ModelError, StorageError
from facewire.landmarks.fetch import fetch_network
from facewire.landmarks.models import NetworkFile

CONTENT = b"a network" * 20_000


class _Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/network" else 404)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        if self.path == "/network":
            self.wfile.write(CONTENT)

    def log_message(self, *args: object) -> None:
        """Stay silent."""


@pytest.fixture
def address() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), _Answer) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def _wanted(address: str, content: bytes = CONTENT) -> NetworkFile:
    return NetworkFile("net.tflite", hashlib.sha256(content).hexdigest(), address, "Apache-2.0")


def test_the_right_file_is_put_in_place(address: str, tmp_path: Path) -> None:
    parts: list[float] = []
    path = fetch_network(_wanted(f"{address}/network"), tmp_path / "new", parts.append)
    assert path.read_bytes() == CONTENT
    assert [p.name for p in path.parent.iterdir()] == ["net.tflite"]
    assert parts == sorted(parts)
    assert parts[-1] == pytest.approx(1.0)


def test_another_file_is_refused_and_not_kept(address: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"sent another file.*SHA-256"):
        fetch_network(_wanted(f"{address}/network", b"other"), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_no_answer_is_one_clear_error(address: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"could not be fetched.*check the connection"):
        fetch_network(_wanted(f"{address}/missing"), tmp_path)


def test_a_folder_that_cannot_be_made_is_a_storage_error(address: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StorageError, match="cannot be written"):
        fetch_network(_wanted(f"{address}/network"), tmp_path / "file" / "models")
