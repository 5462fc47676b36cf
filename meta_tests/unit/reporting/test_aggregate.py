"""Aggregation: the rules by which the findings about a clause become one verdict."""

from dataclasses import replace

import pytest

from meta_tests.unit.reporting.test_samples import status_failure
from reporting import ClauseVerdict, Evidence, Finding, ReportError, aggregate
from reporting.model.findings import Outcome
from reporting.model.report import Verdict
from reporting.verdicts.aggregate import NOT_SELECTED, shortest_of_each
from spec import Clause
from spec.clauses import Level


def clause(level: Level = "must", untestable: str | None = None) -> Clause:
    readings = ("ignored",) if level == "unspecified" else ()
    return Clause(
        "create.id.kept",
        "create",
        level,
        "Ids are kept.",
        "published",
        untestable=untestable,
        readings=readings,
    )


def finding(outcome: Outcome, reason: str = "", **rest: object) -> Finding:
    return Finding("create.id.kept", "tests/writes/test_create.py::test_id", outcome, reason, **rest)  # type: ignore[arg-type]


def failing(actual: int = 404, steps: int = 0) -> Finding:
    return finding("fail", failure=status_failure(actual, 200, exchanges=({},) * steps))


def aggregated(*findings: Finding, of: Clause | None = None, **rest: object) -> ClauseVerdict:
    promise = of or clause()
    (verdict,) = aggregate({promise.id: promise}, findings, **rest)  # type: ignore[arg-type]
    return verdict


@pytest.mark.parametrize(
    ("level", "outcomes", "verdict"),
    [
        ("must", ["pass"], "pass"),
        ("must", ["pass", "fail", "error"], "fail"),
        ("must", ["pass", "error"], "error"),
        ("must", ["skipped", "pass"], "pass"),
        ("must", ["not_assessed", "pass"], "pass"),
        ("must", ["not_assessed", "skipped"], "skipped"),
        ("must", ["not_assessed"], "not_assessed"),
        ("must", ["observed"], "not_assessed"),
        ("must", [], "not_assessed"),
        ("should", ["fail"], "fail"),
        ("unspecified", ["pass"], "pass"),
        ("unspecified", ["error"], "error"),
        ("unspecified", ["skipped"], "skipped"),
    ],
)
def test_the_worst_finding_decides(level: Level, outcomes: list[Outcome], verdict: Verdict) -> None:
    assert aggregated(*map(finding, outcomes), of=clause(level)).verdict == verdict


def test_an_unspecified_clause_with_a_reading_is_observed() -> None:
    ways = [finding("observed", reading="ignores it"), finding("observed", reading="ignores it; says 200")]
    verdict = aggregated(*ways, finding("pass"), of=clause("unspecified"))
    assert (verdict.verdict, verdict.reading) == ("observed", "ignores it; says 200")


def test_an_unspecified_clause_never_fails_and_has_what_was_returned() -> None:
    verdict = aggregated(failing(404), of=clause("unspecified"))
    assert (verdict.verdict, verdict.reading, verdict.failures) == ("observed", "404", ())


def test_five_failures_are_kept_and_each_is_another() -> None:
    verdict = aggregated(*[failing(status) for status in (404, 404, 500, 501, 502, 503, 504)])
    assert [failure.actual for failure in verdict.failures] == ["404", "500", "501", "502", "503"]
    assert verdict.reason == "It fails in 6 ways, of which 5 are kept"


def test_of_equal_failures_the_shortest_sequence_is_kept() -> None:
    (kept,) = aggregated(failing(steps=3), failing(steps=1), failing(steps=2)).failures
    assert len(kept.exchanges) == 1


def test_merged_failures_block_the_tests_of_all() -> None:
    parts = [replace(status_failure(404, 200, exchanges=({},) * n), blocks=n) for n in (3, 1, 2)]
    (kept,) = shortest_of_each(parts)
    assert (len(kept.exchanges), kept.blocks) == (1, 6)


def test_evidence_adds_up() -> None:
    first = finding("pass", evidence=Evidence(2, 3, frozenset({"a"})))
    second = finding("skipped", evidence=Evidence(5, 7, frozenset({"a", "b"})))
    assert aggregated(first, second).evidence == Evidence(7, 10, frozenset({"a", "b"}))


def test_a_pass_has_the_reasons_of_blocked_tests() -> None:
    verdict = aggregated(finding("pass"), finding("not_assessed", "create.status.ok failed"))
    assert verdict.reason == "create.status.ok failed"


def test_only_the_first_distinct_reasons_are_kept() -> None:
    reasons = [finding("skipped", reason) for reason in "aabcde"]
    assert aggregated(*reasons).reason == "a; b; c; and 2 more"


def test_every_clause_that_is_not_assessed_has_a_reason() -> None:
    verdict = aggregated()
    assert (verdict.reason, verdict.reason_code) == (NOT_SELECTED, "not-selected")
    verdict = aggregated(reason="The token was rejected", reason_code="preflight")
    assert (verdict.reason, verdict.reason_code) == ("The token was rejected", "preflight")
    verdict = aggregated(finding("observed"))
    assert verdict.reason
    assert verdict.reason_code == "no-evidence"
    verdict = aggregated(of=clause(untestable="it burdens others"))
    assert (verdict.reason, verdict.untestable) == ("it burdens others", True)


def test_the_code_is_that_of_the_first_reason() -> None:
    findings = [
        finding("skipped"),
        finding("skipped", "no restrictions", reason_code="restrictions"),
        finding("skipped", "no second tenant", reason_code="second-tenant"),
    ]
    assert aggregated(*findings).reason_code == "restrictions"
    assert aggregated(finding("pass")).reason_code is None
    assert aggregated(finding("error", "no response")).reason_code == "other"


def test_a_finding_takes_precedence_over_untestable() -> None:
    assert aggregated(finding("pass"), of=clause(untestable="it burdens others")).verdict == "pass"


def test_verdicts_come_in_catalogue_order() -> None:
    names = ["b.b.b", "a.a.a", "c.c.c"]
    catalogue = {name: Clause(name, "get", "must", "It is.", "published") for name in names}
    found = [Finding(name, "t", "pass") for name in sorted(names)]
    assert [verdict.id for verdict in aggregate(catalogue, found)] == names


def test_a_finding_about_an_unknown_clause_is_rejected() -> None:
    with pytest.raises(ReportError, match=r"test_id: the catalogue has no clause create\.id\.kept"):
        aggregate({}, [finding("pass")])


def test_a_failure_names_the_test_of_the_clause_rather_than_a_precondition() -> None:
    elsewhere = finding("fail", failure=status_failure(404, 200, test="tests/a.py::test_other"))
    own = finding("fail", failure=status_failure(404, 200, test="tests/b.py::test_own", exchanges=({},) * 2))
    precondition = replace(elsewhere, in_precondition=True)
    assert [each.test for each in aggregated(precondition, own).failures] == ["tests/b.py::test_own"]
    assert [each.test for each in aggregated(precondition).failures] == ["tests/a.py::test_other"]
