"""conformance.json, from which every other format is generated: written, and read in every version so far."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from reporting.files import ReportError, write_atomically
from reporting.model.base import STRICT, Count, Text
from reporting.model.report import Report, Verdict, count_verdicts
from reporting.verdicts.gate import verdict_sentence
from spec.files import first_mistake

NAME: Final = "conformance.json"
CURRENT: Final = "2.1"
READABLE: Final = ("1.0", "1.1", "2.0", CURRENT)
_UNTESTABLE: Final = "Untestable: "
_NOT_SELECTED: Final = "No test of this run asks about it"


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

    schema_version: Literal["2.1"] = CURRENT
    summary: Summary


DOCUMENT: Final = TypeAdapter(Document)
"""What serialises the document, and describes it as JSON Schema."""
REPORT: Final = TypeAdapter(Report)


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
        report = REPORT.validate_python(_upgraded(document))
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


def _upgraded(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document of a readable version with the keys and values of the present one.

    Version 1 has the level "open", no reason codes, and failures without data: they keep their texts.
    """
    report = dict(document)
    if report.pop("schema_version") in ("2.0", CURRENT):  # 2.1 adds members, which have defaults
        return report
    report["clauses"] = [_clause(clause) for clause in report["clauses"]]
    report["deviations"] = [
        deviation | ({"state": "not_assessed"} if deviation["state"] == "unasked" else {})
        for deviation in report.get("deviations", [])
    ]
    return report


def _clause(clause: dict[str, Any]) -> dict[str, Any]:
    changes: dict[str, Any] = {
        "failures": [
            {"signature": f"{failure['actual']} instead of {failure['expected']}", **failure}
            for failure in clause["failures"]
        ]
    }
    if clause["level"] == "open":
        changes["level"] = "unspecified"
    if clause["reason"].startswith(_UNTESTABLE):
        reason = clause["reason"].removeprefix(_UNTESTABLE)
        changes |= {"reason": reason, "reason_code": "untestable"}
    elif clause["reason"] == _NOT_SELECTED:
        changes["reason_code"] = "not-selected"
    return clause | changes
