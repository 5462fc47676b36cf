"""Every operation as its schema describes it: Schemathesis makes the cases, our client asks, we judge.

Its phases are separate tests, valid and invalid data apart; each deterministic case is a row of its own.
"""

from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode

from harness import TenantUnderTest, clause, drawn, examples, profile, smoke
from harness.plugin import profiles
from harness.plugin.run import Run
from harness.schemathesis.coverage_rows import Row, coverage, examples_of_document
from harness.schemathesis.document import operations
from harness.schemathesis.expected_rejections import breaches, certain
from harness.schemathesis.request_spec import Question, question_of
from harness.schemathesis.requests import STATUS_CLAUSES, Asking
from harness.schemathesis.state_machine import explore

OPERATIONS = ("list", "create", "search", "get", "upsert", "patch", "delete")
WITH_INPUT = ("list", "create", "search", "upsert", "patch")
"""Nothing of get and delete can be broken but the tenant's name, which rows ask about."""

SMOKE = frozenset({"get: parameters", "list: parameters", "search json: email", "patch json: one"})


def asked(rows: tuple[Row, ...]) -> list[Any]:
    """One parameter for each row, marked with the clauses that its answer can confirm."""
    marked = []
    for row in rows:
        operation, broken = row.question.operation, certain(breaches(row.question))
        promised = [each.clause for each in broken] if len(broken) == 1 else []
        names = promised if broken else [STATUS_CLAUSES[operation]]
        if any(name.startswith("http.method.") for name in names):
            names = [*names, "http.method.allow"]
        else:
            names = [*names, f"{operation}.robust.no-5xx"]
        marks = [pytest.mark.clause(*names)]
        marks += [smoke] if row.name in SMOKE else []
        marked.append(pytest.param(row, id=row.name, marks=marks))
    return marked


@pytest.mark.parametrize("row", asked(examples_of_document()))
def test_an_example_of_the_document(tenant: TenantUnderTest, row: Row) -> None:
    Asking(tenant).ask(row.question)


if profile() != profiles.SMOKE:  # whose cases are examples of the document

    @pytest.mark.parametrize(
        "row", asked(tuple(row for row in coverage() if not row.extra or profile() == profiles.NIGHTLY))
    )
    def test_a_coverage_case(tenant: TenantUnderTest, row: Row) -> None:
        Asking(tenant).ask(row.question, row.part)


@cache
def questions(operation: str, mode: GenerationMode) -> st.SearchStrategy[Question]:
    """What Schemathesis generates for the operation, valid or surely invalid once it is on its way."""
    cases = operations()[operation].as_strategy(generation_mode=mode)
    drawn = cases.map(lambda case: question_of(operation, case))
    if mode is GenerationMode.POSITIVE:
        return drawn.filter(lambda question: not breaches(question))
    return drawn.filter(lambda question: bool(certain(breaches(question))))


@pytest.mark.parametrize(
    "operation",
    [
        pytest.param(each, marks=pytest.mark.clause(STATUS_CLAUSES[each], f"{each}.robust.no-5xx"))
        for each in OPERATIONS
    ],
)
@given(data=st.data())
@examples(2, nightly=60)
def test_generated_valid_data_succeeds(tenant: TenantUnderTest, operation: str, data: st.DataObject) -> None:
    question = data.draw(questions(operation, GenerationMode.POSITIVE))
    Asking(tenant, lambda options: data.draw(st.sampled_from(options))).ask(question)


@pytest.mark.parametrize(
    "operation",
    [pytest.param(each, marks=pytest.mark.clause(f"{each}.robust.no-5xx")) for each in WITH_INPUT],
)
@given(data=st.data())
@examples(3, nightly=120)
def test_generated_invalid_data_is_refused(
    tenant: TenantUnderTest, operation: str, data: st.DataObject
) -> None:
    Asking(tenant).ask(data.draw(questions(operation, GenerationMode.NEGATIVE)))


@drawn
@clause("create.robust.no-5xx", "get.robust.no-5xx")
def test_the_links_between_operations(tenant: TenantUnderTest, run: Run) -> None:
    explore(tenant, run)
