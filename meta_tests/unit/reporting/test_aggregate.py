"""What findings amount to: the rules by which all that tests found of a clause becomes one verdict."""

import pytest

from reporting import ClauseVerdict, Evidence, Failure, Finding, ReportError, fold
from reporting.model.findings import Outcome
from reporting.model.report import Verdict
from reporting.verdicts.gate import UNASKED
from spec import Clause
from spec.clauses import Level


def clause(level: Level = "must", untestable: str | None = None) -> Clause:
    return Clause("create.id.kept", "create", level, "Ids are kept.", "published", untestable=untestable)


def finding(outcome: Outcome, reason: str = "", **rest: object) -> Finding:
    return Finding("create.id.kept", "tests/writes/test_create.py::test_id", outcome, reason, **rest)  # type: ignore[arg-type]


def broken(actual: str = "404", steps: int = 0) -> Finding:
    return finding("fail", failure=Failure("200", actual, exchanges=({},) * steps))


def folded(*findings: Finding, of: Clause | None = None, **rest: object) -> ClauseVerdict:
    promise = of or clause()
    (verdict,) = fold({promise.id: promise}, findings, **rest)  # type: ignore[arg-type]
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
def test_the_gravest_finding_decides(level: Level, outcomes: list[Outcome], verdict: Verdict) -> None:
    assert folded(*map(finding, outcomes), of=clause(level)).verdict == verdict


def test_an_open_clause_with_a_reading_is_observed() -> None:
    ways = [finding("observed", reading="ignores it"), finding("observed", reading="ignores it; says 200")]
    verdict = folded(*ways, finding("pass"), of=clause("unspecified"))
    assert (verdict.verdict, verdict.reading) == ("observed", "ignores it; says 200")


def test_an_open_clause_never_fails_and_tells_what_came() -> None:
    verdict = folded(broken("404"), of=clause("unspecified"))
    assert (verdict.verdict, verdict.reading, verdict.failures) == ("observed", "404", ())


def test_five_failures_are_kept_and_each_is_another() -> None:
    verdict = folded(*[broken(str(status)) for status in (404, 404, 500, 501, 502, 503, 504)])
    assert [failure.actual for failure in verdict.failures] == ["404", "500", "501", "502", "503"]
    assert verdict.reason == "It fails in 6 ways, of which 5 are kept"


def test_of_equal_failures_the_shortest_sequence_is_kept() -> None:
    (kept,) = folded(broken(steps=3), broken(steps=1), broken(steps=2)).failures
    assert len(kept.exchanges) == 1


def test_a_failing_finding_without_a_failure_still_says_what_was_promised() -> None:
    (failure,) = folded(finding("fail", "it broke")).failures
    assert (failure.expected, failure.actual) == ("Ids are kept.", "it broke")


def test_evidence_adds_up() -> None:
    first = finding("pass", evidence=Evidence(2, 3, frozenset({"a"})))
    second = finding("skipped", evidence=Evidence(5, 7, frozenset({"a", "b"})))
    assert folded(first, second).evidence == Evidence(7, 10, frozenset({"a", "b"}))


def test_a_pass_says_which_tests_were_blocked() -> None:
    verdict = folded(finding("pass"), finding("not_assessed", "create.status.ok failed"))
    assert verdict.reason == "create.status.ok failed"


def test_reasons_are_told_once_and_only_the_first_few() -> None:
    reasons = [finding("skipped", reason) for reason in "aabcde"]
    assert folded(*reasons).reason == "a; b; c; and 2 more"


def test_every_clause_without_a_judgement_says_why() -> None:
    assert folded().reason == UNASKED
    assert folded(unasked="The token was refused").reason == "The token was refused"
    assert folded(finding("observed")).reason
    assert folded(of=clause(untestable="it burdens others")).reason == "Untestable: it burdens others"
    beside = folded(untestable={"create.id.kept": "no such client"})
    assert (beside.reason, beside.untestable) == ("Untestable: no such client", True)


def test_what_was_found_outweighs_that_a_clause_is_thought_untestable() -> None:
    assert folded(finding("pass"), of=clause(untestable="it burdens others")).verdict == "pass"


def test_verdicts_come_in_catalogue_order() -> None:
    names = ["b.b.b", "a.a.a", "c.c.c"]
    catalogue = {name: Clause(name, "get", "must", "It is.", "published") for name in names}
    found = [Finding(name, "t", "pass") for name in sorted(names)]
    assert [verdict.id for verdict in fold(catalogue, found)] == names


def test_a_finding_of_no_clause_is_refused() -> None:
    with pytest.raises(ReportError, match=r"test_id: create\.id\.kept is no clause"):
        fold({}, [finding("pass")])
