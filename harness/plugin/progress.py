"""How far a nightly run is: one line that changes on a terminal, a plain line now and then elsewhere."""

import os
import sys
import time
from collections.abc import Collection, Generator, Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest
from rich.console import Console
from rich.live import Live
from rich.text import Text

from harness.plugin.run import Run

EVERY: Final = 30.0
"""Seconds between plain lines; sooner where a tenth of the budget has gone meanwhile, but not within PAUSE."""
PAUSE: Final = 2.0
TENTHS: Final = 10


class Progress:
    """Tells requests, examples, clauses with an answer, failures, and what is left of the budget.

    On a terminal the line takes the place of pytest's dots. Nothing is told with -q, only plain lines with -v,
    in CI, or where the output is no terminal.
    """

    def __init__(self, run: Run, config: pytest.Config) -> None:
        self._run = run
        self._config = config
        self._clauses: frozenset[str] = frozenset()
        self._live: Live | None = None
        self._told_at = time.monotonic()
        self._told_tenths = 0

    def say(self, line: str) -> None:
        """A whole line, whatever else is on the terminal."""
        if self._reporter._tw.width_of_current_line:
            self._reporter.write("\n")
        self._reporter.write_line(line)

    @contextmanager
    def shown(self, session: pytest.Session, clauses: Collection[str]) -> Iterator[None]:
        """Keep the line on the terminal meanwhile, if there is one; `clauses` are those that are asked about."""
        self._clauses = frozenset(clauses)
        if not self._on_terminal() or not self._run.has_work(session):
            yield
            return
        reporter: Any = self._reporter
        reporter.ensure_newline()
        before = reporter.showfspath, reporter._show_progress_info
        reporter.showfspath, reporter._show_progress_info = False, False
        # A file of its own: while a test runs, pytest has put another in the place of the terminal.
        with os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8") as stream:
            console = Console(file=stream, force_terminal=True)
            self._live = Live(console=console, get_renderable=self._line, transient=True, auto_refresh=True)
            try:
                with self._live:
                    yield
            finally:
                self._live = None
                reporter.showfspath, reporter._show_progress_info = before

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_report_teststatus(self, report: pytest.TestReport) -> Generator[None, Any, Any]:
        """No dots where the line is; a failure stands above it."""
        category, letter, word = yield
        if self._live is None or not isinstance(report, pytest.TestReport):
            return category, letter, word
        if report.failed:
            self._live.console.print(Text(f"FAILED {report.nodeid}", style="red"), soft_wrap=True)
        return category, "", ""

    def pytest_runtest_logfinish(self) -> None:
        """A test of the first round is over."""
        self.tick()

    def tick(self) -> None:
        """A test is over: perhaps a plain line is due."""
        if self._live is not None or self._config.option.verbose < 0:
            return
        now, tenths = time.monotonic(), int((1 - self._left()) * TENTHS)
        passed = now - self._told_at
        if passed >= EVERY or (tenths > self._told_tenths and passed >= PAUSE):
            self._told_at, self._told_tenths = now, tenths
            self.say(self._line().plain)

    @property
    def _reporter(self) -> Any:
        return self._config.pluginmanager.get_plugin("terminalreporter")

    def _on_terminal(self) -> bool:
        return self._config.option.verbose == 0 and sys.stdout.isatty() and not os.environ.get("CI")

    def _left(self) -> float:
        """The share of the budget that is left, by the bound that is nearer."""
        if not self._run.is_open:
            return 1.0
        safety, left = self._run.safety, self._run.client.bounds.left
        return min((value / getattr(safety, name) for name, value in left.items()), default=1.0)

    def _line(self) -> Text:
        run, plugin = self._run, self._run.plugin
        examples = plugin.examples + (plugin.current.examples if plugin.current is not None else 0)
        failing = plugin.findings.failing
        parts = [
            f"round {run.options.round}",
            *self._budget_left(),
            f"{failing} failing",
            f"{run.requests().total:,} requests",
            f"{examples:,} examples",
            f"{len(plugin.findings.assessed & self._clauses)} of {len(self._clauses)} clauses assessed",
        ]
        return Text(" · ".join(parts), style="red" if failing else "green", no_wrap=True, overflow="ellipsis")

    def _budget_left(self) -> Iterator[str]:
        if not self._run.is_open:
            return
        left = self._run.client.bounds.left
        if "max_seconds" in left:
            minutes, seconds = divmod(int(left["max_seconds"]), 60)
            yield f"{minutes // 60}:{minutes % 60:02}:{seconds:02} left"
        if "max_requests" in left:
            yield f"{left['max_requests']:,} requests left"
