"""The gate: the result of a run as an exit code and as one sentence."""

from argparse import ArgumentTypeError
from collections import Counter
from typing import Final

from reporting.model.report import ASSESSED, Deviation, Report, State
from reporting.text import plural

CONFORMANT: Final = 0
NOT_CONFORMANT: Final = 1
NOT_ASSESSED: Final = 6
MIN_ASSESSED: Final = "exit code 6 if less than this percentage of the testable MUST clauses is assessed"
"""What the option --min-assessed means."""


def exit_code(report: Report, strict: bool = False, min_assessed: float = 0) -> int:
    """0 conformant, 1 a MUST clause fails, 6 no clause was assessed or a shard is missing.

    `strict`: 1 also where a SHOULD clause fails, or an accepted deviation no longer does. `min_assessed`: 6 also
    where less than this percentage of the testable MUST clauses was assessed. The verdict on an unspecified clause is
    never counted, so a run of observations alone is not assessed. Customers left behind do not change the code.
    """
    if report.select("fail", "must"):
        return NOT_CONFORMANT
    if strict and (report.select("fail", "should") or in_state(report, "unneeded")):
        return NOT_CONFORMANT
    enough = is_assessed(report) and not report.missing and not _has_too_few(report, min_assessed)
    return CONFORMANT if enough else NOT_ASSESSED


def in_state(report: Report, state: State) -> tuple[Deviation, ...]:
    """The deviations in this state; a shard cannot know that one is unneeded."""
    if report.shard and state == "unneeded":
        return ()
    return tuple(entry for entry in report.deviations if entry.state == state)


def is_assessed(report: Report) -> bool:
    """Whether at least one clause passes or fails."""
    return any(clause.verdict in ASSESSED for clause in report.clauses)


def assessed_sentence(report: Report, min_assessed: float = 0) -> str:
    """The share of the testable MUST clauses that was assessed, in one sentence."""
    assessed, testable = _assessed_musts(report)
    percent = 100 * assessed // max(testable, 1)  # rounded down: 100 % is all of them
    share = f"{assessed} of {plural(testable, 'testable MUST clause')} assessed ({percent} %)"
    if _has_too_few(report, min_assessed):
        share += f", fewer than --min-assessed={min_assessed:g} requires"
    return f"{share}."


def percentage(text: str) -> float:
    """The value of --min-assessed; ArgumentTypeError where it is none."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 100:
        raise ArgumentTypeError(f"{text!r} is no percentage; write a number from 0 to 100")
    return value


def _has_too_few(report: Report, min_assessed: float) -> bool:
    assessed, testable = _assessed_musts(report)
    return 100 * assessed < min_assessed * max(testable, 1)


def _assessed_musts(report: Report) -> tuple[int, int]:
    """How many testable MUST clauses were assessed, and how many there are."""
    testable = report.testable()
    return sum(clause.verdict in ASSESSED for clause in testable), len(testable)


def verdict_sentence(report: Report) -> str:
    """The verdict on the tenant in one sentence, with the number of clauses that were not assessed."""
    run = f"({report.target.kind} tenant, {report.suite.profile} profile)"
    if not is_assessed(report):
        return f"Not assessed: {_commonest_reason(report)} {run}."
    return "; ".join([_conclusion(report), *_reservations(report)]) + f" {run}."


def _conclusion(report: Report) -> str:
    musts, testable = report.select(level="must"), report.testable()
    counts = Counter(clause.verdict for clause in testable)
    failing, holding, known = counts["fail"], counts["pass"], counts["known"]
    clauses = plural(len(musts), "MUST clause")
    hold = "holds" if holding == 1 else "hold"
    if failing:
        first = next(clause.id for clause in musts if clause.verdict == "fail")
        return f"Not conformant: {failing} of {clauses} {'fails' if failing == 1 else 'fail'}; first: {first}"
    if holding and holding == len(testable):
        which = "MUST" if testable == musts else "testable MUST"
        which_ones = f"the only {which} clause" if holding == 1 else f"all {holding} {which} clauses"
        return f"Conformant: {which_ones} {hold}"
    if known:
        fails = "1 fails" if known == 1 else f"{known} fail"
        return f"Conformant but for accepted deviations: {holding} of {clauses} {hold}, {fails} as accepted"
    return f"Conformant as far as assessed: {holding} of {clauses} {hold} and none fails"


def _reservations(report: Report) -> list[str]:
    testable = report.testable()
    counts = Counter(clause.verdict for clause in testable)
    restricted = (
        (counts["known"] if counts["fail"] else 0, "known to fail and accepted"),
        (counts["error"], "in error"),
        (counts["skipped"], "skipped"),
        (counts["not_assessed"], "not assessed"),
        (len(report.select(level="must")) - len(testable), "cannot be tested"),
    )
    unassessed = [f"{number} {words}" for number, words in restricted if number]
    reservations = [", ".join(unassessed)] if unassessed else []
    counted = (
        (len(report.select("fail", "should")), "SHOULD clause", "fails", "fail"),
        (len(report.select("known", "should")), "SHOULD clause", "fails as accepted", "fail as accepted"),
        (len(in_state(report, "expired")), "accepted deviation", "has expired", "have expired"),
        (len(in_state(report, "unneeded")), "accepted deviation", "no longer fails", "no longer fail"),
    )
    reservations += [
        f"{plural(number, noun)} {one if number == 1 else many}"
        for number, noun, one, many in counted
        if number
    ]
    if report.missing:
        noun = "shard" if len(report.missing) == 1 else "shards"
        reservations.append(f"{noun} {', '.join(report.missing)} missing")
    return reservations


def _commonest_reason(report: Report) -> str:
    """The reason that most clauses have that a test was to check and that were not assessed."""
    unassessed = report.select("error") or report.select("skipped") or report.select("not_assessed")
    reasons = Counter(
        clause.reason
        for clause in unassessed
        if clause.reason and clause.reason_code not in ("not-selected", "untestable")
    )
    return reasons.most_common(1)[0][0].rstrip(".") if reasons else "no clause was assessed"
