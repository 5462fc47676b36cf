"""A nightly run with a budget: tests that draw random data run again, in rounds, until the budget is used."""

import gc
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol

from client import ServiceUnavailable, TenantError, clean_up_between
from harness.plugin.evidence.evidence_plugin import RECORD
from harness.plugin.evidence.hypothesis_internals import set_seed
from harness.plugin.execution.interruption import raise_if_stopped
from harness.plugin.execution.profiles import declared_clauses
from harness.plugin.output.terminal import Progress
from harness.plugin.run import Run
from spec import clauses


@dataclass(eq=False)
class Rounds:
    """Runs all collected tests once, and then repeats, in their order, those that draw random data.

    Each round has a seed of its own and ends with the deletion of its customers. A test that failed is not repeated.
    Of a later round only failures are reported, each as a test of its own: junit.xml and the terminal name the round,
    and Allure shows a second attempt.
    """

    run: Run
    progress: Progress

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Generator[None, object, object]:
        """Run all tests once, and then the rounds."""
        run, items = self.run, list(session.items)
        if session.items and not session.testsfailed:
            self.progress.print_line(self._announcement())
        declared = {name for item in items for name in declared_clauses(item)}
        with self.progress.live(session, {name for name in declared if not clauses()[name].untestable}):
            result = yield
            if run.repeats_until_budget and not run.status.error and not run.status.budget:
                run.evidence.repeating = True
                self._repeat(session, [item for item in items if _is_random(item) and _has_not_failed(item)])
        return result

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
        """In a later round, report only a test that fails."""
        if not self.run.evidence.repeating:
            return None
        item._report_sections.clear()
        reports = runtestprotocol(item, log=False, nextitem=nextitem)
        record = item.stash[RECORD]
        is_error = any(report.failed for report in reports) and not record.transient_errors
        if record.failed or is_error:
            for report in reports:
                report.nodeid = f"{report.nodeid} (round {self.run.options.round})"
                item.ihook.pytest_runtest_logreport(report=report)
        return True

    def _repeat(self, session: pytest.Session, items: list[pytest.Item]) -> None:
        run, runner = self.run, self.run.evidence.runner
        while items and not runner.is_over and self._clean_up():
            before = run.totals().requests.total
            run.options.round += 1
            set_seed(run.options.seed_of_round)
            for item, following in zip(items, [*items[1:], None], strict=True):
                self._run_test(session, item, following)
                if runner.is_over:
                    break
            if run.totals().requests.total == before:
                break
            items = [item for item in items if _has_not_failed(item)]
        run.status.rounds = self._conclusion()

    def _run_test(self, session: pytest.Session, item: pytest.Item, following: pytest.Item | None) -> None:
        """Run a test again; of what Allure writes, keep only the result of a test that fails now."""
        before = _allure_files(item.config)
        item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
        if _has_not_failed(item):
            for path in _allure_files(item.config) - before:
                path.unlink()
        self.progress.update()
        raise_if_stopped(session)

    def _clean_up(self) -> bool:
        """Delete and forget the customers of the round; whether another round can begin."""
        run = self.run
        try:
            clean_up_between(run.client)
        except ServiceUnavailable as error:
            run.status.end("network", f"The tenant stopped answering: {error}")
        except TenantError:
            pass  # the clean-up of the run deletes the remaining customers
        run.connection.forget_customers()
        gc.collect()
        return not run.status.error and all(run.client.budget.left.values())

    def _announcement(self) -> str:
        run, limits = self.run, " or ".join(self._limits().values())
        prefix = f"Nightly, seed {run.options.seed}: every test runs once"
        if not limits:
            return (
                f"{prefix}; with [safety] max_seconds or max_requests the tests would be repeated until then."
            )
        if not run.repeats_until_budget:
            return f"{prefix}, because workers run no rounds; the run ends sooner at {limits}."
        return f"{prefix}, and random tests again with new data, in rounds, until {limits} is reached."

    def _conclusion(self) -> str:
        left = self.run.client.budget.left
        reached = [limit for name, limit in self._limits().items() if left[name] == 0]
        reason = f"{' and '.join(reached)} is reached" if reached else "there is no test left to repeat"
        return f"{self.run.options.round} rounds: {reason}."

    def _limits(self) -> dict[str, str]:
        """The limits of [safety] that end the run, as text, by name."""
        safety = self.run.tenant_config.safety
        limits = {"max_seconds": safety.max_seconds, "max_requests": safety.max_requests}
        return {
            name: f"[safety] {name} = {limit:,.10g}" for name, limit in limits.items() if limit is not None
        }


def _is_random(item: pytest.Item) -> bool:
    """Whether the test draws other data with another seed."""
    return (
        hasattr(getattr(item, "obj", None), "hypothesis") or item.get_closest_marker("randomized") is not None
    )


def _has_not_failed(item: pytest.Item) -> bool:
    """Whether the test ran, with its first clause, and found no failure so far."""
    record = item.stash.get(RECORD, None)
    if record is None or record.failed or record.repeats:
        return False
    return next(iter(record.declared)) not in record.unmet


def _allure_files(config: pytest.Config) -> set[Path]:
    folder = getattr(config.option, "allure_report_dir", None)
    return {*Path(folder).glob("*")} if folder else set()
