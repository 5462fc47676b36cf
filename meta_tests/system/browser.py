"""The system's Chromium, driven by Playwright: one for a module, a fresh page for each look."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
LOCAL = ("file:", "about:")
DEADLINE = 10_000
"""Milliseconds within which a page does what it is told."""


def launched() -> Iterator[Browser]:
    """The browser, for a fixture; the tests are skipped where the system has none."""
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip("The page is not looked at: there is no Chromium; install the package chromium.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*QUIET])
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, path: Path | str, address: str = "", **how: Any) -> Iterator[Page]:
    """The file (or address) in a page of its own, which must raise no error and say nothing on the console.

    `address` follows the path, such as "#clause.id"; `how` is for the context of the page.
    """
    complaints: list[str] = []
    context = browser.new_context(**how)
    context.set_default_timeout(DEADLINE)
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request",
        lambda request: complaints.append(request.url) if request.url[:5] not in ("file:", "about") else None,
    )
    try:
        page.goto(path if isinstance(path, str) else path.as_uri() + address)
        yield page
        assert complaints == []
    finally:
        context.close()
