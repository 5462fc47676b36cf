"""The report in the terminal, and the text of a failure that pytest prints."""

import io
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from meta_tests.unit.reporting.test_samples import UNBROKEN, findings, sample_report, status_failure
from reporting import Finding, Report, failure_text, render, verdict_sentence
from spec import clauses


@pytest.fixture(scope="module")
def report() -> Report:
    return sample_report()


def words(parts: list[str]) -> str:
    return " ".join("".join(parts).split())


def printed(report: Report, path: Path | None = None, width: int = 80, **options: Any) -> list[str]:
    stream = io.StringIO()
    console = Console(file=stream, width=width, force_terminal=False)
    render(report, console, path, **options)
    return stream.getvalue().splitlines()


def test_the_terminal_shows_a_failure(report: Report) -> None:
    lines = printed(report)
    assert lines[:5] == [
        "create.id.max-length (MUST)",
        "  Create answers 400 to an id of more than 66 characters.",
        "  expected   400",
        "  actual     201",
        "  at         an id of 67 characters",
    ]
    assert lines[5].startswith(
        "  exchanges  1. POST http://127.0.0.1:40123/customer/mockone/customers as client {"
    )
    assert lines[7].startswith("  replay     pytest 'tests/writes/test_create.py::test_id_")


def test_a_red_run_is_at_most_a_page_long() -> None:
    """Each mismatch once: the first ones with exchanges, the others in a line."""
    names = [name for name, clause in clauses().items() if clause.level == "must"][:60]
    found = [
        Finding(
            name,
            f"tests/test_{number}.py::test",
            "fail",
            failure=status_failure(500, 200, test=f"tests/test_{number}.py::test", exchanges=({},) * 12),
        )
        for number, name in enumerate(names)
    ]
    blocked = [
        Finding(names[0], f"tests/test_x.py::test[{number}]", "not_assessed", repeats="500 instead of 200")
        for number in range(300)
    ]
    lines = printed(sample_report([*found, *blocked], left=0), width=200)
    assert len(lines) < 85, "the progress of the tests and the counts of pytest take up to 15 lines"
    assert "  blocks     300 further tests" in lines
    assert sum(": 500 instead of 200 (tests/" in line for line in lines) == 24
    assert "and 33 more failures in the report" in lines


def test_the_terminal_escapes_the_text_of_a_tenant(report: Report) -> None:
    text = "\n".join(printed(report))
    assert not set(text) & set("\x1b\x00\u202e\u200b")
    assert "<U+001B>[31mred" in text
    assert UNBROKEN not in text


def test_the_last_line_of_a_red_run_replays_the_first_failure(report: Report) -> None:
    last = printed(report)[-1]
    assert last.startswith(verdict_sentence(report))
    assert "; first: create.id.max-length" in last
    assert last.endswith("--hypothesis-seed=4711")
    assert "3 CUSTOMERS LEFT IN THE TENANT" in printed(report, width=400)[-3]
    assert "3 requests may have left a customer that cannot be found" in printed(report, width=400)[-2]


def test_the_last_line_of_a_green_run_leads_to_the_report_or_to_the_sweep() -> None:
    green = [
        finding if finding.outcome != "fail" else Finding(finding.clause, finding.test, "pass")
        for finding in findings()
    ]
    where = Path("reports/conformance.html")
    assert printed(sample_report(green, left=0), where)[-1].endswith("Report: reports/conformance.html")
    assert printed(sample_report(green, left=2), where)[-1].endswith("Delete the customers: make sweep")


def test_the_last_line_names_the_share_of_assessed_clauses(report: Report) -> None:
    assert "testable MUST clauses assessed (" in printed(report)[-1]
    assert "--min-assessed" not in printed(report)[-1]
    assert "fewer than --min-assessed=99 requires. Replay: " in printed(report, min_assessed=99)[-1]


def test_the_last_line_says_that_strict_fails_the_run() -> None:
    should = next(each.id for each in clauses().values() if each.level == "should")
    failing = [
        Finding("get.status.ok", "tests/x.py::test_x", "pass"),
        Finding(should, "tests/x.py::test_y", "fail", failure=status_failure(201, 400)),
    ]
    report = sample_report(failing, left=0)
    assert printed(report)[-1].startswith("Conformant")
    assert printed(report, strict=True)[-1].startswith("The run fails because of --strict. Conformant")


def test_a_run_without_assessed_clauses_is_not_assessed() -> None:
    assert printed(sample_report([], left=0))[-1].startswith("Not assessed: no clause was assessed")


def test_the_text_of_a_failure_has_its_parts_in_order(report: Report) -> None:
    clause = next(clause for clause in report.clauses if clause.id == "create.id.max-length")
    lines = failure_text(clause.id, clause.failures[0]).splitlines()
    assert lines[:4] == [
        f"create.id.max-length (MUST): {clause.text}",
        "expected:  400",
        "actual:    201",
        "at:        an id of 67 characters",
    ]
    assert lines[4] == "exchanges:"
    assert lines[5].startswith("  1. POST http://127.0.0.1:40123/customer/mockone/customers as client {")
    assert lines[6].startswith("  2. GET ")
    assert lines[7:9] == ["example:", "  test_id_is_refused_beyond_its_length("]
    assert lines[-1] == f"replay:    {clause.failures[0].replay}"


def test_the_text_of_a_failure_escapes_the_text_of_a_tenant(report: Report) -> None:
    clause = next(clause for clause in report.clauses if clause.id == "patch.firstName.round-trip")
    text = failure_text(clause.id, clause.failures[0])
    assert not set(text) & set("\x1b\x00\u202e\u200b")
    assert "<U+001B>[31mred" in text
