"""How answers become a report: findings, verdicts, the gate, writers and the reader."""

from pathlib import Path

from reporting.coverage import Coverage
from reporting.files import ReportError
from reporting.formats.badge_writer import write_badge
from reporting.formats.har_writer import write_har
from reporting.formats.html_writer import write_html
from reporting.formats.json_writer import write_json
from reporting.formats.sarif_writer import write_sarif
from reporting.formats.summary_writer import write_summary
from reporting.formats.terminal import render
from reporting.history import past, remember
from reporting.model.delays import Delays
from reporting.model.findings import Evidence, Failure, Finding
from reporting.model.reader import read
from reporting.model.report import ClauseVerdict, Data, Deviation, Report, Requests, Suite, Target
from reporting.verdicts.accept_deviations import accept
from reporting.verdicts.aggregate import fold
from reporting.verdicts.deviations import Deviations
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
