"""Every operation as its schema describes it, by requests that Schemathesis generates.

Each of its phases is a test of its own, valid and invalid data apart, and each deterministic case is a parameter.
Other requests are drawn inside of their test, because their strategy depends on the operation, which is a parameter.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from schemathesis import GenerationMode

from harness import OPERATIONS, TenantApi, created, examples, profile, smoke, upserted
from harness.customers import skip_if_literal
from harness.plugin.evidence.example_runner import RunStateMachine
from harness.plugin.execution.profiles import NIGHTLY, SMOKE, randomized
from harness.schemathesis.document import operations
from harness.schemathesis.expected_rejections import definite, expected_rejections
from harness.schemathesis.named_requests import NamedRequest, coverage_cases, document_examples
from harness.schemathesis.request_spec import RequestSpec, request_of
from harness.schemathesis.response_checks import (
    STATUS_CLAUSES,
    documentation_checks,
    rejection_checks,
    run_checks,
    success_check,
)
from harness.schemathesis.sending import Result, adapted, customer_id_for, send, subject
from tests.protocol.links import explore_links

WITH_INPUT = ("list", "create", "search", "upsert", "patch")
"""Of get and delete only the name of the tenant can be invalid, which is a parameter below."""
IN_SMOKE = ("get: parameters", "list: parameters", "search json: email", "patch json: one")
MAX_CHOICE = 59


def parameters(requests: Iterable[NamedRequest]) -> list[Any]:
    """One parameter for each request, marked with the clauses that its response is evidence for."""
    return [
        pytest.param(
            each,
            id=each.name,
            marks=[pytest.mark.covers(*covered(each.request)), *([smoke] if each.name in IN_SMOKE else [])],
        )
        for each in requests
    ]


def covered(request: RequestSpec) -> tuple[str, ...]:
    """The clauses that a response is evidence for; a rejection for one of several reasons is evidence for none."""
    rejections = definite(expected_rejections(request))
    if rejections and rejections[0].statuses == (405,):
        return rejections[0].clause, "http.method.allow"
    promised = [STATUS_CLAUSES[request.operation]] if not rejections else [each.clause for each in rejections]
    return *(promised if len(promised) == 1 else ()), f"{request.operation}.robust.no-5xx"


def check_request(api: TenantApi, request: RequestSpec) -> None:
    """A valid request succeeds, an invalid one is rejected, and the response is as documented."""
    request = adapted(api, request, subject(api).email)
    rejections = definite(expected_rejections(request))

    result = send(api, request, customer_id_for(api, request), until=None if rejections else 200)

    if rejections:
        run_checks(rejection_checks(result, rejections))
    else:
        check_success(api, result)
    run_checks(documentation_checks(api, result, is_rejected=bool(rejections)))


def check_success(api: TenantApi, result: Result) -> None:
    """The request has succeeded, and a new customer has the id that it should have."""
    operation, response = result.request.operation, result.response
    if operation == "upsert":
        skip_if_literal(api, response)
    run_checks([success_check(result)])
    if operation == "create":
        created(api, response)
    elif operation == "upsert":
        upserted(api, response, result.customer_id)


@pytest.mark.parametrize("named", parameters(document_examples()))
def test_example_of_the_document(api: TenantApi, named: NamedRequest) -> None:
    check_request(api, named.request)


if profile() != SMOKE:  # to which the examples of the document are enough

    @pytest.mark.parametrize(
        "named",
        parameters(each for each in coverage_cases() if not each.only_nightly or profile() == NIGHTLY),
    )
    def test_coverage_case(api: TenantApi, named: NamedRequest) -> None:
        check_request(api, named.request)


@cache
def valid_requests(operation: str) -> st.SearchStrategy[RequestSpec]:
    """Requests that Schemathesis generates as valid, and that no constraint rejects."""
    cases = operations()[operation].as_strategy(generation_mode=GenerationMode.POSITIVE)
    requests = st.builds(
        lambda case, choice: replace(request_of(operation, case), choice=choice),
        cases,
        st.integers(0, MAX_CHOICE),
    )
    return requests.filter(lambda request: not expected_rejections(request))


@cache
def invalid_requests(operation: str) -> st.SearchStrategy[RequestSpec]:
    """Requests that Schemathesis generates as invalid, and that the contract definitely rejects."""
    cases = operations()[operation].as_strategy(generation_mode=GenerationMode.NEGATIVE)
    requests = cases.map(lambda case: request_of(operation, case))
    return requests.filter(lambda request: bool(definite(expected_rejections(request))))


@pytest.mark.parametrize(
    "operation",
    [
        pytest.param(each, marks=pytest.mark.covers(STATUS_CLAUSES[each], f"{each}.robust.no-5xx"))
        for each in OPERATIONS
    ],
)
@given(data=st.data())
@examples(2, nightly=60)
def test_generated_valid_request_succeeds(api: TenantApi, operation: str, data: st.DataObject) -> None:
    check_request(api, data.draw(valid_requests(operation), "request"))


@pytest.mark.parametrize(
    "operation",
    [pytest.param(each, marks=pytest.mark.covers(f"{each}.robust.no-5xx")) for each in WITH_INPUT],
)
@given(data=st.data())
@examples(3, nightly=120)
def test_generated_invalid_request_is_rejected(api: TenantApi, operation: str, data: st.DataObject) -> None:
    check_request(api, data.draw(invalid_requests(operation), "request"))


@randomized
@pytest.mark.covers("create.robust.no-5xx", "get.robust.no-5xx")
def test_links_between_operations(api: TenantApi, run_state_machine: RunStateMachine) -> None:
    explore_links(api, run_state_machine)
