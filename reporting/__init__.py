"""From findings to a report: verdicts, the gate, the formats and the reader."""

import json
from pathlib import Path

from reporting.files import ReportError, write_atomically
from reporting.formats.ci.badge import badge
from reporting.formats.ci.ctrf import ctrf
from reporting.formats.ci.sarif import sarif
from reporting.formats.failures import failure_text
from reporting.formats.har import har
from reporting.formats.html.writer import html
from reporting.formats.json_file import read, write_json
from reporting.formats.summary import summary
from reporting.formats.terminal import render
from reporting.history import append_history, read_history
from reporting.model.coverage import Coverage
from reporting.model.delays import Delays
from reporting.model.findings import Evidence, Failure, Finding, Reason
from reporting.model.report import ClauseVerdict, Data, Deviation, Report, Requests, Suite, Target
from reporting.model.signatures import key
from reporting.verdicts.aggregate import aggregate
from reporting.verdicts.deviations import Deviations, accept
from reporting.verdicts.gate import exit_code, verdict_sentence

__all__ = [
    "ClauseVerdict",
    "Coverage",
    "Data",
    "Delays",
    "Deviation",
    "Deviations",
    "Evidence",
    "Failure",
    "Finding",
    "Reason",
    "Report",
    "ReportError",
    "Requests",
    "Suite",
    "Target",
    "accept",
    "aggregate",
    "append_history",
    "exit_code",
    "failure_text",
    "key",
    "read",
    "read_history",
    "render",
    "verdict_sentence",
    "write",
    "write_json",
]


def write(report: Report, folder: Path) -> Path:
    """Write every format of the report into `folder`; the path of the HTML.

    Each file is written atomically; ReportError where the folder is not writable.
    """
    write_json(report, folder)
    documents = {
        "conformance.sarif": sarif,
        "badge.json": badge,
        "exchanges.har": har,
        "ctrf-report.json": ctrf,
    }
    for name, convert in documents.items():
        write_atomically(folder / name, json.dumps(convert(report), indent=1) + "\n")
    write_atomically(folder / "summary.md", summary(report))
    page = folder / "conformance.html"
    write_atomically(page, html(report, read_history(report, folder)))
    return page
