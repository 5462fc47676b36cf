"""The coverage cases of Schemathesis as rows: what the contract has no answer to is left out, and counted."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from schemathesis.generation import GenerationMode
from schemathesis.generation.drivers import CoverageGenerator
from schemathesis.generation.feedback import NO_FEEDBACK
from schemathesis.generation.meta import CoveragePhaseData
from schemathesis.generation.overrides import Override

from harness.schemathesis.coverage_rows import Row, examples_of_document, short
from harness.schemathesis.document import operations
from harness.schemathesis.expected_rejections import breaches, certain
from harness.schemathesis.request_spec import Generated, Question, question_of

NEVER_SENT = frozenset({("list", "DELETE"), ("search", "PUT"), ("search", "PATCH"), ("search", "DELETE")})
"""All customers at once; and to a method that search lacks, "search" is the number of a customer."""

UNSETTLED_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "QUERY", "TRACE"})
"""A server may answer OPTIONS, need not know QUERY, and a gateway may stop TRACE (RFC 9110 section 9)."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """The coverage cases that have an answer, and how many have none, by reason."""

    rows: tuple[Row, ...]
    left_out: Counter[str]


ASKED_ELSEWHERE = re.compile(
    r"negative (body json: .*(Incorrect type|String (smaller|larger))|path tenant|query page(Size|Number))"
    r"|(upsert|patch) positive body json: Object with all required properties and"
)
"""What the gate asks with values of its own, property by property: test_bodies, test_tenants and test_pages."""


@cache
def derived() -> Coverage:
    """Every coverage case that the contract has an answer to; the gate asks the first of each kind.

    Once a process: a second derivation from the same operations yields fewer cases.
    """
    names: Counter[str] = Counter()
    kinds: set[str] = set()
    asked = {repr(row.question) for row in examples_of_document()}
    left_out: Counter[str] = Counter()
    rows = []
    for operation, case, told in _cases():
        question = question_of(operation, case)
        if reason := _unanswerable(question, case):
            left_out[reason] += 1
            continue
        name = f"{operation} {_kind(question, told)}"
        names[name] += 1
        if names[name] > 1:
            name = f"{name}, case {names[name]}"
        kind = _kind_at_the_gate(re.sub(r", case [0-9]+$", "", name))
        again = kind in kinds or repr(question) in asked or ASKED_ELSEWHERE.search(name) is not None
        rows.append(Row(name, question, _part(told), extra=again))
        kinds.add(kind)
        asked.add(repr(question))
    return Coverage(tuple(rows), left_out)


def _cases() -> Iterator[tuple[str, Generated, CoveragePhaseData]]:
    for name, operation in operations().items():
        generator = CoverageGenerator(
            operation=operation,
            generation_modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE],
            generation_config=operation.schema.config.generation_for(operation=operation, phase="coverage"),
            auth_storage=None,
            override=Override(),
            feedback=NO_FEEDBACK,
        )
        for case in generator:
            if case.meta is not None and isinstance(case.meta.phase.data, CoveragePhaseData):
                yield name, case, case.meta.phase.data


def _unanswerable(question: Question, case: Generated) -> str:
    """Why the contract has no answer to this case; empty where it has."""
    method = str(case.method).upper()
    if (question.operation, method) in NEVER_SENT:
        return "never sent"
    found = breaches(question)
    if found and found[0].statuses == (405,) and method in UNSETTLED_METHODS:
        return "a method that RFC 9110 lets a server answer as it likes"
    intended_positive = case.meta is not None and case.meta.generation.mode is GenerationMode.POSITIVE
    if not found:
        return "" if intended_positive else "valid as it is sent"
    return "" if certain(found) else "open"


def _kind(question: Question, told: CoveragePhaseData) -> str:
    where = told.parameter or ""
    if told.parameter_location is not None and told.parameter_location.value == "body":
        where = short(where)
    description = re.sub(r"the '.*' pattern", "the pattern", told.description).removeprefix(f"{where}: ")
    place = f"{told.parameter_location.value} " if told.parameter_location is not None else ""
    return f"{'negative' if breaches(question) else 'positive'} {place}{where}: {description}".replace(
        " :", ":"
    )


def _kind_at_the_gate(name: str) -> str:
    """What a gate asks once: both media types of a body have the same properties, and texts are alike."""
    alike = re.sub(r"and '\w+'$", "and one more", name.replace("merge-patch", "json"))
    return re.sub(r"'\w+' value: Valid string$", "text", alike)


def _part(told: CoveragePhaseData) -> str:
    match = re.search(r"valid '(\w+)' value", told.description)
    return match[1] if match else ""
