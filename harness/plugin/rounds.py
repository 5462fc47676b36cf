"""A nightly run with a budget: what draws its questions is asked again, round after round, until it is spent."""

import gc
from collections.abc import Generator, Iterator

import pytest
from _pytest.runner import runtestprotocol

from client import ServiceUnavailable, TenantError, clean_up_between
from harness.plugin import profiles
from harness.plugin.allure_buffer import Held, holding
from harness.plugin.evidence_plugin import TRIAL
from harness.plugin.progress import Progress
from harness.plugin.run import Run
from spec import clauses


class Rounds:
    """Asks all collected tests once, and then, in their order, those that draw what they ask.

    Each round has a seed of its own and ends with the deletion of what it made. A test that failed is not asked
    again. Of a later round only failures are told, each as a test of its own: junit.xml and the terminal name
    the round, and to Allure it is a second attempt.
    """

    def __init__(self, run: Run, progress: Progress) -> None:
        self._run = run
        self._progress = progress
        self._held: Held | None = None

    @property
    def number(self) -> int:
        """The round that is under way, from 1."""
        return self._run.options.round

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Generator[None, object, object]:
        """All tests once, and then rounds."""
        run, items = self._run, list(session.items)
        if run.has_work(session) and not session.testsfailed:
            self._progress.say(self._budget())
        with self._progress.shown(session, {name for item in items for name in _named(item)}):
            result = yield
            if run.in_rounds and not run.trouble and not run.bound:
                left = [item for item in items if _draws(item) and _worth_asking(item)]
                with holding() as self._held:
                    self._go_on(session, left)
        return result

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
        """A later round tells of a test only what is new: that it fails."""
        if self._held is None:
            return None
        item._report_sections.clear()
        reports = runtestprotocol(item, log=False, nextitem=nextitem)
        trial = item.stash[TRIAL]
        erred = any(report.failed for report in reports) and not trial.trouble
        if trial.failures or erred:
            for report in reports:
                report.nodeid = f"{report.nodeid} (round {self.number})"
                item.ihook.pytest_runtest_logreport(report=report)
        return True

    def _go_on(self, session: pytest.Session, items: list[pytest.Item]) -> None:
        run = self._run
        while items and self._made_room():
            before = run.requests().total
            run.options.round += 1
            run.plugin.again = True
            profiles.ask_by(run.options.seed_of_round)
            for item, following in zip(items, [*items[1:], None], strict=True):
                self._ask(session, item, following)
                if run.plugin.reached is not None or run.plugin.out:
                    break
            items = [item for item in items if _worth_asking(item)]
            if run.plugin.reached is not None or run.plugin.out or run.requests().total == before:
                break
        run.spent = self._spent()

    def _ask(self, session: pytest.Session, item: pytest.Item, following: pytest.Item | None) -> None:
        assert self._held is not None
        item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
        self._held.drop() if _worth_asking(item) else self._held.keep()
        self._progress.tick()
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)

    def _made_room(self) -> bool:
        """Delete what the round made, and forget it; whether there is anything left of the budget."""
        run = self._run
        try:
            clean_up_between(run.client)
        except ServiceUnavailable as outage:
            run.trouble = f"The tenant stopped answering: {outage}"
        except TenantError:
            pass  # what is left is deleted at the end
        run.forget()
        gc.collect()
        return not run.trouble and all(run.client.bounds.left.values())

    def _budget(self) -> str:
        run, bounds = self._run, " or ".join(self._bounds().values())
        told = f"Nightly, seed {run.options.seed}: "
        if not bounds:
            return (
                f"{told}every test once; with [safety] max_seconds or max_requests it would go on until then."
            )
        if not run.in_rounds:
            return f"{told}every test once, for workers know no rounds; it ends sooner at {bounds}."
        return f"{told}it asks round after round, each with new data, until {bounds} is reached."

    def _bounds(self) -> dict[str, str]:
        """What ends the run, by the name of the bound."""
        bounds = {name: getattr(self._run.safety, name) for name in ("max_seconds", "max_requests")}
        return {
            name: f"[safety] {name} = {bound:,.10g}" for name, bound in bounds.items() if bound is not None
        }

    def _spent(self) -> str:
        run = self._run
        spent = [told for name, told in self._bounds().items() if run.client.bounds.left[name] == 0]
        why = f"{' and '.join(spent)} is reached" if spent else "nothing is left that could be asked again"
        return f"{self.number} rounds were asked: {why}."


def _draws(item: pytest.Item) -> bool:
    """Whether another seed asks other questions."""
    test = getattr(item, "obj", None)
    return hasattr(test, "hypothesis") or item.get_closest_marker("drawn") is not None


def _worth_asking(item: pytest.Item) -> bool:
    """Whether the test has been asked, and found nothing wrong so far."""
    trial = item.stash.get(TRIAL, None)
    return trial is not None and not trial.failures and next(iter(trial.clauses)) not in trial.unmet


def _named(item: pytest.Item) -> Iterator[str]:
    """The clauses that the test answers for and a run can judge."""
    for marker in item.iter_markers("clause"):
        yield from (name for name in marker.args if not clauses()[name].untestable)
