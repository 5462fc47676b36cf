"""`python -m harness.schemathesis.write_coverage_cases` stores the coverage cases that Schemathesis derives.

To be run after a change of the document or of Schemathesis; `test_named_requests.py` fails until then.
"""

import re
from collections import Counter
from functools import cache
from typing import Any

from harness.schemathesis.document import operations
from harness.schemathesis.expected_rejections import definite, expected_rejections
from harness.schemathesis.internals import coverage_cases
from harness.schemathesis.named_requests import (
    COVERAGE_CASES,
    NamedRequest,
    document_examples,
    encoded,
    short,
)
from harness.schemathesis.request_spec import RequestSpec, request_of

UNSAFE = frozenset({("list", "DELETE"), ("search", "PUT"), ("search", "PATCH"), ("search", "DELETE")})
"""All customers at once; and with a method that search does not support, "search" is the id of a customer."""
UNSPECIFIED_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "QUERY", "TRACE"})
"""Not only 405 is permitted: a server may support OPTIONS, and a gateway may reject TRACE (RFC 9110 §9)."""
COVERED_ELSEWHERE = re.compile(
    r"negative (body json: .*(Incorrect type|String (smaller|larger))|path tenant|query page(Size|Number))"
    r"|(upsert|patch) positive body json: Object with all required properties and"
)
"""What the gate covers by values of its own, property by property: test_bodies, test_tenants and test_pages."""


@cache
def derive_coverage_cases() -> tuple[NamedRequest, ...]:
    """Derive the coverage cases for which the contract promises a response; the gate sends the first of each kind."""
    names: Counter[str] = Counter()
    kinds: set[str] = set()
    seen = {repr(each.request) for each in document_examples()}
    requests = []
    for operation in operations():
        for case, description in coverage_cases(operations()[operation]):
            request = request_of(operation, case)
            if not _is_specified(request):
                continue
            name = _name(request, description)
            names[name] += 1
            kind = _kind(name)
            covered = kind in kinds or repr(request) in seen or COVERED_ELSEWHERE.search(name) is not None
            unique = name if names[name] == 1 else f"{name}, case {names[name]}"
            requests.append(NamedRequest(unique, request, only_nightly=covered))
            kinds.add(kind)
            seen.add(repr(request))
    return tuple(requests)


def _is_specified(request: RequestSpec) -> bool:
    """Whether the request is safe and the contract promises a response to it."""
    rejections = expected_rejections(request)
    is_unsupported = bool(rejections) and rejections[0].statuses == (405,)
    return (
        (request.operation, request.method) not in UNSAFE
        and not (is_unsupported and request.method in UNSPECIFIED_METHODS)
        and (not rejections or bool(definite(rejections)))
    )


def _name(request: RequestSpec, description: Any) -> str:
    """The operation, whether the request is valid, the part that the case is about, and what Schemathesis tries."""
    mode = "negative" if expected_rejections(request) else "positive"
    location = description.parameter_location.value if description.parameter_location is not None else ""
    part = description.parameter or ""
    part = short(part) if location == "body" else part
    text = re.sub(r"the '.*' pattern", "the pattern", description.description).removeprefix(f"{part}: ")
    return f"{' '.join(filter(None, (request.operation, mode, location, part)))}: {text}"


def _kind(name: str) -> str:
    """What the gate covers once: both media types of a body have the same properties, and texts are alike."""
    alike = re.sub(r"and '\w+'$", "and one more", name.replace("merge-patch", "json"))
    return re.sub(r"'\w+' value: Valid string$", "text", alike)


if __name__ == "__main__":
    COVERAGE_CASES.write_text(encoded(derive_coverage_cases()), encoding="utf-8")
