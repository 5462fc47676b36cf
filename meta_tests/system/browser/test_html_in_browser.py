"""The page in headless Chromium: filters, links, keyboard, print, without scripts, accessibility."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, expect

from harness.coverage import CoverageCollector
from meta_tests.system.browser.browser import opened
from meta_tests.unit.reporting.test_samples import findings, sample_report
from reporting import Coverage, Finding, Report
from reporting.formats.html.page import MARKS
from reporting.formats.html.writer import html
from reporting.history import Verdicts
from reporting.model.coverage import Points
from reporting.model.report import Verdict

FLAKY = "get.status.ok"
"""The clause that turns from passing to failing and back."""


def covered() -> Coverage:
    """Some points reached, most of them not."""
    points = CoverageCollector().coverage()
    return {kind: Points(each.missed[::3], each.missed[1:]) for kind, each in points.items()}


def part(report: Report) -> Report:
    """The report with a part of the catalogue, to save time in the browser."""
    kept = [
        clause
        for number, clause in enumerate(report.clauses)
        if number % 9 == 0 or clause.failures or clause.id == FLAKY or clause.operation == "errors"
    ]
    return replace(report, clauses=tuple(kept))


@pytest.fixture(scope="module")
def red() -> Report:
    return part(replace(sample_report(), coverage=covered()))


@pytest.fixture(scope="module")
def history(red: Report) -> list[Verdicts]:
    """Twelve runs: a clause turned from passing to failing and back, and one run covered nothing."""
    verdicts: dict[str, Verdict] = {clause.id: clause.verdict for clause in red.clauses}
    turned: list[dict[str, Verdict]] = [
        {**verdicts, FLAKY: "fail" if number in (3, 4) else "pass"} for number in range(11)
    ]
    return [*turned[:6], {}, *turned[6:]]


@pytest.fixture(scope="module")
def pages(red: Report, history: list[Verdicts], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The page of a failing run with a history, and that of a passing one without."""
    passing = [
        each if each.outcome != "fail" else Finding(each.clause, each.test, "pass") for each in findings()
    ]
    folder = tmp_path_factory.mktemp("pages")
    return {
        "red": written(html(red, history), folder / "red.html"),
        "green": written(html(part(sample_report(passing, left=0))), folder / "green.html"),
    }


def written(text: str, path: Path) -> Path:
    """The path, after the text is written to it."""
    path.write_text(text, encoding="utf-8")
    return path


def visible(page: Page) -> list[str]:
    """The ids of the visible clauses, in their order."""
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('table.clauses > tbody')].filter(e => e.checkVisibility()).map(e => e.id)"
    )
    return found


def of(report: Report, **wanted: str) -> set[str]:
    return {
        clause.id
        for clause in report.clauses
        if all(getattr(clause, name) == value for name, value in wanted.items())
    }


@pytest.mark.parametrize("width", [400, 1400])
@pytest.mark.parametrize("name", ["red", "green"])
def test_nothing_is_wider_than_the_window(
    browser: Browser, pages: dict[str, Path], name: str, width: int
) -> None:
    with opened(browser, pages[name], viewport={"width": width, "height": 900}) as page:
        page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_accessibility_violation(browser: Browser, pages: dict[str, Path], scheme: Any) -> None:
    with opened(browser, pages["red"], color_scheme=scheme) as page:
        found = Axe().run(page)
        violations = [
            (each["id"], each["nodes"][0]["html"][:200], each["nodes"][0]["failureSummary"])
            for each in found.response["violations"]
        ]
        assert violations == []


def test_clauses_are_filtered_by_verdict_level_operation_and_words(
    browser: Browser, pages: dict[str, Path], red: Report
) -> None:
    with opened(browser, pages["red"]) as page:
        assert set(visible(page)) == of(red)
        page.get_by_role("radio", name=re.compile("fails")).check()
        assert set(visible(page)) == of(red, verdict="fail")
        page.get_by_role("combobox", name="Level").select_option("must")
        assert set(visible(page)) == of(red, verdict="fail", level="must")
        page.get_by_role("button", name="Show all").click()
        expect(page.locator("#shown")).to_have_text(f"{len(red.clauses)} clauses")
        page.get_by_role("combobox", name="Operation").select_option("patch")
        page.get_by_role("searchbox").fill("ROUND-trip  firstname")
        assert visible(page) == ["patch.firstName.round-trip"]
        expect(page.locator("#shown")).to_have_text("1 clause")
        page.get_by_role("searchbox").fill("no clause has this text")
        assert visible(page) == []
        expect(page.get_by_text("No clause matches.")).to_be_visible()


def test_a_filtered_view_has_an_address(browser: Browser, pages: dict[str, Path], red: Report) -> None:
    with opened(browser, pages["red"], "#?level=should&operation=errors&q=json") as page:
        chosen = visible(page)
        assert chosen
        assert set(chosen) < of(red, level="should", operation="errors")
        expect(page.get_by_role("searchbox")).to_have_value("json")
        page.get_by_role("searchbox").fill("")
        assert page.evaluate("location.hash") == "#?level=should&operation=errors"
        page.reload()
        assert set(visible(page)) == of(red, level="should", operation="errors")
        page.get_by_role("button", name="Show all").click()
        expect(page).to_have_url(pages["red"].as_uri())
    with opened(browser, pages["red"], "#?verdict=splendid&operation=%3Cimg%3E") as page:
        assert set(visible(page)) == of(red)


def test_every_count_of_the_matrix_links_to_exactly_its_clauses(
    browser: Browser, pages: dict[str, Path], red: Report
) -> None:
    with opened(browser, pages["red"]) as page:
        links = page.locator("table.matrix a.count")
        counts = links.evaluate_all("links => links.map(a => [a.dataset.filter, a.innerText, a.hash])")
        assert len(counts) > 10
        for query, text, target in counts:
            wanted = dict(part.split("=") for part in query.split("&"))
            assert len(of(red, **wanted)) == int(re.findall(r"\d+", text)[0])
            assert target == f"#?{query}"
        links.nth(2).click()
        expect(page).to_have_url(re.compile(re.escape(f"#?{counts[2][0]}")))
        assert set(visible(page)) == of(red, **dict(part.split("=") for part in counts[2][0].split("&")))


def test_a_link_to_a_clause_shows_it_even_where_it_was_filtered_out(
    browser: Browser, pages: dict[str, Path], red: Report
) -> None:
    with opened(browser, pages["red"], "#?verdict=pass") as page:
        page.evaluate("location.hash = '#create.id.max-length'")
        clause = page.locator('[id="create.id.max-length"]')
        expect(clause).to_be_in_viewport()
        expect(clause.get_by_text("Minimal sequence of requests")).to_be_visible()
        assert set(visible(page)) == of(red)


def test_an_open_failure_shows_everything_in_the_json(
    browser: Browser, pages: dict[str, Path], red: Report
) -> None:
    failing = next(clause for clause in red.clauses if clause.id == "create.id.max-length")
    failure = failing.failures[0]
    with opened(browser, pages["red"], f"#{failing.id}") as page:
        details = page.locator('[id="create.id.max-length"] .failure > td > details').first
        for script in details.locator("details.script > summary").all():
            script.click()
        text = details.inner_text()
        for value in (failure.expected, failure.actual, failure.detail, failure.replay, failure.test, "4711"):
            assert value in text
        assert details.locator(".exchanges > li").count() == len(failure.exchanges)
        assert "shows the failure" in details.locator(".exchanges > li.decisive").inner_text()
        assert 'TENANT="${TENANT:-mockone}"' in text
        assert '-H "Authorization: Bearer $TOKEN"' in text


def test_replays_can_be_copied(browser: Browser, pages: dict[str, Path], red: Report) -> None:
    failure = next(clause for clause in red.clauses if clause.id == "create.id.max-length").failures[0]
    how = {"permissions": ["clipboard-read", "clipboard-write"]}
    with opened(browser, pages["red"], "#create.id.max-length", **how) as page:
        button = page.locator('[id="create.id.max-length"] button.copy').first
        button.click()
        expect(button).to_have_text("Copied")
        expect(page.get_by_role("status").last).to_have_text("Copied to the clipboard")
        assert page.evaluate("navigator.clipboard.readText()") == failure.replay


def test_the_page_is_usable_with_the_keyboard(browser: Browser, pages: dict[str, Path], red: Report) -> None:
    with opened(browser, pages["red"]) as page:
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Go to the clauses")).to_be_focused()
        page.keyboard.press("/")
        expect(page.get_by_role("searchbox")).to_be_focused()
        page.keyboard.type("get.status")
        assert {name.partition(".")[0] for name in visible(page)} == {"get"}
        page.get_by_role("radio", name="all").focus()
        page.get_by_role("searchbox").fill("")
        page.get_by_role("radio", name="all").focus()
        page.keyboard.press("ArrowRight")
        first = next(verdict for verdict in MARKS if of(red, verdict=verdict))
        assert set(visible(page)) == of(red, verdict=first)


def test_the_history_has_a_label_and_flaky_clauses_are_marked(
    browser: Browser, pages: dict[str, Path]
) -> None:
    with opened(browser, pages["red"]) as page:
        flaky = page.locator(f'[id="{FLAKY}"]')
        expect(flaky.get_by_role("img")).to_have_accessible_name(
            "Last 12 runs: fails 2, passes 9, not covered 1"
        )
        expect(flaky.get_by_text("flaky")).to_be_visible()
        expect(page.locator('[id="create.id.max-length"]').get_by_text("flaky")).to_have_count(0)
        expect(page.get_by_role("heading", name="Flaky clauses")).to_be_visible()
    with opened(browser, pages["green"]) as page:
        assert page.locator(".sparkline").count() == 0


def test_without_scripts_everything_is_shown_and_no_control(
    browser: Browser, pages: dict[str, Path], red: Report
) -> None:
    with opened(browser, pages["red"], java_script_enabled=False) as page:
        assert page.locator("table.clauses > tbody:visible").count() == len(red.clauses)
        expect(page.get_by_role("search")).to_have_count(0)
        assert page.locator("button:visible").count() == 0
        page.locator("table.matrix a.count").first.click()
        assert page.url.endswith("#operation-token")


def test_print_shows_closed_failures_and_no_control(browser: Browser, pages: dict[str, Path]) -> None:
    with opened(browser, pages["red"]) as page:
        page.evaluate("document.querySelectorAll('.failure details').forEach(each => each.open = false)")
        page.emulate_media(media="print")
        expect(page.get_by_role("search")).to_have_count(0)
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        expect(page.get_by_text("Minimal sequence of requests").first).to_be_visible()
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.locator(".failure > td > details[open]").count() == 0
        assert page.pdf().startswith(b"%PDF")
