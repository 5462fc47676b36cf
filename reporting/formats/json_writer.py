"""The report as conformance.json, from which every other format is generated."""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from reporting.files import write_atomically
from reporting.model.base import STRICT, Count, Text
from reporting.model.report import Report, SchemaVersion, Verdict, count_verdicts
from reporting.verdicts.gate import verdict_sentence

NAME: Final = "conformance.json"


@dataclass(frozen=True, slots=True, config=STRICT)
class Summary:
    """Derived from the clauses: the verdict in one sentence, and counts by level and verdict."""

    sentence: Text
    must: dict[Verdict, Count]
    should: dict[Verdict, Count]
    unspecified: dict[Verdict, Count]


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Document(Report):
    """Conformance report of the customer contract suite."""

    schema_version: SchemaVersion = "2.1"
    summary: Summary


DOCUMENT: Final = TypeAdapter(Document)
"""What serialises the document, and describes it as JSON Schema."""


def write_json(report: Report, folder: Path) -> Path:
    """Write conformance.json into `folder` atomically; ReportError where that fails.

    The file is ASCII with escapes, so any text of a response survives it.
    """
    path = folder / NAME
    write_atomically(path, json.dumps(document(report), indent=1, allow_nan=False) + "\n")
    return path


def document(report: Report) -> dict[str, Any]:
    """The report as JSON values, with its schema version and its summary."""
    summary = Summary(
        verdict_sentence(report),
        must=count_verdicts(report.select(level="must")),
        should=count_verdicts(report.select(level="should")),
        unspecified=count_verdicts(report.select(level="unspecified")),
    )
    values = {each.name: getattr(report, each.name) for each in fields(Report)}
    dumped: dict[str, Any] = DOCUMENT.dump_python(
        Document(**values, summary=summary), mode="json", by_alias=True
    )
    return {"schema_version": dumped.pop("schema_version"), **dumped}
