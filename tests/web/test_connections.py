"""Sockets that say nothing take nobody's place."""

from __future__ import annotations

import http.client
import socket
import time
from urllib.parse import urlsplit

import pytest
from web_app import Clinic, running

from facewire.web import serving

HEAD = (
    b"POST /api/v1/sign-in HTTP/1.1\r\nHost: localhost:8000\r\n"
    b"Origin: http://localhost:8000\r\nContent-Type: application/json\r\n"
)


def is_closed(line: socket.socket, within_s: float) -> bool:
    line.settimeout(within_s)
    try:
        return line.recv(1) == b""
    except TimeoutError:
        return False
    except ConnectionError:
        return True


def health(where: tuple[str, int]) -> int:
    asked = http.client.HTTPConnection(*where, timeout=5)
    asked.request("GET", "/health", headers={"Host": "localhost"})
    answer = asked.getresponse()
    asked.close()
    return answer.status


@pytest.mark.slow
def test_idle_sockets_do_not_silence_the_app(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "MOST_WAITING", 20)
    with running(clinic, work=False) as address:
        where = (str(urlsplit(address).hostname), int(urlsplit(address).port or 0))
        idle = [socket.create_connection(where) for _ in range(60)]
        assert health(where) == 200
        assert sum(is_closed(line, 0.02) for line in idle[:35]) == 35
        assert not is_closed(idle[-1], 0.02)
        for line in idle:
            line.close()


def test_a_head_that_does_not_come_is_not_waited_for_and_a_body_is(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "HEAD_S", 0.4)
    with running(clinic, work=False) as address:
        where = (str(urlsplit(address).hostname), int(urlsplit(address).port or 0))
        slow, whole = socket.create_connection(where), socket.create_connection(where)
        whole.sendall(HEAD + b"Content-Length: 2\r\n\r\n")
        for byte in HEAD[:12]:
            time.sleep(0.05)
            try:
                slow.sendall(bytes([byte]))
            except ConnectionError:
                break
        assert is_closed(slow, 0.5)
        whole.sendall(b"{}")
        assert whole.recv(12) == b"HTTP/1.1 422"
        slow.close()
        whole.close()


def test_a_second_head_on_the_same_line_has_its_time_too(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "HEAD_S", 0.3)
    with running(clinic, work=False) as address:
        where = (str(urlsplit(address).hostname), int(urlsplit(address).port or 0))
        line = socket.create_connection(where)
        for _ in range(2):
            line.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert line.recv(12) == b"HTTP/1.1 200"
            time.sleep(0.4)
            line.settimeout(0.05)
            while True:
                try:
                    line.recv(4096)
                except TimeoutError:
                    break
        line.sendall(b"GET /hea")
        assert is_closed(line, 2.0)
        line.close()
