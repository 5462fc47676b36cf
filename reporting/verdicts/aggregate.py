"""From findings to verdicts: what all tests found of a clause, folded into one word about it."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from reporting.files import ReportError
from reporting.model.findings import Evidence, Failure, Finding, Outcome
from reporting.model.report import UNTESTABLE, ClauseVerdict
from reporting.verdicts.deviations import Deviations
from reporting.verdicts.gate import UNASKED
from spec import Clause

FAILURES_KEPT = 5
REASONS_KEPT = 3


def fold(
    catalogue: Mapping[str, Clause],
    findings: Iterable[Finding],
    *,
    untestable: Mapping[str, str] | None = None,
    unasked: str = UNASKED,
    proofs: Mapping[str, Collection[str]] | None = None,
    deviations: Deviations = Deviations(),  # noqa: B008 - frozen
) -> tuple[ClauseVerdict, ...]:
    """The verdict on every clause of the catalogue, in its order.

    `untestable` gives reasons by clause id, beside those of the catalogue; `unasked` is the reason of a
    clause without findings, such as the sentence of a failed preflight; `proofs` names the defects that were
    shown to redden a clause, `deviations` the failures that are accepted. ReportError where a finding names
    no clause.
    """
    by_clause: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.clause not in catalogue:
            raise ReportError(
                f"{finding.test}: {finding.clause} is no clause of the catalogue; correct the test's marker."
            )
        by_clause[finding.clause].append(finding)
    untestable = untestable or {}
    verdicts = []
    for clause in catalogue.values():
        why = clause.untestable or untestable.get(clause.id)
        unjudged = f"{UNTESTABLE}{why}" if why else unasked
        proven_by = frozenset((proofs or {}).get(clause.id, ()))
        verdict = deviations.applied(_verdict(clause, by_clause[clause.id], unjudged, proven_by))
        verdicts.append(kept(verdict) if verdict.failures else verdict)
    return tuple(verdicts)


def _verdict(
    clause: Clause, findings: Sequence[Finding], unjudged: str, proven_by: frozenset[str]
) -> ClauseVerdict:
    verdict = ClauseVerdict(
        id=clause.id,
        level=clause.level,
        operation=clause.operation,
        text=clause.text,
        source=clause.source,
        verdict="not_assessed",
        reason=unjudged,
        reading=_readings(finding.reading for finding in findings),
        evidence=sum((finding.evidence for finding in findings), Evidence(proven_by=proven_by)),
    )
    if clause.level == "unspecified":
        verdict = replace(verdict, reading=_readings([verdict.reading, *_what_came(findings)]))
    elif failing := _of(findings, "fail"):
        return _failed(verdict, failing)
    if errors := _of(findings, "error"):
        return replace(verdict, verdict="error", reason=_reasons(errors))
    if clause.level == "unspecified" and verdict.reading:
        return replace(verdict, verdict="observed", reason=_reasons(findings))
    if _of(findings, "pass"):
        # The reasons of tests that were blocked stay: part of the evidence is missing.
        return replace(verdict, verdict="pass", reason=_reasons(findings))
    if skipped := _of(findings, "skipped"):
        return replace(verdict, verdict="skipped", reason=_reasons(skipped))
    if not findings:
        return verdict
    return replace(verdict, reason=_reasons(findings) or "The tests that ask about it say nothing of it")


def _failed(verdict: ClauseVerdict, failing: Sequence[Finding]) -> ClauseVerdict:
    """Distinct by accepted and came; of equal ones the shortest sequence, the one a person replays."""
    distinct: dict[tuple[str, str], Failure] = {}
    for finding in failing:
        failure = finding.failure or Failure(
            expected=verdict.text, actual=finding.reason or "something else", test=finding.test
        )
        known = distinct.setdefault((failure.expected, failure.actual), failure)
        if len(failure.exchanges) < len(known.exchanges):
            distinct[failure.expected, failure.actual] = failure
    return replace(verdict, verdict="fail", reason="", failures=tuple(distinct.values()))


def kept(verdict: ClauseVerdict) -> ClauseVerdict:
    """The verdict with as many failures as a report holds: what is not accepted before what is, and one of
    each kind before a second of any."""
    ways = verdict.failures
    seen = Counter[str]()
    ranked = []
    for position, failure in enumerate(ways):
        ranked.append((bool(failure.accepted), seen[failure.signature], position, failure))
        seen[failure.signature] += 1
    chosen = tuple(failure for *_, failure in sorted(ranked, key=lambda rank: rank[:3])[:FAILURES_KEPT])
    more = len(ways) > FAILURES_KEPT
    reason = f"It fails in {len(ways)} ways, of which {FAILURES_KEPT} are kept" if more else verdict.reason
    return replace(verdict, reason=reason, failures=chosen)


def _what_came(findings: Sequence[Finding]) -> list[str]:
    """An open clause never fails: what would be a failure elsewhere is how this tenant reads the contract."""
    return [finding.failure.actual for finding in _of(findings, "fail") if finding.failure]


def _of(findings: Sequence[Finding], outcome: Outcome) -> list[Finding]:
    return [finding for finding in findings if finding.outcome == outcome]


def _readings(readings: Iterable[str]) -> str:
    """The distinct readings in one line; a test that saw several has joined them in the same way."""
    return joined((part for reading in readings for part in reading.split("; ")), every=True)


def _reasons(findings: Iterable[Finding]) -> str:
    """The distinct reasons in one line, the first few of them."""
    return joined(finding.reason for finding in findings)


def joined(sentences: Iterable[str], *, every: bool = False) -> str:
    """What is distinct of these in one line; the first few of them unless every one is wanted."""
    distinct = list(dict.fromkeys(part for sentence in sentences if (part := sentence.strip())))
    if every or len(distinct) <= REASONS_KEPT:
        return "; ".join(distinct)
    return "; ".join([*distinct[:REASONS_KEPT], f"and {len(distinct) - REASONS_KEPT} more"])
