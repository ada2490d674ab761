"""The server as a process: it starts empty, never asks, keeps what it stored, and stops cleanly."""

from __future__ import annotations

import json
import signal
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from serving import PASSPHRASE, Served, make_certificate, proxy, run, serving

from facewire.record.folder import open_data
from facewire.record.store import Record
from unit.record.made_folder import NAME, VIDEO, all_rows, files_with, fill, make_folder

ADMINISTRATOR = "Adelgunde Mirabell"
PASSWORD = "long enough for the clinic"
SECRETS = (NAME.encode(), VIDEO[:32], b"Adelgunde", b"A-1-account", PASSPHRASE.encode())


def create_administrator(served: Served, verify: ssl.SSLContext | bool = True) -> httpx.Response:
    form = {
        "code": served.code or "",
        "shown_name": ADMINISTRATOR,
        "name": "adelgunde",
        "password": PASSWORD,
        "again": PASSWORD,
    }
    own = served.address.rstrip("/")
    return httpx.post(f"{own}/setup", data=form, headers={"Origin": own}, verify=verify)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("serve") / "data"


@pytest.fixture(scope="module")
def served(data: Path) -> Iterator[Served]:
    """An encrypted server with an administrator and a patient with a video."""
    with serving(data, FACEWIRE_PASSPHRASE=PASSPHRASE) as running:
        assert create_administrator(running).status_code == 303
        folder = open_data(data, PASSPHRASE)
        record = Record.open(folder.engine())
        fill(folder, record, "A-1")
        record.close()
        yield running


def test_it_starts_empty_and_says_code_address_and_recovery_key(served: Served) -> None:
    assert served.address.startswith("http://127.0.0.1:")
    assert served.code is not None
    assert served.said.count("Recovery key: ") == 1


def test_its_passphrase_is_stretched_at_the_usual_cost(served: Served, data: Path) -> None:
    stored = json.loads((data / "vault.json").read_text("utf-8"))["argon2id"]
    assert (stored["passes"], stored["memory_kib"], stored["lanes"]) == (3, 128 * 1024, 4)


def test_the_first_page_made_the_administrator_and_the_code_is_used_up(served: Served) -> None:
    assert create_administrator(served).headers["location"] == "/login"
    assert httpx.get(served.address + "setup").headers["location"] == "/login"


def test_nothing_is_readable_on_the_disk_while_it_runs(served: Served, data: Path) -> None:
    assert {path.name for path in data.iterdir()} >= {"record.sqlite", "record.sqlite-wal"}
    assert files_with(data, *SECRETS) == []


def test_a_second_server_of_the_folder_is_refused(served: Served, data: Path) -> None:
    second = run("serve", "--port", "0", "--data", str(data), FACEWIRE_PASSPHRASE=PASSPHRASE)
    assert second.returncode == 1
    assert "is in use" in second.stderr


def test_a_port_that_is_taken_is_refused(served: Served, tmp_path: Path) -> None:
    port = served.address.rstrip("/").rpartition(":")[2]
    second = run("serve", "--port", port, "--data", str(tmp_path / "other"))
    assert second.returncode == 2
    assert "cannot listen on 127.0.0.1" in second.stderr


def test_another_host_name_is_refused(served: Served) -> None:
    answer = httpx.get(served.address, headers={"Host": "evil.example"})
    assert answer.status_code == 421


@pytest.mark.slow
def test_a_backup_of_the_running_server_is_restored_by_command(
    served: Served, data: Path, tmp_path: Path
) -> None:
    secret = tmp_path / "passphrase.txt"
    secret.write_text(PASSPHRASE + "\n")
    secret.chmod(0o600)
    given = ("--passphrase-file", str(secret))
    copy, new = tmp_path / "one.fwbackup", tmp_path / "new"
    made = run("backup", str(copy), "--data", str(data), *given)
    assert (made.returncode, made.stderr) == (0, "")
    assert "encrypted" in made.stdout
    restored = run("restore", str(copy), "--data", str(new), *given)
    assert restored.returncode == 0
    assert restored.stderr.startswith("No list says who was erased since this backup was made")
    old = Record.open(open_data(data, PASSPHRASE).engine())
    again = Record.open(open_data(new, PASSPHRASE).engine())
    assert all_rows(again) == all_rows(old)
    old.close()
    again.close()
    assert files_with(new, *SECRETS) == files_with(tmp_path / "one.fwbackup", *SECRETS) == []


def test_it_stops_cleanly_and_its_log_names_nobody(served: Served, data: Path) -> None:
    httpx.get(served.address + "login?name=adelgunde&token=s3cret")
    code, log = served.stop()
    assert code == 0
    assert log.rstrip().endswith("Stopped.")
    assert '"GET /login HTTP/1.1" 200' in log
    assert not any(word in log.lower() for word in ("adelgunde", "s3cret", "127.0.0.1", "?"))
    assert not (data / "record.sqlite-wal").exists()
    assert files_with(data, *SECRETS) == []


@pytest.mark.parametrize(
    ("variables", "words"),
    [({}, "is encrypted"), ({"FACEWIRE_PASSPHRASE": "not the one at all"}, "does not open")],
)
def test_an_encrypted_folder_needs_its_passphrase(
    tmp_path: Path, variables: dict[str, str], words: str
) -> None:
    make_folder(tmp_path / "data", PASSPHRASE)
    refused = run("serve", "--port", "0", "--data", str(tmp_path / "data"), **variables)
    assert refused.returncode == 1
    assert words in refused.stderr


@pytest.mark.slow
def test_killed_it_starts_again_with_what_was_stored(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "data", PASSPHRASE)
    record = Record.open(folder.engine())
    with serving(folder.path, FACEWIRE_PASSPHRASE=PASSPHRASE) as running:
        assert create_administrator(running).status_code == 303
        fill(folder, record, "A-1")
        before = all_rows(record)
        running.process.kill()
        running.process.wait()
    record.close()
    with serving(folder.path, FACEWIRE_PASSPHRASE=PASSPHRASE) as running:
        assert running.code is None
        assert "Recovery key" not in running.said
        assert httpx.get(running.address + "login").status_code == 200
        assert running.stop(signal.SIGINT)[0] == 0
    record = Record.open(folder.engine())
    assert all_rows(record) == before
    record.close()


@pytest.mark.slow
def test_elsewhere_it_needs_tls_and_accounts(tmp_path: Path) -> None:
    data, (certificate, key) = tmp_path / "data", make_certificate(tmp_path)
    asked = ("serve", "--port", "0", "--data", str(data), "--host", "0.0.0.0")
    tls = ("--cert", str(certificate), "--key", str(key))
    for more, words in [((), "without TLS"), (tls, "before anybody has an account")]:
        refused = run(*asked, *more)
        assert refused.returncode == 2
        assert words in refused.stderr


@pytest.mark.slow
def test_it_answers_by_https(tmp_path: Path) -> None:
    certificate, key = make_certificate(tmp_path)
    context = ssl.create_default_context(cafile=str(certificate))
    with serving(tmp_path / "data", "--cert", str(certificate), "--key", str(key)) as running:
        assert running.address.startswith("https://127.0.0.1:")
        answer = create_administrator(running, context)
        assert answer.status_code == 303
        assert "Secure" in answer.headers["set-cookie"]


@pytest.mark.slow
def test_behind_a_proxy_browsers_reach_it_by_its_name(tmp_path: Path) -> None:
    name = "facewire.clinic.example"
    data, (certificate, key) = tmp_path / "data", make_certificate(tmp_path)
    behind = ("--behind-proxy", "--name", name)
    refused = run("serve", "--port", "0", "--data", str(data), *behind)
    assert (refused.returncode, "before anybody has an account" in refused.stderr) == (2, True)
    with serving(data) as first:
        assert create_administrator(first).status_code == 303
    context = ssl.create_default_context(cafile=str(certificate))
    called = {"host": name, "origin": f"https://{name}"}
    person = {"name": "adelgunde", "password": PASSWORD}
    with serving(data, *behind) as running, proxy(running.address, certificate, key) as outer:
        assert running.address.startswith("http://127.0.0.1:")
        assert f"Browsers call https://{name}/" in running.said
        answer = httpx.post(f"{outer}/login", data=person, headers=called, verify=context)
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-facewire=")
        assert "Secure" in cookie
        assert "max-age" in answer.headers["strict-transport-security"]
        held = called | {"cookie": cookie.split(";")[0]}
        page = httpx.get(f"{outer}/accounts", headers=held, verify=context)
        assert (page.status_code, "Adelgunde" in page.text) == (200, True)
        for wrong in ({"origin": "https://evil.example"}, {"origin": f"http://{name}"}):
            answer = httpx.post(
                f"{outer}/login", data=person, headers=called | wrong, verify=context
            )
            assert answer.status_code == 403
        other = called | {"host": "evil.example"}
        assert httpx.get(outer, headers=other, verify=context).status_code == 421


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("--behind-proxy",), "and has a name"),
        (("--behind-proxy", "--name", "a.example", "--host", "0.0.0.0"), "and has a name"),
        (("--cert", "cert.pem"), "TLS needs both files"),
        (("--cert", "no.pem", "--key", "no.pem"), "certificate cannot be used"),
        (("--passphrase-file", "no.txt"), "cannot be read"),
    ],
)
def test_wrong_use_is_said_and_makes_nothing(
    tmp_path: Path, given: tuple[str, ...], words: str
) -> None:
    refused = run("serve", "--data", str(tmp_path / "data"), *given)
    assert refused.returncode == 2
    assert words in refused.stderr
    assert not (tmp_path / "data").exists()
