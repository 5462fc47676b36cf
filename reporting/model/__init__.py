"""The report as values: findings, verdicts and the whole run."""

from reporting.model.findings import Evidence, Failure, Finding, Outcome, Reason

__all__ = ["Evidence", "Failure", "Finding", "Outcome", "Reason"]
