"""A page with thousands of failing exchanges, in a browser."""

import json
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Browser, expect

from meta_tests.system.browser.browser import opened
from meta_tests.unit.reporting.test_samples import exchange, rule_failure, sample_report
from reporting import Report, write

FAILING_EXCHANGES = 5_000
SLOWEST = 2.0
"""Seconds of processor time until it is open; other processes would distort the wall clock."""
LARGEST = 5_000_000
"""Bytes of the page that shows them."""


def crowded() -> Report:
    """A report with FAILING_EXCHANGES exchanges of failures, each with a customer in the response."""
    customer = json.dumps({"id": "abf6b823", **{f"property{n}": "Lovelace " * 3 for n in range(20)}})
    steps = tuple(exchange(number, "GET", 200, None, customer) for number in range(1, 11))
    report = sample_report()
    failing = [
        replace(
            clause,
            verdict="fail",
            failures=tuple(
                rule_failure(
                    f"way {way}", customer[: 200 + way], exchanges=steps, replay=f"pytest test_{way}"
                )
                for way in range(5)
            ),
        )
        for clause in report.clauses[: FAILING_EXCHANGES // 50]
    ]
    return replace(report, clauses=(*failing, *report.clauses[len(failing) :]))


def test_a_page_with_thousands_of_failing_exchanges_opens_quickly(browser: Browser, tmp_path: Path) -> None:
    report = crowded()
    shown = [each for clause in report.clauses for failure in clause.failures for each in failure.exchanges]
    assert len(shown) >= FAILING_EXCHANGES
    path = write(report, tmp_path)
    assert path.stat().st_size < LARGEST
    with opened(browser, "about:blank") as page:
        devtools = page.context.new_cdp_session(page)
        devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
        page.goto(path.as_uri())
        expect(page.locator("#shown")).to_have_text(f"{len(report.clauses)} clauses")
        measured = {
            each["name"]: each["value"] for each in devtools.send("Performance.getMetrics")["metrics"]
        }
        assert 0 < measured["TaskDuration"] < SLOWEST
        first = report.failing()[0]
        assert page.locator(f'[id="{first.id}"] .exchanges > li').count() >= 10
        expect(page.get_by_text("see conformance.json").first).to_be_attached()
