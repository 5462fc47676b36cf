"""The requests of Schemathesis' deterministic phases, each under a name, in an order that never changes."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from client import ABSENT
from harness.schemathesis.document import operations, published_method
from harness.schemathesis.request_spec import RequestSpec

COVERAGE_CASES = Path(__file__).with_name("coverage_cases.json")
"""Written by `python -m harness.schemathesis.write_coverage_cases`; to derive them would double the start of a run."""
PARTS = tuple(each.name for each in fields(RequestSpec) if each.name != "choice")


@dataclass(frozen=True, slots=True, repr=False)
class NamedRequest:
    """A request to be checked; the name is unique. only_nightly: the gate leaves the request out."""

    name: str
    request: RequestSpec
    only_nightly: bool = False

    def __repr__(self) -> str:
        return self.name


@cache
def document_examples() -> tuple[NamedRequest, ...]:
    """The examples of the document: those of bodies under their own names, those of parameters together."""
    examples = []
    for name, operation in operations().items():
        method, body = published_method(name), operation.definition.raw.get("requestBody", {})
        for media_type, content in body.get("content", {}).items():
            for example, described in content.get("examples", {}).items():
                request = RequestSpec(name, method, body=described["value"], media_type=media_type)
                examples.append(NamedRequest(f"{name} {short(media_type)}: {example}", request))
        if not body:
            query = {str(each.name): (str(each.definition["example"]),) for each in operation.query}
            examples.append(NamedRequest(f"{name}: parameters", RequestSpec(name, method, query=query)))
    return tuple(examples)


@cache
def coverage_cases() -> tuple[NamedRequest, ...]:
    """Every coverage case for which the contract promises a response."""
    return tuple(_decoded(each) for each in json.loads(COVERAGE_CASES.read_text(encoding="utf-8")))


def encoded(requests: Iterable[NamedRequest]) -> str:
    """The text of the file that stores the requests, one per line."""
    return "[\n" + ",\n".join(json.dumps(_encoded(each)) for each in requests) + "\n]\n"


def short(media_type: str) -> str:
    """The media type in names."""
    return "merge-patch" if "merge-patch" in media_type else "json"


def _encoded(named: NamedRequest) -> dict[str, Any]:
    parts = {name: getattr(named.request, name) for name in PARTS}
    if named.request.body is ABSENT:
        del parts["body"]  # a body that is null is written
    return {"name": named.name, "only_nightly": named.only_nightly, "request": parts}


def _decoded(stored: dict[str, Any]) -> NamedRequest:
    parts = stored["request"]
    query = {name: tuple(values) for name, values in parts["query"].items()}
    return NamedRequest(stored["name"], RequestSpec(**{**parts, "query": query}), stored["only_nightly"])
