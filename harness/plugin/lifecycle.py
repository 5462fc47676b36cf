"""Opens the run before the first test, ends it early where it must, and finishes it after the last test."""

import sys
from collections.abc import Generator, Iterable

import pytest

from client import ConfigurationError, ContractError, TenantError
from harness.plugin.output import banner
from harness.plugin.output.finalize import Finalizer
from harness.plugin.run import Run

INTERRUPTED = "The run was interrupted; tests that had not run are not assessed."


class Redaction:
    """Removes secrets from the failures that pytest reports, whichever report they go to."""

    def __init__(self, run: Run) -> None:
        self._run = run

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        if report.longrepr is not None:
            text = report.longreprtext
            if (redacted := self._run.redacted(text)) != text:
                report.longrepr = redacted
        return report


class Traces:
    """Gives the requests of each test a trace id of their own."""

    def __init__(self, run: Run) -> None:
        self._run = run

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        if not self._run.is_open:
            return (yield)
        self._run.client.trace.begin(item.nodeid)
        try:
            return (yield)
        finally:
            self._run.client.trace.begin("")


class Lifecycle:
    """The lifecycle of a run, in the process that has its client."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._finalizer = Finalizer(run)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Open the run unless there is nothing to run; if it cannot be opened, no test runs."""
        run = self._run
        if run.options.only_collects or session.testsfailed or not session.items:
            return None
        run.interruption.install()
        if run.is_live and run.connection.settings is not None:
            plan = banner.plan(
                run.connection.settings, run.id, run.options.report_dir, run.repeats_until_budget
            )
            _print([*plan, *banner.described_by_tenant(run.connection.reads_facts)])
        try:
            run.connection.open(run.id, run.embed)
        except TenantError as error:
            run.status.end("preflight", str(error))
            run.status.is_usage_error = isinstance(error, ConfigurationError)
            if isinstance(error, ContractError):
                run.plugin.add_failure_before_tests(error)
            return True
        _print(banner.facts(run.connection.facts))
        return None

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """End the run after a signal, at a limit of [safety], or when the tenant cannot be reached any more."""
        self._run.interruption.check()
        result = yield
        if self._run.update_status().is_over:
            item.session.items.clear()
        return result

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Clean up, write the report, and set the exit code unless pytest's own states an error of pytest."""
        run = self._run
        if run.options.only_collects or not (run.is_open or run.status.error):
            return
        if session.exitstatus == pytest.ExitCode.INTERRUPTED:
            run.status.end("interrupted", INTERRUPTED)
        exit_status = self._finalizer.finish(getattr(session.config.option, "allure_report_dir", None))
        if session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            session.exitstatus = exit_status
        run.connection.close()
        run.interruption.restore()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_terminal_summary(self) -> Generator[None, None, None]:
        """Print the verdicts below everything that pytest prints."""
        yield
        _print(self._finalizer.print_result())


def _print(lines: Iterable[str]) -> None:
    """Print whole lines, wherever the cursor of the terminal is."""
    if text := "".join(f"{line}\n" for line in lines):
        sys.stdout.write(f"\n{text}")
        sys.stdout.flush()
