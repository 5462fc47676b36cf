"""Reads a report from conformance.json, or rejects the file with one sentence."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from reporting.files import ReportError
from reporting.model.report import Report
from reporting.model.upgrade import READABLE, upgraded
from spec.files import first_mistake

_REPORT: Final = TypeAdapter(Report)


def read_of_one_tenant(paths: Sequence[Path]) -> list[Report]:
    """The reports in these files; ReportError as for `read`, and where one is about another tenant than the first."""
    reports = [read(path) for path in paths]
    for path, report in zip(paths, reports, strict=True):
        if report.target.identity != reports[0].target.identity:
            raise ReportError(
                f"{path}: is about {_description(report)}, but {paths[0]} about {_description(reports[0])}; "
                "name reports of one tenant."
            )
    return reports


def read(path: Path) -> Report:
    """The report in this file; ReportError for a missing, truncated or foreign file, or an unknown schema version."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ReportError(
            f"{path}: the report cannot be read ({error.strerror}); run the suite, or name another file."
        ) from error
    except ValueError as error:
        raise ReportError(
            f"{path}: is not complete JSON ({error}), so it was cut short or is another kind of file; "
            "run the suite again."
        ) from error
    if not isinstance(document, dict) or "schema_version" not in document:
        raise ReportError(
            f"{path}: is not a conformance report; name a conformance.json that this suite wrote."
        )
    if document["schema_version"] not in READABLE:
        raise ReportError(
            f"{path}: has schema version {document['schema_version']!r}, this suite reads "
            f"{' and '.join(READABLE)}; read it with the suite that wrote it."
        )
    document.pop("summary", None)  # derived from the clauses
    try:
        report = _REPORT.validate_python(upgraded(document))
    except ValidationError as error:
        raise ReportError(f"{path}{first_mistake(error)}; run the suite again.") from None
    except (KeyError, TypeError, AttributeError) as error:
        raise ReportError(f"{path}: is no report of version 1 ({error!r}); run the suite again.") from None
    ids = [clause.id for clause in report.clauses]
    if repeated := sorted({clause_id for clause_id in ids if ids.count(clause_id) > 1}):
        raise ReportError(f"{path}: has the clause {repeated[0]} twice; run the suite again.")
    return report


def _description(report: Report) -> str:
    target = report.target
    return f"the {target.kind} tenant {target.tenant or 'without a name'} at {target.api_url or 'no address'}"
