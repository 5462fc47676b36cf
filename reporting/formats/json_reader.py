"""Reads a report from conformance.json, or rejects the file with one sentence."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from reporting.files import ReportError
from reporting.model.report import Report
from reporting.model.upgrade import READABLE, upgraded


def read(path: Path) -> Report:
    """The report in this file; ReportError for a missing, truncated or foreign file, or an unknown schema version."""
    document = _parsed(path)
    if not isinstance(document, dict) or "schema_version" not in document:
        raise ReportError(
            f"{path}: is not a conformance report; name a conformance.json that this suite wrote."
        )
    if document["schema_version"] not in READABLE:
        raise ReportError(
            f"{path}: has schema version {document['schema_version']!r}, this suite reads "
            f"{' and '.join(READABLE)}; read it with the suite that wrote it."
        )
    report = upgraded(document)
    report.pop("summary", None)  # derived from the clauses
    try:
        read_report = _adapter().validate_python(report)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = "/".join(str(step) for step in first["loc"]) or "the report"
        raise ReportError(
            f"{path}: {place} does not conform to the schema ({first['msg'][:200]}); run the suite again."
        ) from None
    ids = [clause.id for clause in read_report.clauses]
    if repeated := sorted({clause_id for clause_id in ids if ids.count(clause_id) > 1}):
        raise ReportError(f"{path}: has the clause {repeated[0]} twice; run the suite again.")
    return read_report


def _parsed(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ReportError(
            f"{path}: the report cannot be read ({error.strerror}); run the suite, or name another file."
        ) from error
    except ValueError as error:
        raise ReportError(
            f"{path}: is not complete JSON ({error}), so it was cut short or is another kind of file; "
            "run the suite again."
        ) from error


@cache
def _adapter() -> TypeAdapter[Report]:
    return TypeAdapter(Report)
