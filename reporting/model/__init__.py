"""The report as values: findings, verdicts and the whole run."""
