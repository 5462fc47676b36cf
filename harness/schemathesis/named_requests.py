"""The requests of Schemathesis' deterministic phases, each under a name, in an order that never changes."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

import spec
from harness.schemathesis.document import operations
from harness.schemathesis.request_spec import RequestSpec

COVERAGE_CASES = Path(__file__).with_name("coverage_cases.json")
"""Written by `python -m harness.schemathesis.write_coverage_cases`; to derive them would double the start of a run."""


@dataclass(frozen=True, slots=True, repr=False)
class NamedRequest:
    """A request to be checked; the name is unique. only_nightly: the gate leaves the request out."""

    name: str
    request: RequestSpec
    only_nightly: bool = False

    def __repr__(self) -> str:
        return self.name


_REQUESTS = TypeAdapter(tuple[NamedRequest, ...])


@cache
def document_examples() -> tuple[NamedRequest, ...]:
    """The examples of the document: those of bodies under their own names, those of parameters together."""
    examples = []
    for name, operation in operations().items():
        method, body = spec.operations()[name].method, operation.definition.raw.get("requestBody", {})
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
    return _REQUESTS.validate_json(COVERAGE_CASES.read_bytes())


def encoded(requests: Iterable[NamedRequest]) -> str:
    """The text of the file that stores the requests, one per line, without what is the default."""
    stored = _REQUESTS.dump_python(tuple(requests), exclude_defaults=True)
    return "[\n" + ",\n".join(map(json.dumps, stored)) + "\n]\n"


def short(media_type: str) -> str:
    """The media type in names."""
    return "merge-patch" if "merge-patch" in media_type else "json"
