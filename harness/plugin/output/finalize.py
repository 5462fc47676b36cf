"""The end of a run: clean-up, report, exit code, and the verdicts on the terminal."""

import platform
import sys
import time
from collections.abc import Generator
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Final

import pytest
from rich.console import Console

from client import CleanupResult, clean_up
from client.lifecycle.progress import progress_printer
from harness.plugin.execution import profiles
from harness.plugin.output import banner
from harness.plugin.run import Run
from reporting import (
    Data,
    Report,
    ReportError,
    Suite,
    Target,
    accept,
    aggregate,
    exit_code,
    render,
    verdict_sentence,
)
from reporting.formats.ci import github
from reporting.formats.ci.allure_environment import write_environment
from reporting.model.detections import detections
from reporting.verdicts.aggregate import NOT_SELECTED
from reporting.verdicts.gate import NOT_ASSESSED, NOT_CONFORMANT
from reporting.version import VERSION
from spec import clauses

ENGINES: Final = ("hypothesis", "schemathesis")
"""Whose versions determine the examples that a seed draws, beside Python's."""


INTERRUPTED: Final = "The run was interrupted; tests that had not run are not assessed."


@dataclass(eq=False)
class Finalizer:
    """After the last test: deletes what the run created, writes its report, and prints the result."""

    run: Run
    leftovers: CleanupResult | None = None
    report: Report | None = None
    page: Path | None = None
    accepted: str = ""

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Clean up, write the report, and set the exit code unless pytest's own states an error of pytest."""
        run = self.run
        if run.options.only_collects or not (run.is_open or run.status.error):
            return
        if session.exitstatus == pytest.ExitCode.INTERRUPTED:
            run.status.end("interrupted", INTERRUPTED)
        exit_status = self._finish(getattr(session.config.option, "allure_report_dir", None))
        if session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            session.exitstatus = exit_status
        run.closing.close()

    def _finish(self, allure_results: str | None) -> int:
        """Clean up and write the report; the exit code of the run."""
        run, folder = self.run, self.run.options.report_dir
        if run.is_open and run.cleans_up:
            self._clean_up()
        report = self.report = self._create_report()
        for write in run.writers:
            try:
                self.page = write(report, folder)
            except ReportError as error:
                run.status.error = str(error)
        if run.options.accepts_deviations:
            try:
                self.accepted = accept(report, run.options.deviations)
            except ReportError as error:
                run.status.error = str(error)
        if allure_results:
            write_environment(report, Path(allure_results), run.environ)
        run.status.error = github.summarise(report, run.environ) or run.status.error
        return self._exit_status(report)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_terminal_summary(self) -> Generator[None, None, None]:
        """Print why the run is incomplete, what it left behind, and the verdicts, below all that pytest prints.

        At the end come the commands for GitHub.
        """
        yield
        report, status, console = self.report, self.run.status, Console()
        if report is None:
            return
        sentences = [(status.budget, "bold yellow"), (status.rounds, "bold"), (status.lost, "bold red")]
        if status.error.rstrip(".") not in verdict_sentence(report):
            sentences.append((status.error, "bold red"))
        if self.leftovers is not None:
            sentences += [(line, "yellow") for line in banner.left_behind(self.run, self.leftovers)]
        sentences.append((self.accepted, "magenta"))
        for sentence, style in sentences:
            if sentence:
                console.print(sentence, style=style, markup=False, highlight=False, soft_wrap=True)
        options = self.run.options
        render(report, console, self.page, strict=options.strict, min_assessed=options.min_assessed)
        banner.show(github.annotations(report, self.run.environ))

    def _clean_up(self) -> None:
        """Delete what the run created; if this is interrupted, the error names the command that does it later."""
        run = self.run
        sys.stdout.write("\n")  # the cursor is behind the dots of pytest
        try:
            with run.interruption.in_clean_up():
                self.leftovers = clean_up(run.client, progress_printer(sys.stdout))
        except KeyboardInterrupt:
            command = banner.sweep_command(run)
            run.status.error = f"The clean-up was interrupted; delete the remaining customers: {command}"
            self.leftovers = CleanupResult.from_ledger(run.client.ledger)

    def _create_report(self) -> Report:
        run, left = self.run, self.leftovers
        status, settings = run.status, run.settings
        part = run.totals_with_coverage()
        verdicts = aggregate(
            clauses(),
            run.evidence.findings,
            reason=status.error or status.budget or NOT_SELECTED,
            reason_code=status.reason,
            detections=detections(),
            deviations=run.deviations,
        )
        is_complete = status.is_complete and profiles.profile() != profiles.SMOKE
        return Report(
            suite=Suite(VERSION, profiles.profile(), run.options.seed, versions()),
            target=Target(
                settings.api_url if settings else "",
                settings.tenant if settings else "",
                "live" if run.is_live else "mock",
                {
                    **(settings.tenant_config.model_dump(mode="json") if settings else {}),
                    **run.options.mock_changes,
                },
            ),
            started_at=run.started_at,
            duration_s=round(time.monotonic() - run.started, 3),
            requests=part.requests,
            data=data_of(left) if left else Data(),
            clauses=verdicts,
            deviations=run.deviations.evaluate(verdicts, complete=is_complete),
            coverage=part.coverage,
            delays=part.delays,
            shard=str(run.options.shard or ""),
        )

    def _exit_status(self, report: Report) -> int:
        """The exit code of the gate, unless the run was configured wrongly or ended with an error."""
        status = self.run.status
        if status.is_usage_error:
            return pytest.ExitCode.USAGE_ERROR
        code = exit_code(report, self.run.options.strict, self.run.options.min_assessed)
        return NOT_ASSESSED if (status.error or status.lost) and code != NOT_CONFORMANT else code


@cache
def versions() -> dict[str, str]:
    """The versions that the examples depend on, by name: Python, Hypothesis, Schemathesis."""
    return {"python": platform.python_version(), **{name: metadata.version(name) for name in ENGINES}}


def data_of(result: CleanupResult) -> Data:
    """What a report says of the customers of the run."""
    times = tuple(create.sent_at for create in result.unaccounted)
    return Data(result.created, result.deleted, len(result.left), len(times), times, len(result.addresses))
