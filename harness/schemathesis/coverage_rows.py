"""The rows of Schemathesis' deterministic phases, each under its own name, in an order that never changes."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from client import ABSENT
from harness.schemathesis.document import operations
from harness.schemathesis.request_spec import Question

COVERAGE_CASES = Path(__file__).with_name("coverage_cases.json")
"""Written by `python -m harness.schemathesis.write_coverage_cases`; deriving them would take a quarter of the start."""


@dataclass(frozen=True, slots=True, repr=False)
class Row:
    """One case to ask: `name` is unique, `part` the property it is about, `extra` left to the nightly run."""

    name: str
    question: Question
    part: str = ""
    extra: bool = False

    def __repr__(self) -> str:
        return self.name


@cache
def examples_of_document() -> tuple[Row, ...]:
    """The examples that the document gives for each operation: bodies under their own names."""
    rows = []
    for name, operation in operations().items():
        request = operation.definition.raw.get("requestBody", {})
        for media_type, content in request.get("content", {}).items():
            for example, told in content.get("examples", {}).items():
                question = Question(
                    name, str(operation.method).upper(), body=told["value"], media_type=media_type
                )
                rows.append(Row(f"{name} {short(media_type)}: {example}", question))
        if not request:
            query = {str(each.name): (str(each.definition["example"]),) for each in operation.query}
            rows.append(
                Row(f"{name}: parameters", Question(name, str(operation.method).upper(), query=query))
            )
    return tuple(rows)


@cache
def coverage() -> tuple[Row, ...]:
    """Every coverage case that the contract has an answer to; the gate asks those that are not `extra`."""
    return tuple(_read(told) for told in json.loads(COVERAGE_CASES.read_text(encoding="utf-8")))


def written(rows: tuple[Row, ...]) -> str:
    """Rows as the text of the file that holds them, a line each."""
    return "[\n" + ",\n".join(json.dumps(_told(row)) for row in rows) + "\n]\n"


def _told(row: Row) -> dict[str, Any]:
    question = row.question
    told = {"name": row.name, "part": row.part, "extra": row.extra}
    told |= {name: getattr(question, name) for name in ("operation", "method", "tenant", "query")}
    told |= {name: getattr(question, name) for name in ("media_type", "content_type")}
    # a body may be null, and none is another thing
    return told if question.body is ABSENT else {**told, "body": question.body}


def _read(told: dict[str, Any]) -> Row:
    parts = {name: told[name] for name in ("name", "part", "extra")}
    asked = {name: value for name, value in told.items() if name not in parts}
    asked["query"] = {name: tuple(values) for name, values in asked["query"].items()}
    return Row(question=Question(**asked), **parts)


def short(media_type: str) -> str:
    """A media type as the names of rows have it."""
    return "merge-patch" if "merge-patch" in media_type else "json"
