"""Opens the run before the first test, and ends it early where it must."""

from collections.abc import Generator
from dataclasses import dataclass

import pytest

from client import ConfigurationError, ContractError, TenantError
from harness.plugin.output import banner
from harness.plugin.run import Run

NOT_COLLECTED = "Modules that could not be collected are not assessed."


@dataclass(eq=False)
class Lifecycle:
    """The lifecycle of a run up to its last test, in the process that has its client."""

    run: Run

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Open the run unless there is nothing to run; if it cannot be opened, no test runs."""
        run, option = self.run, session.config.option
        is_aborted = session.testsfailed and not option.continue_on_collection_errors
        if run.options.only_collects or is_aborted or not session.items:
            return None
        if session.testsfailed:
            run.status.lost = NOT_COLLECTED
        run.closing.enter_context(run.interruption.handled())
        if run.settings is not None:
            banner.show(banner.plan(run, run.settings))
        try:
            run.open()
        except TenantError as error:
            run.status.end("preflight", str(error))
            run.status.is_usage_error = isinstance(error, ConfigurationError)
            if isinstance(error, ContractError):
                run.evidence.add_failure_before_tests(error)
            return True
        banner.show(banner.facts(run.connection.facts))
        return None

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Give the requests of the test a trace id of their own.

        End the run after a signal, at a limit of [safety], or when the tenant cannot be reached any more.
        """
        run = self.run
        run.interruption.check()
        run.client.trace.begin(item.nodeid)
        try:
            result = yield
        finally:
            run.client.trace.begin("")
        if run.update_status().is_over:
            item.session.items.clear()
        return result

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Remove secrets from the failure that pytest reports, whichever report it goes to."""
        report = yield
        text = report.longreprtext if report.longrepr is not None else ""
        if (redacted := self.run.redacted(text)) != text:
            report.longrepr = redacted
        return report
