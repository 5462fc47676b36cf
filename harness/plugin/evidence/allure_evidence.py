"""What Allure shows of each test."""

import json
import os
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

import allure
import pytest
from allure_commons.model2 import Parameter, Status, StatusDetails, TestResult
from allure_commons.reporter import AllureReporter
from allure_commons.types import LabelType, LinkType, Severity
from pydantic_core import to_jsonable_python

from harness.plugin.evidence.evidence_plugin import FAILURES
from harness.plugin.execution.profiles import declared_clauses
from reporting import Failure, failure_text
from reporting.formats.ci import source_locations
from reporting.formats.ci.allure_environment import source_link
from spec import clause

SEVERITY: Final = {
    "must": Severity.BLOCKER,
    "should": Severity.NORMAL,
    "unspecified": Severity.TRIVIAL,
}


class ResultReporter(AllureReporter):
    """Reports the results of tests alone: containers, one for each fixture of each test, would be most of the files."""

    def stop_group(self, uuid: str, **_: object) -> None:
        """Report no container."""
        self.drop_test(uuid)  # type: ignore[no-untyped-call]


@dataclass(eq=False)
class AllureEvidence:
    """Labels each test by its clauses; attaches the failures and their exchanges to a test that failed.

    Once for each test, at its end: with attachments of every example, the decisive one would be hard to find.
    """

    redacted: Callable[[str], str]

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        if (listener := _listener(session.config)) is not None:
            listener.allure_logger = ResultReporter()  # type: ignore[no-untyped-call]

    def pytest_collection_modifyitems(self, config: pytest.Config, items: Sequence[pytest.Item]) -> None:
        for item in items if config.pluginmanager.hasplugin("allure_pytest") else ():
            for kind, value in _labels(item):
                item.add_marker(pytest.mark.allure_label(value, label_type=kind))
            if place := source_locations.of_test(item.nodeid):
                url, name = source_link(*place, os.environ), ":".join(map(str, place))
                item.add_marker(pytest.mark.allure_link(url, link_type=LinkType.LINK, name=name))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        result = _result(item)
        if result is None:
            return report
        if result.statusDetails is not None:
            result.statusDetails.message = self.redacted(result.statusDetails.message or "")
        if FAILURES in item.stash:
            _attach(item.stash[FAILURES], result, report)
            del item.stash[FAILURES]
        return report

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None, object, object]:
        """Replace the values of parameters by the id of the case, and identify the test by its node id.

        The values may be bodies of a megabyte, and differ in every run.
        """
        outcome = yield
        if (result := _result(item)) is not None:
            case = getattr(item, "callspec", None)
            result.parameters = [Parameter(name="case", value=case.id)] if case else []
            result.historyId = uuid5(NAMESPACE_URL, item.nodeid).hex
        return outcome


def _attach(failures: Mapping[str, Failure], result: TestResult, report: pytest.TestReport) -> None:
    texts = {name: failure_text(name, failure) for name, failure in failures.items()}
    result.status = Status.FAILED if report.failed else Status.SKIPPED
    result.statusDetails = StatusDetails(message="\n\n".join(texts.values()), trace=report.longreprtext)
    for name, failure in failures.items():
        allure.attach(texts[name], name, allure.attachment_type.TEXT)
        if failure.exchanges:
            exchanges = json.dumps(to_jsonable_python(failure.exchanges), ensure_ascii=False, indent=2)
            allure.attach(exchanges, f"{name}: exchanges", allure.attachment_type.JSON)


def _labels(item: pytest.Item) -> Iterator[tuple[str, str]]:
    """Kind and value: operations are epics, subjects features, clauses stories, the highest level the severity."""
    named = [clause(name) for name in declared_clauses(item)]
    if not named:
        return
    yield LabelType.PARENT_SUITE, named[0].operation
    for operation in dict.fromkeys(each.operation for each in named):
        yield LabelType.EPIC, operation
    for feature in dict.fromkeys(".".join(each.id.split(".")[:2]) for each in named):
        yield LabelType.FEATURE, feature
    for each in named:
        yield LabelType.STORY, each.id
    levels = {each.level for each in named}
    yield LabelType.SEVERITY, next(severity.value for level, severity in SEVERITY.items() if level in levels)


def _result(item: pytest.Item) -> TestResult | None:
    """The result that Allure will write of the running test; None without Allure."""
    listener = _listener(item.config)
    result: TestResult | None = listener.allure_logger.get_test(None) if listener is not None else None
    return result


def _listener(config: pytest.Config) -> Any:
    """The plugin of Allure that observes the tests; None without Allure."""
    return config.pluginmanager.get_plugin("allure_listener")
