"""The evidence plugin in runs of pytest: outcomes, triage, fixtures and shared customers."""

from types import SimpleNamespace

import pytest

from harness import triage
from harness.api import DATASET, SHARED
from harness.plugin.evidence.evidence_plugin import EvidencePlugin
from harness.plugin.evidence.outcomes import Outcomes
from meta_tests.support.scripted_tenant import ScriptedSession, scripted_api
from meta_tests.unit.harness.plugin.conftest import SHOULD, STATUS, TITLE, Run, verdicts
from reporting import Deviations, aggregate
from spec import clauses

pytest_plugins = ["pytester"]


def test_passed_and_failed_clauses(run: Run, plugin: EvidencePlugin) -> None:
    source = """
@covers(STATUS)
def test_pass():
    with clause(STATUS): pass

@covers(TITLE)
def test_fail(): fail(TITLE)
"""
    run(source).assert_outcomes(passed=1, failed=1)
    assert verdicts(plugin) == {STATUS: "pass", TITLE: "fail"}


@pytest.mark.parametrize(
    ("strict", "outcomes"), [(False, {"xfailed": 1}), (True, {"failed": 1})], ids=["default", "strict"]
)
def test_failed_should_is_an_expected_failure(
    run: Run, plugin: EvidencePlugin, strict: bool, outcomes: dict[str, int]
) -> None:
    plugin.outcomes = Outcomes(strict)
    run("@covers(SHOULD)\ndef test_should(): fail(SHOULD)").assert_outcomes(**outcomes)
    assert verdicts(plugin) == {SHOULD: "fail"}


def test_failed_should_beside_a_must_fails(run: Run) -> None:
    run("@covers(SHOULD)\ndef test_both():\n    fail(SHOULD)\n    fail(STATUS)").assert_outcomes(failed=1)


def test_recorded_failure_fails_a_test_that_raises_nothing(run: Run, plugin: EvidencePlugin) -> None:
    run("@covers(STATUS)\ndef test_x(): fail(TITLE, record_only=True)").assert_outcomes(failed=1)
    assert verdicts(plugin) == {STATUS: "not_assessed", TITLE: "fail"}


@pytest.mark.parametrize(
    ("ending", "outcome", "verdict"),
    [
        ("pytest.skip('no')", "skipped", "not_assessed"),
        ("raise BudgetExceeded('no')", "skipped", "not_assessed"),
        ("raise KeyError('no')", "failed", "error"),
        ("raise TransientError('no')", "failed", "error"),
    ],
)
def test_clause_behind_the_end_of_a_test_gets_no_evidence(
    run: Run, plugin: EvidencePlugin, ending: str, outcome: str, verdict: str
) -> None:
    source = f"""
@covers(STATUS, TITLE)
def test_x():
    with clause(STATUS): pass
    {ending}
    with clause(TITLE): pass
"""
    run(source).assert_outcomes(**{outcome: 1})
    assert verdicts(plugin)[TITLE] == verdict
    evidence = {finding.clause: finding.evidence.examples for finding in plugin.findings}
    assert evidence == {STATUS: 0 if "Transient" in ending else 1, TITLE: 0}


def test_test_without_examples_is_repeated_after_a_transient_error(run: Run, plugin: EvidencePlugin) -> None:
    source = """
errors = [TransientError('502')]

@covers(STATUS)
def test_x():
    with clause(STATUS): pass
    if errors: raise errors.pop()
"""
    run(source).assert_outcomes(passed=1)
    assert [finding.evidence.examples for finding in plugin.findings] == [1]


def test_record_exists_from_setup_to_teardown(run: Run, plugin: EvidencePlugin) -> None:
    source = """
@pytest.fixture
def checked():
    with clause(STATUS): pass
    yield
    with clause(STATUS): pass

@covers(TITLE)
def test_fixture(checked):
    with clause(TITLE): pass
    assert current_record().total.passed[STATUS] == 1

@pytest.fixture
def failing(): fail(STATUS)

@covers(TITLE)
def test_failing_fixture(failing): pass
"""
    run(source).assert_outcomes(passed=1, errors=1)
    assert verdicts(plugin)[STATUS] == "fail"


def test_failures_of_a_property_are_those_of_its_final_replay(run: Run, plugin: EvidencePlugin) -> None:
    source = """
@covers(STATUS, TITLE)
@given(st.integers(0, 1000))
def test_x(number):
    if number > 10: fail(STATUS, number)
    with clause(TITLE): pass
"""
    run(source).assert_outcomes(failed=1)
    failures = [finding.failure for finding in plugin.findings if finding.failure]
    assert [failure.actual for failure in failures] == ["11"]


def test_mismatch_is_reported_once_and_blocks_later_tests(run: Run, plugin: EvidencePlugin) -> None:
    source = """
@covers(STATUS)
def test_first(): fail(STATUS)

@covers(STATUS, TITLE)
def test_again():
    fail(STATUS)
    with clause(TITLE): pass

@covers(STATUS)
def test_other_signature(): fail(STATUS, "text")
"""
    result = run(source)
    result.assert_outcomes(failed=2, skipped=1)
    found = [(each.test.partition("::")[2], each.clause, each.outcome) for each in plugin.findings]
    assert found == [
        ("test_first", STATUS, "fail"),
        ("test_again", STATUS, "not_assessed"),
        ("test_again", TITLE, "not_assessed"),
        ("test_other_signature", STATUS, "fail"),
    ]
    verdict = next(each for each in aggregate(clauses(), plugin.findings) if each.id == STATUS)
    assert [failure.blocks for failure in verdict.failures] == [1, 0]


def test_failed_clause_is_reported_without_a_traceback(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Formatting tracebacks took longer than the requests of a run with many failures."""
    monkeypatch.setattr(pytest.Item, "_repr_failure_py", None)
    run("@covers(STATUS)\ndef test_x(): fail(STATUS)").assert_outcomes(failed=1)


def test_known_mismatch_with_another_cause_is_reported(
    run: Run, plugin: EvidencePlugin, monkeypatch: pytest.MonkeyPatch
) -> None:
    causes = iter((TITLE, "patch.firstName.round-trip"))
    monkeypatch.setattr(triage, "violated_clause", lambda _api, _mismatch: next(causes))
    source = """
@covers(STATUS)
def test_title(): fail(STATUS)

@covers(STATUS)
def test_first_name(): fail(STATUS)
"""
    run(source).assert_outcomes(failed=2)
    assert {each.clause for each in plugin.findings if each.failure} == {TITLE, "patch.firstName.round-trip"}


def test_failing_test_discards_the_shared_customers_that_it_used(run: Run, plugin: EvidencePlugin) -> None:
    shared = plugin.run.api.known.shared
    source = """
@covers(STATUS)
def test_x():
    current_record().uses.update({uses})
    {check}
"""
    for uses, check, left in (
        ({SHARED, DATASET}, "pass", {SHARED, DATASET}),
        ({DATASET}, "fail(STATUS)", {SHARED, DATASET}),
        ({SHARED, DATASET}, "fail(STATUS)", {DATASET}),
        ({DATASET}, "fail('list.changes-nothing')", {SHARED}),
    ):
        shared.update({SHARED: "a customer", DATASET: "a dataset"})
        run(source.format(uses=uses, check=check))
        assert shared.keys() == left


def test_test_whose_first_clause_lacks_a_need_is_skipped(run: Run, plugin: EvidencePlugin) -> None:
    plugin.run = ScriptedSession(scripted_api()[0], {"second-tenant": "no second tenant is configured"})
    source = """
@covers('isolation.writes', STATUS)
def test_skipped(): fail(STATUS)

@covers(STATUS, 'isolation.writes')
def test_runs():
    with clause(STATUS): pass
"""
    run(source).assert_outcomes(skipped=1, passed=1)
    assert verdicts(plugin) == {STATUS: "pass", "isolation.writes": "skipped"}


def test_unknown_clause_is_a_usage_error(run: Run) -> None:
    result = run("@covers('patch.unknown')\ndef test_x(): pass")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines("*test_x names the clause patch.unknown*")


def test_failure_of_a_fixture_shows_no_exchanges_of_earlier_tests(run: Run, plugin: EvidencePlugin) -> None:
    source = """
@pytest.fixture
def api(pytestconfig):
    return next(each.run.api for each in pytestconfig.pluginmanager.get_plugins() if hasattr(each, "runner"))

@covers(TITLE)
def test_first(api):
    api.get("first")

@pytest.fixture
def failing(api):
    api.get("second")
    fail(STATUS)

@covers(TITLE)
def test_second(failing): pass
"""
    run(source).assert_outcomes(passed=1, errors=1)
    failure = next(each.failure for each in plugin.findings if each.failure)
    assert [each.request.url.rpartition("/")[2] for each in failure.exchanges] == ["second"]


def test_evidence_counts_the_examples_that_checked_a_clause_and_their_requests(
    run: Run, plugin: EvidencePlugin
) -> None:
    source = """
from hypothesis import settings

@pytest.fixture(scope="session")
def api(pytestconfig):
    return next(each.run.api for each in pytestconfig.pluginmanager.get_plugins() if hasattr(each, "runner"))

@covers(STATUS)
@given(number=st.sampled_from([1, 2, 3]))
@settings(database=None)
def test_x(api, number):
    for _ in range(number):
        api.get("x")
    if number > 1:
        with clause(STATUS): pass
        with clause(STATUS): pass
"""
    run(source).assert_outcomes(passed=1)
    (found,) = plugin.findings
    assert (found.evidence.examples, found.evidence.requests) == (2, 5)


def test_an_accepted_failure_is_not_named_beside_a_failed_should(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    accepted = SimpleNamespace(justification="agreed")
    monkeypatch.setattr(Deviations, "entry_for", lambda _, name, __: accepted if name == STATUS else None)
    result = run("@covers(SHOULD, STATUS)\ndef test_both():\n    fail(SHOULD)\n    fail(STATUS)")
    result.assert_outcomes(xfailed=1)
    result.stdout.fnmatch_lines(f"*only SHOULD clauses fail: {SHOULD}")
