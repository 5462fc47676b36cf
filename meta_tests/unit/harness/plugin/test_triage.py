"""Triage in runs of pytest: when it runs, how often, and what it moves."""

from pathlib import Path

import pytest

from harness import triage
from harness.plugin.evidence.evidence_plugin import EvidencePlugin
from meta_tests.unit.harness.plugin.conftest import STATUS, TITLE, Run, verdicts
from spec import Mismatch

pytest_plugins = ["pytester"]


def test_triage_of_known_mismatches_ends_with_the_budget(
    run: Run, plugin: EvidencePlugin, monkeypatch: pytest.MonkeyPatch
) -> None:
    triaged = []

    def violated(_api: object, mismatch: Mismatch) -> str:
        triaged.append(mismatch)
        return TITLE

    monkeypatch.setattr(triage, "violated_clause", violated)
    plugin.known.budget = 0
    run(
        "@pytest.mark.parametrize('n', [1, 2])\n@covers(STATUS)\ndef test_x(n): fail(STATUS)"
    ).assert_outcomes(failed=1, skipped=1)
    assert len(triaged) == 1
    assert verdicts(plugin)[TITLE] == "not_assessed", "the second test, blocked by the first"


def test_triage_moves_a_failure(run: Run, plugin: EvidencePlugin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(triage, "violated_clause", lambda _api, _mismatch: TITLE)
    run("@covers(STATUS)\ndef test_x(): fail(STATUS)").assert_outcomes(failed=1)
    assert verdicts(plugin) == {TITLE: "fail", STATUS: "not_assessed"}


def test_triage_runs_before_fixtures_are_torn_down(
    run: Run, plugin: EvidencePlugin, monkeypatch: pytest.MonkeyPatch
) -> None:
    torn_down = Path("torn-down")  # in the folder of the run
    monkeypatch.setattr(
        triage, "violated_clause", lambda _, mismatch: mismatch.clause if torn_down.exists() else TITLE
    )
    source = """
@pytest.fixture
def customer():
    yield
    open("torn-down", "w").close()

@covers(STATUS)
def test_x(customer): fail(STATUS)
"""
    run(source).assert_outcomes(failed=1)
    assert torn_down.exists()
    assert verdicts(plugin) == {TITLE: "fail", STATUS: "not_assessed"}


def test_triage_of_a_failing_fixture_runs_once(
    run: Run, plugin: EvidencePlugin, monkeypatch: pytest.MonkeyPatch
) -> None:
    triaged: list[Mismatch] = []

    def violated(_api: object, mismatch: Mismatch) -> str:
        triaged.append(mismatch)
        return TITLE

    monkeypatch.setattr(triage, "violated_clause", violated)
    source = """
@pytest.fixture
def customer(): fail(STATUS)

@covers(STATUS)
@pytest.mark.parametrize("number", range(3))
def test_x(customer, number): pass
"""
    run(source).assert_outcomes(errors=1, skipped=2)
    assert len(triaged) == 1
    assert [each.clause for each in plugin.findings if each.outcome == "fail"] == [TITLE]
