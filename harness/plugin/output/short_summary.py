"""Hides what pytest prints of failed clauses, because the verdicts below show each mismatch once."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import pytest


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
