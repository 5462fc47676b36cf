"""The gate: every exit code and the one sentence."""

from argparse import ArgumentTypeError
from dataclasses import replace

import pytest

from meta_tests.unit.reporting.test_samples import sample_report
from reporting import ClauseVerdict, Reason, Report, exit_code, verdict_sentence
from reporting.model.report import Verdict
from reporting.verdicts.aggregate import NOT_SELECTED
from reporting.verdicts.gate import assessed_sentence, percentage
from spec.clauses import Level

RUN = "(mock tenant, gate profile)."


def clause(
    name: str,
    level: Level = "must",
    verdict: Verdict = "pass",
    reason: str = "",
    code: Reason | None = None,
) -> ClauseVerdict:
    return ClauseVerdict(name, level, "get", "It is.", "published", verdict, reason, code)


def report(*clauses: ClauseVerdict, left: int = 0) -> Report:
    return replace(sample_report([], left=left), clauses=clauses)


PASS, FAIL = clause("get.a"), clause("get.b", verdict="fail")
SHOULD_FAIL = clause("get.c", "should", "fail")
OBSERVED = clause("get.d", "unspecified", "observed")
ERROR = clause("get.e", verdict="error", reason="no response within 10 s")
UNTOUCHED = clause("get.f", verdict="not_assessed", reason=NOT_SELECTED, code="not-selected")
UNTESTABLE = clause("get.g", verdict="not_assessed", reason="it burdens others", code="untestable")
SKIPPED = clause("get.h", verdict="skipped", reason="EMPORIX_OTHER_TENANT is not set.")
KNOWN = clause("get.i", verdict="known")


@pytest.mark.parametrize(
    ("clauses", "strict", "code"),
    [
        ([PASS], False, 0),
        ([PASS, OBSERVED, ERROR, UNTOUCHED], False, 0),
        ([PASS, SHOULD_FAIL], False, 0),
        ([PASS, KNOWN], True, 0),
        ([PASS, SHOULD_FAIL], True, 1),
        ([PASS, FAIL], False, 1),
        ([FAIL], True, 1),
        ([], False, 6),
        ([UNTOUCHED, UNTESTABLE], True, 6),
        ([OBSERVED], False, 6),
        ([ERROR, SKIPPED], False, 6),
    ],
)
def test_exit_code(clauses: list[ClauseVerdict], strict: bool, code: int) -> None:
    assert exit_code(report(*clauses), strict) == code


def test_customers_left_behind_do_not_change_the_code() -> None:
    assert exit_code(report(PASS, left=3)) == 0


@pytest.mark.parametrize(
    ("clauses", "minimum", "code"),
    [
        ([PASS, KNOWN, SKIPPED], 66, 0),
        ([PASS, KNOWN, SKIPPED], 67, 6),
        ([PASS, KNOWN, UNTESTABLE, OBSERVED], 100, 0),
        ([PASS, ERROR], 50.1, 6),
        ([PASS, FAIL, UNTOUCHED], 100, 1),
        ([clause("get.a", "should"), UNTESTABLE], 0, 0),
        ([clause("get.a", "should"), UNTESTABLE], 1, 6),
    ],
)
def test_too_few_assessed_clauses_are_not_conformance(
    clauses: list[ClauseVerdict], minimum: float, code: int
) -> None:
    assert exit_code(report(*clauses), min_assessed=minimum) == code


@pytest.mark.parametrize(
    ("clauses", "minimum", "sentence"),
    [
        ([PASS], 0, "1 of 1 testable MUST clause assessed (100 %)."),
        ([PASS, KNOWN, SKIPPED, UNTESTABLE], 66, "2 of 3 testable MUST clauses assessed (66 %)."),
        (
            [PASS, FAIL, SKIPPED],
            66.7,
            "2 of 3 testable MUST clauses assessed (66 %), fewer than --min-assessed=66.7 requires.",
        ),
        ([], 0, "0 of 0 testable MUST clauses assessed (0 %)."),
    ],
)
def test_the_share_of_assessed_clauses(clauses: list[ClauseVerdict], minimum: float, sentence: str) -> None:
    assert assessed_sentence(report(*clauses), minimum) == sentence


@pytest.mark.parametrize("text", ["-1", "100.5", "nan", "most"])
def test_a_wrong_percentage_is_one_sentence(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="is no percentage; write a number from 0 to 100"):
        percentage(text)


@pytest.mark.parametrize(
    ("clauses", "sentence"),
    [
        ([PASS], "Conformant: the only MUST clause holds"),
        ([PASS, PASS, OBSERVED], "Conformant: all 2 MUST clauses hold"),
        (
            [PASS, PASS, UNTESTABLE],
            "Conformant: all 2 testable MUST clauses hold; 1 cannot be tested",
        ),
        (
            [PASS, PASS, SKIPPED, ERROR, UNTOUCHED, UNTESTABLE],
            "Conformant as far as assessed: 2 of 6 MUST clauses hold and none fails; "
            "1 in error, 1 skipped, 1 not assessed, 1 cannot be tested",
        ),
        (
            [clause("get.a", "should"), UNTOUCHED],
            "Conformant as far as assessed: 0 of 1 MUST clause hold and none fails; 1 not assessed",
        ),
        (
            [PASS, FAIL, KNOWN, SHOULD_FAIL],
            "Not conformant: 1 of 3 MUST clauses fails; first: get.b; 1 known to fail and accepted; "
            "1 SHOULD clause fails",
        ),
        (
            [FAIL, replace(FAIL, id="get.z"), SKIPPED],
            "Not conformant: 2 of 3 MUST clauses fail; first: get.b; 1 skipped",
        ),
        ([UNTOUCHED, UNTESTABLE], "Not assessed: no clause was assessed"),
        ([], "Not assessed: no clause was assessed"),
        ([ERROR, UNTOUCHED, UNTOUCHED], "Not assessed: no response within 10 s"),
        ([SKIPPED, OBSERVED], "Not assessed: EMPORIX_OTHER_TENANT is not set"),
    ],
)
def test_verdict_sentence(clauses: list[ClauseVerdict], sentence: str) -> None:
    assert verdict_sentence(report(*clauses)) == f"{sentence} {RUN}"


def test_the_sentence_names_the_kind_of_tenant_and_the_profile() -> None:
    live = report(PASS)
    live = replace(
        live, target=replace(live.target, kind="live"), suite=replace(live.suite, profile="nightly")
    )
    assert verdict_sentence(live).endswith("(live tenant, nightly profile).")
