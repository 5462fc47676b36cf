"""Fixtures of the tests of the pytest plugin: runs of pytest with the evidence plugin."""

from collections.abc import Callable

import pytest

from harness import triage
from harness.plugin.evidence.evidence_plugin import EvidencePlugin
from meta_tests.support.scripted_tenant import ScriptedSession, scripted_api
from meta_tests.unit.harness.conftest import FACTORY

STATUS, TITLE, SHOULD = "patch.status.ok", "patch.title.round-trip", "errors.404.details"
HEADER = """
import pytest
from hypothesis import given, strategies as st
from client import BudgetExceeded, TransientError
from harness import clause
from harness.checks.evidence import current_record
from meta_tests.unit.harness.checks.test_evidence import SHOULD, STATUS, TITLE, fail
covers = pytest.mark.covers
"""
Run = Callable[[str], pytest.RunResult]


@pytest.fixture
def plugin(monkeypatch: pytest.MonkeyPatch) -> EvidencePlugin:
    """The plugin of a run whose triage moves no failure."""
    monkeypatch.setattr(triage, "violated_clause", lambda _, mismatch: mismatch.clause)
    return EvidencePlugin(ScriptedSession(scripted_api()[0]), FACTORY)


@pytest.fixture
def run(pytester: pytest.Pytester, plugin: EvidencePlugin) -> Run:
    """Runs the tests of a source text with the plugin."""

    def run(source: str) -> pytest.RunResult:
        pytester.makeini("[pytest]\nmarkers = covers")
        pytester.makepyfile(HEADER + source)
        disabled = [f"-pno:{name}" for name in ("allure_pytest", "schemathesis", "xdist", "benchmark")]
        return pytester.runpytest_inprocess("-q", "-rx", *disabled, plugins=[plugin])

    return run


def verdicts(plugin: EvidencePlugin) -> dict[str, str]:
    return {finding.clause: finding.outcome for finding in plugin.findings}
