"""The Chromium of the system, controlled by Playwright: one browser for a module, a new page for each test."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
LOCAL = ("file:", "about:")
DEADLINE = 10_000
"""Milliseconds within which an action of a page completes."""


def launched() -> Iterator[Browser]:
    """The browser, for a fixture; the tests are skipped where the system has none."""
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip("There is no Chromium, so the page is not tested; install the package chromium.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*OPTIONS])
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, path: Path | str, address: str = "", **how: Any) -> Iterator[Page]:
    """The file (or address) in a new page, which must raise no error and log nothing on the console.

    `address` follows the path, such as "#clause.id"; `how` is for the context of the page.
    """
    messages: list[str] = []
    context = browser.new_context(**how)
    context.set_default_timeout(DEADLINE)
    page = context.new_page()
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.on(
        "request",
        lambda request: messages.append(request.url) if request.url[:5] not in ("file:", "about") else None,
    )
    try:
        page.goto(path if isinstance(path, str) else path.as_uri() + address)
        yield page
        assert messages == []
    finally:
        context.close()
