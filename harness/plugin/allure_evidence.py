"""The pytest side of junit.xml and allure-results: where they go, and what Allure is told of each test."""

import json
import os
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import Final
from uuid import NAMESPACE_URL, uuid5

import allure
import pytest
from allure_commons.model2 import Parameter, Status, StatusDetails, TestResult
from allure_commons.types import LabelType, LinkType, Severity

from harness.plugin.evidence_plugin import TRIAL
from harness.plugin.markers import clauses_of, four_parts
from harness.test_record import TestRecord
from reporting.formats import source_locations
from reporting.formats.allure_environment import source_link
from spec import clause
from spec.clauses import Level

ALLURE: Final = "allure_pytest"
SEVERITY: Final[dict[Level, Severity]] = {
    "must": Severity.BLOCKER,
    "should": Severity.NORMAL,
    "unspecified": Severity.TRIVIAL,
}
ATTACHED: Final = pytest.StashKey[bool]()


def direct(config: pytest.Config, folder: Path, *, clean: bool = True) -> None:
    """Have junit.xml and allure-results written into `folder`, unless the command line names other places.

    `clean` empties allure-results first.
    """
    if config.option.xmlpath is None:
        config.option.xmlpath = str(folder / "junit.xml")
    if config.pluginmanager.hasplugin(ALLURE) and not config.option.allure_report_dir:
        config.option.allure_report_dir = str(folder / "allure-results")
        config.option.clean_alluredir = clean


class AllureEvidence:
    """Labels each test by its clauses; attaches to a failed one what broke and the exchanges that show it.

    Once a test, when it is over: attached in every example, the one that matters would be buried.
    """

    def __init__(self, redacted: Callable[[str], str]) -> None:
        self._redacted = redacted

    def pytest_collection_modifyitems(self, config: pytest.Config, items: Sequence[pytest.Item]) -> None:
        for item in items if config.pluginmanager.hasplugin(ALLURE) else ():
            for kind, value in _labels(item):
                item.add_marker(pytest.mark.allure_label(value, label_type=kind))
            if place := source_locations.of_test(item.nodeid):
                url = source_link(*place, os.environ)
                item.add_marker(
                    pytest.mark.allure_link(url, link_type=LinkType.LINK, name=":".join(map(str, place)))
                )

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        result = _result(item)
        if result is None:
            return report
        if result.statusDetails is not None:
            result.statusDetails.message = self._redacted(result.statusDetails.message or "")
        trial = item.stash.get(TRIAL, None)
        if trial is not None and trial.failures and ATTACHED not in item.stash:
            item.stash[ATTACHED] = True
            self._attach(trial, result, report)
        return report

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None, object, object]:
        """Say of the parameters only their name: the node id, which is unique and the same in every run.

        Their values may be bodies of a megabyte, and hold what this run alone made up.
        """
        outcome = yield
        if (result := _result(item)) is not None:
            case = getattr(item, "callspec", None)
            result.parameters = [Parameter(name="case", value=case.id)] if case else []
            result.historyId = uuid5(NAMESPACE_URL, item.nodeid).hex
        return outcome

    def _attach(self, trial: TestRecord, result: TestResult, report: pytest.TestReport) -> None:
        told = {name: self._redacted(four_parts(name, trial)) for name in trial.failures}
        result.status = Status.FAILED if report.failed else Status.SKIPPED
        result.statusDetails = StatusDetails(message="\n\n".join(told.values()), trace=report.longreprtext)
        for name, failure in trial.failures.items():
            allure.attach(told[name], name, allure.attachment_type.TEXT)
            if failure.exchanges:
                sequence = json.dumps(failure.exchanges, ensure_ascii=False, indent=2)
                allure.attach(sequence, f"{name}: exchanges", allure.attachment_type.JSON)


def _labels(item: pytest.Item) -> Iterator[tuple[str, str]]:
    """Kind and value: operations as epics, what of them is promised as features, clauses as stories, and the
    gravest level as the severity.
    """
    promises = [clause(name) for name in clauses_of(item)]
    if not promises:
        return
    yield LabelType.PARENT_SUITE, promises[0].operation
    for operation in dict.fromkeys(promise.operation for promise in promises):
        yield LabelType.EPIC, operation
    for feature in dict.fromkeys(".".join(promise.id.split(".")[:2]) for promise in promises):
        yield LabelType.FEATURE, feature
    for promise in promises:
        yield LabelType.STORY, promise.id
    levels = {promise.level for promise in promises}
    yield LabelType.SEVERITY, next(severity.value for level, severity in SEVERITY.items() if level in levels)


def _result(item: pytest.Item) -> TestResult | None:
    """What Allure will write of the running test; None where Allure writes nothing."""
    listener = item.config.pluginmanager.get_plugin("allure_listener")
    if listener is None:
        return None
    result: TestResult | None = listener.allure_logger.get_test(None)
    return result
