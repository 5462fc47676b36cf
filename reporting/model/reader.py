"""A report read back, or refused with one sentence."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from reporting.files import ReportError
from reporting.model.report import READABLE, Report

SCHEMA = Path(__file__).parents[1] / "conformance.schema.json"


def read(path: Path) -> Report:
    """The report in this file; ReportError for an absent, truncated or foreign one, or another version."""
    document = _parsed(path)
    if not isinstance(document, dict) or "schema_version" not in document:
        raise ReportError(f"{path}: is no conformance report; name a conformance.json that this suite wrote.")
    if document["schema_version"] not in READABLE:
        raise ReportError(
            f"{path}: has schema version {document['schema_version']!r}, this suite reads "
            f"{' and '.join(READABLE)}; read it with the suite that wrote it."
        )
    for error in _schema().iter_errors(_encodable(document)):
        place = "/".join(str(step) for step in error.instance_path) or "the report"
        raise ReportError(
            f"{path}: {place} breaks the report's schema ({error.message[:200]}); run the suite again."
        )
    ids = [clause["id"] for clause in document["clauses"]]
    if twice := sorted({clause_id for clause_id in ids if ids.count(clause_id) > 1}):
        raise ReportError(f"{path}: holds the clause {twice[0]} twice; run the suite again.")
    return Report.from_json(document)


def _parsed(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ReportError(
            f"{path}: the report cannot be read ({error.strerror}); run the suite, or name another file."
        ) from error
    except ValueError as error:
        raise ReportError(
            f"{path}: is not whole JSON ({error}), so it was cut short or is another kind of file; "
            "run the suite again."
        ) from error


def _encodable(document: Any) -> Any:
    """The document as UTF-8 can hold it: the validator cannot quote half a surrogate pair."""
    return json.loads(json.dumps(document, ensure_ascii=False).encode("utf-8", "replace"))


@cache
def _schema() -> jsonschema_rs.Draft202012Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
