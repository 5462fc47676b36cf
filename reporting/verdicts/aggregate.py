"""From findings to verdicts: all findings about a clause, aggregated into one verdict."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from reporting.files import ReportError
from reporting.model.findings import Evidence, Failure, Finding, Reason
from reporting.model.report import ClauseVerdict, Verdict
from reporting.verdicts.deviations import Deviations
from spec import Clause

FAILURES_KEPT: Final = 5
REASONS_KEPT: Final = 3
NOT_SELECTED: Final = "No test of this run checks the clause"
WORST_FIRST: Final[tuple[Verdict, ...]] = (
    "fail",
    "known",
    "error",
    "observed",
    "pass",
    "skipped",
    "not_assessed",
)
"""The first of these that a test or a shard has for a clause is its verdict."""


def aggregate(
    catalogue: Mapping[str, Clause],
    findings: Iterable[Finding],
    *,
    reason: str = NOT_SELECTED,
    reason_code: Reason = "not-selected",
    detections: Mapping[str, Collection[str]] | None = None,
    deviations: Deviations = Deviations(),  # noqa: B008 - frozen
) -> tuple[ClauseVerdict, ...]:
    """The verdict on every clause of the catalogue, in its order.

    `reason` and `reason_code` are those of a clause without findings, such as the sentence of a failed preflight.
    `detections` has the seeded defects that were shown to make a clause fail, `deviations` the failures that are
    accepted. ReportError where a finding is about a clause that the catalogue does not have.
    """
    by_clause: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.clause not in catalogue:
            raise ReportError(
                f"{finding.test}: the catalogue has no clause {finding.clause}; correct the marker of the test."
            )
        by_clause[finding.clause].append(finding)
    verdicts = []
    for clause in catalogue.values():
        unassessed = ClauseVerdict(
            id=clause.id,
            level=clause.level,
            operation=clause.operation,
            text=clause.text,
            source=clause.source,
            verdict="not_assessed",
            reason=clause.untestable or reason,
            reason_code="untestable" if clause.untestable else reason_code,
            evidence=Evidence(proven_by=frozenset((detections or {}).get(clause.id, ()))),
        )
        verdicts.append(limit_failures(deviations.apply(_verdict(unassessed, by_clause[clause.id]))))
    return tuple(verdicts)


def _verdict(unassessed: ClauseVerdict, findings: Sequence[Finding]) -> ClauseVerdict:
    if not findings:
        return unassessed
    verdict = combined([_of_finding(unassessed, finding) for finding in findings])
    if verdict.verdict == "fail":
        blocked = Counter(finding.repeats for finding in findings)
        failures = tuple(
            replace(failure, blocks=blocked.pop(failure.signature, 0))
            for failure in shortest_of_each(_without_preconditions(findings))
        )
        verdict = replace(verdict, failures=failures)
    elif verdict.verdict == "not_assessed" and not verdict.reason:
        reason = "The tests that cover the clause did not check it"
        verdict = replace(verdict, reason=reason, reason_code="no-evidence")
    return replace(verdict, evidence=verdict.evidence + unassessed.evidence)


def _of_finding(unassessed: ClauseVerdict, finding: Finding) -> ClauseVerdict:
    """The verdict of one test, without its failure.

    An unspecified clause never fails: what would be a failure elsewhere is how the tenant reads the contract.
    """
    verdict: Verdict = "not_assessed" if finding.outcome == "observed" else finding.outcome
    reading = finding.reading
    if unassessed.level == "unspecified":
        if finding.outcome == "fail":
            verdict = "not_assessed"
            reading = join_readings([reading, finding.failure.actual if finding.failure else ""])
        if reading and verdict != "error":
            verdict = "observed"
    code: Reason | None = (finding.reason_code or "other") if finding.reason else None
    return replace(
        unassessed,
        verdict=verdict,
        reason=finding.reason,
        reason_code=code,
        reading=reading,
        evidence=finding.evidence,
    )


def combined(found: Sequence[ClauseVerdict]) -> ClauseVerdict:
    """One verdict of those of several tests or shards on a clause: the worst, with the evidence of all.

    It has the reasons of those like it. One that passes or is observed has all reasons, because part of the evidence
    is missing.
    """
    worst = min((each.verdict for each in found), key=WORST_FIRST.index)
    explaining = [each for each in found if each.reason and worst in (each.verdict, "pass", "observed")]
    return replace(
        found[0],
        verdict=worst,
        reason=join_reasons(each.reason for each in explaining),
        reason_code=next((each.reason_code for each in explaining), None),
        reading=join_readings(each.reading for each in found),
        evidence=sum((each.evidence for each in found), Evidence()),
        failures=shortest_of_each(failure for each in found for failure in each.failures),
    )


def _without_preconditions(findings: Iterable[Finding]) -> Iterator[Failure]:
    """The failures, without those of preconditions where a test that covers the clause fails in the same way.

    The report names the test that covers the clause, and its replay.
    """
    failures = [(each.failure, each.in_precondition) for each in findings if each.failure]
    covered = {_pair(failure) for failure, in_precondition in failures if not in_precondition}
    return (
        failure
        for failure, in_precondition in failures
        if not in_precondition or _pair(failure) not in covered
    )


def _pair(failure: Failure) -> tuple[str, str]:
    return failure.expected, failure.actual


def shortest_of_each(failures: Iterable[Failure]) -> tuple[Failure, ...]:
    """One failure for each pair of expected and actual: the one with the shortest sequence of exchanges.

    It blocks the tests that any of them blocks.
    """
    distinct: dict[tuple[str, str], Failure] = {}
    for failure in failures:
        known = distinct.get(_pair(failure), replace(failure, blocks=0))
        shortest = min(known, failure, key=lambda each: len(each.exchanges))
        distinct[_pair(failure)] = replace(shortest, blocks=known.blocks + failure.blocks)
    return tuple(distinct.values())


def limit_failures(verdict: ClauseVerdict) -> ClauseVerdict:
    """The verdict with at most FAILURES_KEPT failures: those not accepted first, and one of each signature before a
    second of any.
    """
    if len(verdict.failures) < 2:
        return verdict
    repetitions = Counter[str]()
    ranked = []
    for position, failure in enumerate(verdict.failures):
        ranked.append((bool(failure.accepted), repetitions[failure.signature], position, failure))
        repetitions[failure.signature] += 1
    chosen = tuple(failure for *_, failure in sorted(ranked, key=lambda rank: rank[:3])[:FAILURES_KEPT])
    if len(ranked) <= FAILURES_KEPT:
        return replace(verdict, failures=chosen)
    reason = f"It fails in {len(ranked)} ways, of which {FAILURES_KEPT} are kept"
    return replace(verdict, reason=reason, reason_code="other", failures=chosen)


def join_readings(readings: Iterable[str]) -> str:
    """The distinct readings in one line; a reading may be such a line itself."""
    return "; ".join(_distinct(part for reading in readings for part in reading.split("; ")))


def join_reasons(reasons: Iterable[str]) -> str:
    """The distinct reasons in one line, the first few of them."""
    distinct = _distinct(reasons)
    more = len(distinct) - REASONS_KEPT
    return "; ".join([*distinct[:REASONS_KEPT], *([f"and {more} more"] if more > 0 else [])])


def _distinct(sentences: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(part for sentence in sentences if (part := sentence.strip())))
