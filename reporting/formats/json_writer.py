"""The report as conformance.json, from which every other form is made."""

import json
from pathlib import Path

from reporting.files import write_atomically
from reporting.model.report import Report

NAME = "conformance.json"


def write_json(report: Report, folder: Path) -> Path:
    """Write conformance.json into `folder`, whole or not at all; ReportError where that cannot be done.

    Plain ASCII with escapes, so that even half a surrogate pair in an answer survives the file.
    """
    path = folder / NAME
    write_atomically(path, json.dumps(report.to_json(), indent=1, allow_nan=False) + "\n")
    return path
