"""The verdict as badge.json, in the form that shields.io and its like draw as a badge."""

import json
from pathlib import Path
from typing import Final

from reporting.files import write_atomically
from reporting.model.report import Report
from reporting.verdicts.gate import judged

NAME: Final = "badge.json"
LABEL: Final = "customer contract"


def write_badge(report: Report, folder: Path) -> Path:
    """Write badge.json into `folder`, whole or not at all; ReportError where that cannot be done."""
    path = folder / NAME
    write_atomically(path, json.dumps(badge(report), ensure_ascii=False) + "\n")
    return path


def badge(report: Report) -> dict[str, object]:
    """The keys of shields.io's endpoint badge."""
    message, colour = _verdict(report)
    return {"schemaVersion": 1, "label": LABEL, "message": message, "color": colour}


def _verdict(report: Report) -> tuple[str, str]:
    musts = report.select(level="must")
    failing = sum(clause.verdict == "fail" for clause in musts)
    known = sum(clause.verdict == "known" for clause in musts)
    holding = sum(clause.verdict == "pass" for clause in musts)
    asked = sum(not clause.untestable for clause in musts)
    if failing:
        return f"{failing} of {asked} fail", "red"
    if not judged(report) or report.missing:
        return "not assessed", "lightgrey"
    if known:
        return f"{holding} of {asked} hold, {known} accepted", "yellow"
    if holding < asked:
        return f"{holding} of {asked} hold", "yellowgreen"
    return f"all {holding} hold", "brightgreen"
