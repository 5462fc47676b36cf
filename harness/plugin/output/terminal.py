"""What pytest prints: the progress of a nightly run, and no failed clauses, because the verdicts show each once."""

import os
import sys
import time
from collections.abc import Collection, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import pytest

from harness.plugin.run import Run

INTERVAL: Final = 30.0
"""Seconds between plain lines; MIN_INTERVAL where another tenth of the budget is used."""
MIN_INTERVAL: Final = 2.0
TENTHS: Final = 10


@dataclass(eq=False)
class Progress:
    """Shows requests, examples, assessed clauses, failures, and the remaining budget of a nightly run.

    On a terminal, a live line replaces pytest's dots. With -v, in CI, or without a terminal there are plain lines;
    with -q there are none.
    """

    run: Run
    config: pytest.Config
    clauses: frozenset[str] = frozenset()
    is_live: bool = False
    printed_at: float = field(default_factory=time.monotonic)
    printed_tenths: int = 0

    def print_line(self, line: str) -> None:
        """Print a whole line, wherever the cursor of the terminal is."""
        if self._reporter._tw.width_of_current_line:
            self._reporter.write("\n")
        self._reporter.write_line(line)

    @contextmanager
    def live(self, session: pytest.Session, clauses: Collection[str]) -> Iterator[None]:
        """Show the live line within this context if there is a terminal; `clauses` are those that can be assessed."""
        self.clauses = frozenset(clauses)
        verbose, is_terminal = self.config.option.verbose, sys.stdout.isatty() and not os.environ.get("CI")
        if verbose != 0 or not is_terminal or not session.items:
            yield
            return
        reporter = self._reporter
        reporter.ensure_newline()
        before = reporter.showfspath, reporter._show_progress_info
        reporter.showfspath, reporter._show_progress_info = False, False
        self.is_live = True
        try:
            self.update()
            yield
        finally:
            self.is_live = False
            reporter.rewrite("", erase=True)
            reporter.rewrite("")
            reporter.showfspath, reporter._show_progress_info = before

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_report_teststatus(self, report: pytest.TestReport) -> Generator[None, Any, Any]:
        """Print failures above the live line, and no dots."""
        category, letter, word = yield
        if not self.is_live or not isinstance(report, pytest.TestReport):
            return category, letter, word
        if report.failed:
            self._reporter.rewrite(f"FAILED {report.nodeid}", erase=True, red=True)
            self._reporter.write("\n")
        return category, "", ""

    def pytest_runtest_logfinish(self) -> None:
        """Update the progress after a test of the first round."""
        self.update()

    def update(self) -> None:
        """Renew the live line, or print a plain one if it is due.

        A thread that does it at intervals would prevent the fork of workers.
        """
        if self.is_live:
            line, has_failures = self._line(), bool(self.run.evidence.findings.failing)
            line = line[: self._reporter._tw.fullwidth - 1]
            self._reporter.rewrite(line, erase=True, red=has_failures, green=not has_failures)
            return
        if self.config.option.verbose < 0:
            return
        now, tenths = time.monotonic(), int((1 - self._budget_share()) * TENTHS)
        passed = now - self.printed_at
        if passed >= INTERVAL or (tenths > self.printed_tenths and passed >= MIN_INTERVAL):
            self.printed_at, self.printed_tenths = now, tenths
            self.print_line(self._line())

    @property
    def _reporter(self) -> Any:
        return self.config.pluginmanager.get_plugin("terminalreporter")

    def _budget(self) -> dict[str, Any]:
        """What is left of each limit of [safety]; empty before the run is open."""
        return dict(self.run.client.budget.left) if self.run.is_open else {}

    def _budget_share(self) -> float:
        """The remaining share of the limit that is nearest."""
        safety = self.run.tenant_config.safety
        return min((left / getattr(safety, name) for name, left in self._budget().items()), default=1.0)

    def _line(self) -> str:
        run, evidence, budget, totals = self.run, self.run.evidence, self._budget(), self.run.totals()
        parts = [f"round {run.options.round}"]
        if "max_seconds" in budget:
            minutes, seconds = divmod(int(budget["max_seconds"]), 60)
            parts.append(f"{minutes // 60}:{minutes % 60:02}:{seconds:02} left")
        if "max_requests" in budget:
            parts.append(f"{budget['max_requests']:,} requests left")
        parts += [
            f"{evidence.findings.failing} failing",
            f"{totals.requests.total:,} requests",
            f"{totals.examples:,} examples",
            f"{len(evidence.findings.with_result & self.clauses)} of {len(self.clauses)} clauses checked",
        ]
        return " · ".join(parts)


@dataclass(eq=False)
class ShortSummary:
    """Without -v, pytest prints neither the failures of clauses nor a line for each test that they block.

    Errors of the suite are printed as ever, and the counts of the last line are those of all tests.
    """

    config: pytest.Config

    def pytest_runtestloop(self) -> None:
        """Print dots alone: tests of one module do not run one after another."""
        reporter = self.config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None and self.config.option.verbose == 0:
            reporter.showfspath = False

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_terminal_summary(self, terminalreporter: Any) -> Generator[None, object, object]:
        """Show pytest only the reports without failed clauses."""
        if self.config.option.verbose > 0:
            return (yield)
        reports = dict(terminalreporter.stats)
        for category, all_of_it in reports.items():
            terminalreporter.stats[category] = [
                each for each in all_of_it if not getattr(each, "clauses", ())
            ]
        try:
            return (yield)
        finally:
            terminalreporter.stats.update(reports)
