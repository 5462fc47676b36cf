"""How answers become a report: findings, verdicts, the gate, writers and the reader."""

from pathlib import Path

from reporting.accepting import accept
from reporting.badge_writer import write_badge
from reporting.coverage import Coverage
from reporting.delays import Delays
from reporting.deviations import Deviations
from reporting.files import ReportError
from reporting.findings import Evidence, Failure, Finding
from reporting.gate import exit_code, verdict_sentence
from reporting.har_writer import write_har
from reporting.history import past, remember
from reporting.html_writer import write_html
from reporting.json_writer import write_json
from reporting.model import ClauseVerdict, Data, Deviation, Report, Requests, Suite, Target
from reporting.reader import read
from reporting.sarif_writer import write_sarif
from reporting.summary_writer import write_summary
from reporting.terminal import render
from reporting.verdicts import fold

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
    "Report",
    "ReportError",
    "Requests",
    "Suite",
    "Target",
    "accept",
    "exit_code",
    "fold",
    "read",
    "remember",
    "render",
    "verdict_sentence",
    "write",
    "write_html",
    "write_json",
    "write_summary",
]


def write(report: Report, folder: Path) -> Path:
    """Write every format of the report into `folder`; the path of the HTML.

    Each file is whole or not there at all; ReportError where the folder cannot be written.
    """
    write_json(report, folder)
    write_summary(report, folder)
    for write_format in (write_sarif, write_badge, write_har):
        write_format(report, folder)
    return write_html(report, folder, past(report, folder))
