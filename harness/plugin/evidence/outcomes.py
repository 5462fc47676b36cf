"""The outcome that pytest reports of a test with failed clauses, or of one that is blocked."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from harness.checks.evidence import Record
from reporting import Deviations, Failure, failure_text
from spec import clauses


@dataclass(frozen=True)
class Outcomes:
    """Which failed clauses fail a test. strict: SHOULD clauses, too; deviations: the accepted failures."""

    strict: bool = False
    deviations: Deviations = field(default_factory=Deviations)

    def set_failed(self, report: pytest.TestReport, failures: Mapping[str, Failure], error: str) -> None:
        """The outcome of a test with failures; `error`: what ended it besides."""
        accepted = {
            name: entry
            for name, failure in failures.items()
            if (entry := self.deviations.entry_for(name, failure)) is not None
        }
        levels = {clauses()[name].level for name in failures if name not in accepted}
        report.longrepr = "\n\n".join(failure_text(name, failure) for name, failure in failures.items())
        fails = bool(levels) and (self.strict or not levels <= {"should"})
        report.outcome = "failed" if fails else "skipped"
        report.clauses = sorted(failures)  # type: ignore[attr-defined] # for ShortSummary
        if not levels:
            reasons = "; ".join(f"{name}: {accepted[name].justification}" for name in sorted(accepted))
            report.wasxfail = f"known and accepted: {reasons}"
        elif report.outcome == "skipped":
            report.wasxfail = (
                f"only SHOULD clauses fail: {', '.join(sorted(failures.keys() - accepted.keys()))}"
            )
        if error:
            report.sections.append(("error", error))


def set_blocked(report: pytest.TestReport, item: pytest.Item, record: Record) -> None:
    """The outcome of a test whose failures the run has reported of other tests."""
    path, line, _ = item.location
    report.outcome = "skipped"
    report.longrepr = (path, (line or 0) + 1, f"Skipped: blocked by {', '.join(record.repeats)}")
    report.clauses = sorted(record.repeats)  # type: ignore[attr-defined] # for ShortSummary
