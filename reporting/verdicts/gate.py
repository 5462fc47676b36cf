"""The gate: what a report means for whoever waits for it, as an exit code and as one sentence."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the model states the sentence in its summary, so it needs this module first
    from reporting.model.report import ClauseVerdict, Deviation, Report, State, Verdict

CONFORMANT = 0
NOT_CONFORMANT = 1
NOT_ASSESSED = 6

UNASKED = "No test of this run asks about it"  # the reason of a clause without findings

_JUDGED = frozenset({"pass", "fail", "known"})
_UNJUDGED: dict[Verdict, str] = {"error": "in error", "skipped": "skipped", "not_assessed": "not assessed"}


def exit_code(report: Report, strict: bool = False) -> int:
    """0 conformant, 1 a MUST clause fails, 6 no clause was judged or a shard is missing.

    `strict`: 1 also where a SHOULD clause fails, or an accepted deviation no longer does. An open clause is
    never judged, so a run of observations alone is not assessed. Customers left behind do not change the code.
    """
    if report.select("fail", "must"):
        return NOT_CONFORMANT
    if strict and (report.select("fail", "should") or in_state(report, "unneeded")):
        return NOT_CONFORMANT
    return CONFORMANT if judged(report) and not report.missing else NOT_ASSESSED


def in_state(report: Report, state: State) -> tuple[Deviation, ...]:
    """The deviations of which the run says this; a shard cannot know that one is unneeded."""
    if report.shard and state == "unneeded":
        return ()
    return tuple(entry for entry in report.deviations if entry.state == state)


def judged(report: Report) -> bool:
    """Whether the run passed judgement on at least one clause."""
    return any(clause.verdict in _JUDGED for clause in report.clauses)


def verdict_sentence(report: Report) -> str:
    """The verdict on the tenant in one sentence, with what was not judged counted in it."""
    whom = f"({report.target.kind} tenant, {report.suite.profile} profile)"
    if not judged(report):
        return f"Not assessed: {_why_nothing(report)} {whom}."
    musts = report.select(level="must")
    failing = [clause for clause in musts if clause.verdict == "fail"]
    holding = sum(clause.verdict == "pass" for clause in musts)
    untestable = sum(clause.untestable for clause in musts)
    if failing:
        verb = "fails" if len(failing) == 1 else "fail"
        verdict = f"Not conformant: {len(failing)} of {_musts(len(musts))} {verb}; first: {failing[0].id}"
    elif holding == len(musts) - untestable and holding:
        which = "testable " if untestable else ""
        every = "the only" if holding == 1 else f"all {holding}"
        noun, verb = ("clause", "holds") if holding == 1 else ("clauses", "hold")
        verdict = f"Conformant: {every} {which}MUST {noun} {verb}"
    elif known := sum(clause.verdict == "known" for clause in musts):
        verb = "holds" if holding == 1 else "hold"
        fails = "1 fails" if known == 1 else f"{known} fail"
        holds = f"{holding} of {_musts(len(musts))} {verb}"
        verdict = f"Conformant but for accepted deviations: {holds}, {fails} as accepted"
    else:
        verb = "holds" if holding == 1 else "hold"
        verdict = f"Conformant as far as assessed: {holding} of {_musts(len(musts))} {verb} and none fails"
    return "; ".join([verdict, *_reservations(report, musts, untestable)]) + f" {whom}."


def _reservations(report: Report, musts: tuple[ClauseVerdict, ...], untestable: int) -> list[str]:
    counts = Counter(clause.verdict for clause in musts if not clause.untestable)
    told = [f"{counts[verdict]} {words}" for verdict, words in _UNJUDGED.items() if counts[verdict]]
    if counts["known"] and report.select("fail", "must"):
        told.insert(0, f"{counts['known']} known to fail and accepted")
    if untestable:
        told.append(f"{untestable} cannot be tested")
    reservations = [", ".join(told)] if told else []
    if shoulds := len(report.select("fail", "should")):
        reservations.append("1 SHOULD clause fails" if shoulds == 1 else f"{shoulds} SHOULD clauses fail")
    if known := len(report.select("known", "should")):
        noun = "SHOULD clause fails" if known == 1 else "SHOULD clauses fail"
        reservations.append(f"{known} {noun} as accepted")
    if expired := len(in_state(report, "expired")):
        noun = "accepted deviation has" if expired == 1 else "accepted deviations have"
        reservations.append(f"{expired} {noun} expired")
    if unneeded := len(in_state(report, "unneeded")):
        noun = "accepted deviation fails" if unneeded == 1 else "accepted deviations fail"
        reservations.append(f"{unneeded} {noun} no longer")
    if report.missing:
        noun = "shard" if len(report.missing) == 1 else "shards"
        reservations.append(f"{noun} {', '.join(report.missing)} missing")
    return reservations


def _musts(number: int) -> str:
    return "1 MUST clause" if number == 1 else f"{number} MUST clauses"


def _why_nothing(report: Report) -> str:
    """The commonest reason for which clauses were tried and not judged."""
    unjudged = report.select("error") or report.select("skipped") or report.select("not_assessed")
    reasons = Counter(
        clause.reason for clause in unjudged if clause.reason not in ("", UNASKED) and not clause.untestable
    )
    return reasons.most_common(1)[0][0].rstrip(".") if reasons else "the run judged no clause"
