#!/usr/bin/env python3
"""Take the pictures of the documentation from a running demo neighbourhood.

    scripts/pictures.py [ADDRESS]        default: http://127.0.0.1:8000

Start the demo with `make run` first. Pictures land in docs/pictures/. Signs in as the demo's
dispatcher, or as LINLI_PICTURES_DESK says, "user:password".
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"
PHONE, DESK = (360, 740), (1280, 860)
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu"]
# name, address, width and height, whether signed in
PICTURES: list[tuple[str, str, tuple[int, int], bool]] = [
    ("home", "/", PHONE, False),
    ("report", "/report/", PHONE, False),
    ("board", "/board/", DESK, False),
    ("inbox", "/desk/inbox/", DESK, True),
    ("map", "/desk/map/", DESK, True),
]


def main() -> None:
    """Take every picture."""
    address = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    browser_path = os.environ.get("LINLI_BROWSER") or shutil.which("chromium")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=FLAGS)
        for signed_in in (False, True):
            for name, path, (across, down), staff in PICTURES:
                if staff is not signed_in:
                    continue
                page = open_page(browser, address, across, down)
                if signed_in:
                    sign_in(page)
                page.goto(path, wait_until="networkidle")
                take(page, name)
        browser.close()


def open_page(browser: Any, address: str, across: int, down: int) -> Any:
    """Open a Chinese browser of a size, with two pixels for one so that text is crisp."""
    context = browser.new_context(
        base_url=address,
        viewport={"width": across, "height": down},
        device_scale_factor=2 if across < 500 else 1,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
    )
    return context.new_page()


def sign_in(page: Any) -> None:
    """Sign in as the dispatcher of the demo."""
    account = os.environ.get("LINLI_PICTURES_DESK", "dispatcher:linli-demo")
    username, _, password = account.partition(":")
    page.goto("/accounts/login/")
    page.fill('input[name="login"]', username)
    page.fill('input[name="password"]', password)
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Enter")
    if "/accounts/login" in page.url:
        sys.exit(f"{username} cannot sign in; is this the demo?")


def take(page: Any, name: str) -> None:
    """Save what is seen without scrolling."""
    page.screenshot(path=FOLDER / f"{name}.png")
    print(f"{name}.png")


if __name__ == "__main__":
    main()
