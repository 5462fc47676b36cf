"""The verdict as badge.json, in the endpoint format of shields.io."""

from typing import Final

from reporting.model.report import Report, count_verdicts
from reporting.verdicts.gate import is_assessed

LABEL: Final = "customer contract"


def badge(report: Report) -> dict[str, object]:
    """The keys of shields.io's endpoint badge."""
    message, colour = _verdict(report)
    return {"schemaVersion": 1, "label": LABEL, "message": message, "color": colour}


def _verdict(report: Report) -> tuple[str, str]:
    counts = count_verdicts(report.testable())
    failing, known, holding = counts["fail"], counts["known"], counts["pass"]
    testable = len(report.testable())
    if failing:
        return f"{failing} of {testable} fail", "red"
    if not is_assessed(report) or report.missing:
        return "not assessed", "lightgrey"
    if known:
        return f"{holding} of {testable} hold, {known} accepted", "yellow"
    if holding < testable:
        return f"{holding} of {testable} hold", "yellowgreen"
    return f"all {holding} hold", "brightgreen"
