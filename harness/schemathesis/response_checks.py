"""The checks of one response: the promised status, and conformance to the document by Schemathesis."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

import schemathesis
from schemathesis.errors import FailureGroup

from client import ABSENT, Exchange
from harness.api import TenantApi
from harness.checks.assertions import assert_allows, assert_rejected, assert_status
from harness.checks.evidence import clause
from harness.params import RESULTS
from harness.schemathesis.document import operations
from harness.schemathesis.expected_rejections import ExpectedRejection
from harness.schemathesis.internals import JsonSchemaError
from harness.schemathesis.sending import Result
from spec import Kind, Mismatch, Rule, clauses

STATUS_CLAUSES = {
    "list": "list.status.ok",
    "create": "create.status.created",
    "search": "search.status.ok",
    "get": "get.status.ok",
    "upsert": "upsert.create.status",
    "patch": "patch.status.ok",
    "delete": "delete.status.accepted",
}
"""The clause of a successful status; an upsert of generated data creates a customer."""
SUCCESS = {"create": 201, "upsert": 201, "delete": 202}
"""The status of success where it is not 200."""
SCHEMA_CLAUSES = {
    ("list", 200): "list.schema.customer",
    ("search", 200): "search.schema.customer",
    ("get", 200): "get.schema.customer",
    ("create", 201): "create.answer.id",
    ("upsert", 201): "upsert.create.answer-id",
}
ERROR_STATUSES = (400, 401, 403, 404, 409)
"""The statuses with an error body, each with a clause about its schema."""
ALLOWED_METHODS = {"collection": {"GET", "POST"}, "item": {"GET", "PUT", "PATCH", "DELETE"}}
MAX_MESSAGE_LENGTH = 160

Check = tuple[str, str, Callable[[], None]]
"""A clause, the class of input, and an assertion about the response."""


def run_checks(checks: Iterable[Check], *, record_only: bool = False) -> bool:
    """Run each check in the scope of its clause, up to the first that fails; whether all have passed.

    record_only: a failure is recorded and not raised.
    """
    for clause_id, about, check in checks:
        passed = False
        with clause(clause_id, about, record_only=record_only):
            check()
            passed = True
        if not passed:
            return False
    return True


def rejection_checks(result: Result, rejections: Sequence[ExpectedRejection]) -> Iterator[Check]:
    """The request is rejected with a status that one of its expected rejections has.

    Which of several constraints a tenant checks first is open: then the rejection is evidence for none of them.
    An unexpected 415 is about the media type, whatever else is invalid.
    """
    first, response = rejections[0], result.response
    statuses = tuple(dict.fromkeys(status for each in rejections for status in each.statuses))
    if response.status == 415 and 415 not in statuses:
        yield success_clause(result), first.about, partial(assert_rejected, response, *statuses)
    elif len(rejections) == 1 or response.status not in statuses:
        yield first.clause, first.about, partial(assert_rejected, response, *statuses)
    if statuses == (405,):
        methods = ALLOWED_METHODS[first.clause.rpartition(".")[2]]
        yield "http.method.allow", response.method, partial(assert_allows, response, methods)


def success_check(result: Result) -> Check:
    """The request succeeds."""
    status = SUCCESS.get(result.request.operation, 200)
    return success_clause(result), "", partial(assert_status, result.response, status)


def success_clause(result: Result) -> str:
    """The clause that promises success; where the request was rejected, a finer one than that of the status."""
    request, operation = result.request, result.request.operation
    if result.response.status >= 400 and operation not in ("list", "get"):
        if request.body is ABSENT or operation == "delete":
            return f"{operation}.body.optional"
        if "merge-patch" in (request.media_type or ""):
            return f"{operation}.merge-patch"
    return STATUS_CLAUSES[operation]


def documentation_checks(api: TenantApi, result: Result, *, is_rejected: bool = False) -> Iterator[Check]:
    """The response is as documented for its status, by the checks of Schemathesis.

    Of a list or search result only the customers of this run are validated. An empty result conforms to its schema
    whatever the tenant does: it is no evidence. is_rejected: 415 is expected, although it is not documented.
    """
    request, response = result.request, result.response
    if not request.is_published or (is_rejected and response.status == 415):
        return
    documented = schemathesis.Response.from_any(response.response)
    if request.operation in RESULTS and response.status == 200 and isinstance(response.json, list):
        documented.content = json.dumps([each for each in response.json if _is_of_run(api, each)]).encode()
    for name, clause_id in _documented(request.operation, response):
        if (name, documented.content) != ("response_schema_conformance", b"[]"):
            yield clause_id, "", partial(assert_documented, result, documented, name, clause_id)


def assert_documented(result: Result, response: schemathesis.Response, check: str, clause_id: str) -> None:
    """The response passes a check of Schemathesis."""
    try:
        result.case.validate_response(response, checks=[getattr(schemathesis.checks, check)])
    except FailureGroup as group:
        failure = group.exceptions[0]
        text = " ".join(f"{failure.title}: {failure.message}".split())[:MAX_MESSAGE_LENGTH]
        mismatch = Mismatch(
            Kind.SCHEMA, expected=Rule("as documented"), actual=Rule(text), exchange=result.response
        )
        path = failure.instance_path if isinstance(failure, JsonSchemaError) else []
        raise mismatch.owned_by(_clause_at(path, clause_id)) from None


def _documented(operation: str, response: Exchange) -> Iterator[tuple[str, str]]:
    """The checks of Schemathesis that apply to a response, each with the clause that it is about."""
    status = response.status
    if status in ERROR_STATUSES:
        if str(status) not in operations()[operation].responses.status_codes:
            return  # an invalid tenant name may be rejected with any of them
        media_type = (response.header("Content-Type") or "").partition(";")[0].strip().lower()
        if not media_type.endswith("+json"):
            yield "content_type_conformance", "errors.body.json"
        yield "response_schema_conformance", f"errors.{status}.shape"
        return
    yield "status_code_conformance", STATUS_CLAUSES[operation]
    if (operation, status) in SCHEMA_CLAUSES:
        yield "content_type_conformance", "http.content-type.json"
        yield "response_schema_conformance", SCHEMA_CLAUSES[operation, status]
    if operation in RESULTS and status == 200:
        yield "response_headers_conformance", f"{operation}.count.header"


def _clause_at(path: Iterable[str | int], clause_id: str) -> str:
    """The clause of a property on the path if there is one, such as that of accounts, else this one."""
    operation = clause_id.partition(".")[0]
    finer = (f"{operation}.{step}.{aspect}" for step in path for aspect in ("shape", "enum"))
    return next((name for name in finer if name in clauses()), clause_id)


def _is_of_run(api: TenantApi, customer: object) -> bool:
    """Whether an element of a result is a customer that a test has created; what is no customer is validated, too."""
    return not isinstance(customer, dict) or str(customer.get("id")) in api.known.ids
