"""A real browser against a real server, at the width of a phone and of a desk.

Pictures of every page land in ``tests/journeys/shots/``; each page is checked with axe.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

# Playwright's event loop runs in this thread; the tests' own queries are made between its calls.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

ROOT = Path(__file__).resolve().parents[2]
SHOTS = Path(__file__).parent / "shots"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = {"phone": (360, 780), "desk": (1280, 900)}
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.path).is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Debian's chromium."""
    from playwright.sync_api import sync_playwright

    path = os.environ.get("LINLI_BROWSER") or shutil.which("chromium") or ""
    if not path:
        pytest.skip("no chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def served(settings: Any, transactional_db: None, live_server: Any) -> str:
    """The address of a server that also serves style sheets and scripts."""
    settings.ALLOWED_HOSTS = ["*"]
    return live_server.url


@pytest.fixture
def open_page(browser: Any, served: str) -> Iterator[Callable[..., Any]]:
    """Open pages by width and language: ``open_page("phone", "zh-CN", javascript=False)``."""
    contexts = []

    def make(width: str = "phone", language: str = "zh-CN", **more: Any) -> Any:
        across, down = WIDTHS[width]
        javascript = more.pop("javascript", True)
        context = browser.new_context(
            base_url=served,
            viewport={"width": across, "height": down},
            locale=language,
            timezone_id="Asia/Shanghai",
            java_script_enabled=javascript,
            has_touch=width == "phone",
            **more,
        )
        contexts.append(context)
        page = context.new_page()
        page.problems = []
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.on("console", lambda said: _note(page, said))
        page.set_default_timeout(15_000)
        return page

    yield make
    for context in contexts:
        context.close()


def _note(page: Any, said: Any) -> None:
    """Broken scripts and refused resources are problems; refused forms are meant."""
    if said.type == "error" and "status of 4" not in said.text:
        page.problems.append(said.text)


def shoot(page: Any, name: str) -> None:
    """Take a picture of the whole page."""
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True)


def check(page: Any, name: str) -> None:
    """Take a picture; assert that nothing broke, nothing sticks out, and axe finds no fault."""
    shoot(page, name)
    assert page.problems == []
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{name}: the page is {wide} px too wide"
    page.evaluate(AXE.read_text("utf-8"))  # not a script tag: the policy refuses those
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    serious = [
        f"{fault['id']}: {fault['nodes'][0]['html'][:160]}"
        for fault in found["violations"]
        if fault["impact"] in ("serious", "critical")
    ]
    assert serious == [], name


def sign_in(page: Any, served: str, person: Any) -> None:
    """Give the browser the session of a person, whose own language is the browser's."""
    from django.conf import settings
    from django.test import Client

    language = "en" if page.evaluate("navigator.language").startswith("en") else "zh-hans"
    type(person).objects.filter(pk=person.pk).update(language=language)
    client = Client()
    client.force_login(person)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([
        {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": served}
    ])  # fmt: skip
