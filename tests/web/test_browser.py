"""Pages in a real browser: nothing for axe to find, keyboard alone, no request beyond the app."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from filled_clinic import FilledClinic
from page_addresses import fill_in, pages
from web_app import PASSWORD, Clinic, running

OpenPage = Callable[..., Any]
LOOKS = ("light", "dark", "calm")
QUICK = ("/login", "/patterns")
TABLET = {"width": 820, "height": 1180}
PHONE = {"width": 390, "height": 844}
ZOOMED = {"width": 320, "height": 640}
"""What 1280 pixels are at 400 percent."""


def faults(page: Any) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


def take_look(page: Any, look: str) -> None:
    scheme = "dark" if look == "dark" else "light"
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.evaluate("on => document.documentElement.toggleAttribute('data-calm', on)", look == "calm")


def ids_of(filled: FilledClinic) -> dict[str, str]:
    from named_account import account_named

    with filled.clinic.record.reading() as session:
        return filled.ids | {"account_id": account_named(session, "therapist").id}


PAGES = [
    pytest.param(who, path, marks=[] if path in QUICK else [pytest.mark.slow], id=f"{who}:{path}")
    for who, path in pages()
]


@pytest.mark.parametrize(("who", "path"), PAGES)
def test_axe_finds_nothing(
    filled_clinic: FilledClinic, filled_server: str, open_page: OpenPage, who: str, path: str
) -> None:
    page = open_page(filled_clinic.clinic, filled_server, who or None, viewport=TABLET)
    answer = page.goto(fill_in(path, ids_of(filled_clinic)))
    assert answer.status == 200
    found = {}
    for look in LOOKS:
        take_look(page, look)
        found |= {f"{look} {fault}": look for fault in faults(page)}
    assert list(found) == []
    assert page.said == []
    assert {address.split("/")[2] for address in page.asked} == {filled_server.split("/")[2]}


@pytest.mark.slow
@pytest.mark.parametrize(("who", "path"), pages())
@pytest.mark.parametrize("size", [PHONE, ZOOMED], ids=["phone", "zoomed"])
def test_no_page_is_wider_than_the_screen(
    filled_clinic: FilledClinic,
    filled_server: str,
    open_page: OpenPage,
    who: str,
    path: str,
    size: dict[str, int],
) -> None:
    page = open_page(filled_clinic.clinic, filled_server, who or None, viewport=size)
    page.goto(fill_in(path, ids_of(filled_clinic)))
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


SMALL_TARGETS = """() => [...document.querySelectorAll(
  'button, .button, summary, select, .bar a, .line, .tabs a, input:not([type=hidden])')]
  .filter(one => one.checkVisibility() && !one.closest('label'))
  .map(one => [one.outerHTML.slice(0, 90), one.getBoundingClientRect()])
  .filter(([, box]) => box.height > 0 && (box.height < 43.5 || box.width < 43.5))
  .map(([html]) => html)"""


@pytest.mark.slow
@pytest.mark.parametrize(("who", "path"), pages())
def test_targets_are_large_enough_to_touch(
    filled_clinic: FilledClinic, filled_server: str, open_page: OpenPage, who: str, path: str
) -> None:
    page = open_page(filled_clinic.clinic, filled_server, who or None, viewport=TABLET)
    page.goto(fill_in(path, ids_of(filled_clinic)))
    assert page.evaluate(SMALL_TARGETS) == []


def fill_by_keyboard(page: Any, values: list[str]) -> None:
    """Type into one field after the other; an empty value leaves the field as it is."""
    for value in values:
        page.keyboard.press("Tab")
        if value:
            page.keyboard.type(value)


def go_to_the_page(page: Any) -> None:
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")


@pytest.mark.slow
def test_setting_up_and_signing_in_by_keyboard_alone(
    empty_clinic: Clinic, open_page: OpenPage
) -> None:
    with running(empty_clinic, work=False) as address:
        page = open_page(empty_clinic, address)
        page.goto("/")
        go_to_the_page(page)
        code = empty_clinic.services.settings.setup_code
        fill_by_keyboard(page, [code, "Kim Keller", "Facial", "kim", PASSWORD, PASSWORD])
        page.keyboard.press("Enter")
        page.wait_for_url(f"{address}/")
        assert page.locator("h1").inner_text() == "Today"
        assert "Kim Keller" in page.locator(".bar").inner_text()
        assert {one.split("/")[2] for one in page.asked} == {address.split("/")[2]}


@pytest.mark.slow
def test_adding_a_patient_by_keyboard_alone(
    clinic: Clinic, server: str, open_page: OpenPage
) -> None:
    page = open_page(clinic, server)
    page.goto("/patients/new")
    go_to_the_page(page)
    fill_by_keyboard(page, ["therapist", PASSWORD])
    page.keyboard.press("Enter")
    page.wait_for_url(f"{server}/patients/new")
    page.locator("#given_name").focus()
    page.keyboard.type("Maria")
    fill_by_keyboard(page, ["Muster"])
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/patients/" in url and not url.endswith("/new"))
    assert "Muster" in page.locator("h1").inner_text()


@pytest.mark.slow
def test_forms_work_without_scripts(clinic: Clinic, server: str, open_page: OpenPage) -> None:
    page = open_page(clinic, server, java_script_enabled=False)
    page.goto("/login")
    page.fill("#name", "therapist")
    page.fill("#password", PASSWORD)
    page.click("text=Sign in >> nth=-1")
    page.wait_for_url(f"{server}/")
    page.click(".menu summary >> nth=1")
    page.click("text=Sign out")
    page.wait_for_url(f"{server}/login?left=1")


@pytest.mark.slow
def test_a_forged_form_of_another_site_does_nothing(
    clinic: Clinic, server: str, open_page: OpenPage
) -> None:
    page = open_page(clinic, server, "therapist")
    other = server.replace("127.0.0.1", "localhost")
    page.goto(f"{other}/login")
    page.evaluate(
        """address => { const form = document.createElement('form');
        form.method = 'post'; form.action = address + '/logout';
        document.body.append(form); form.submit(); }""",
        server,
    )
    page.wait_for_timeout(300)
    page.goto(f"{server}/")
    assert page.locator("h1").inner_text() == "Today"
