"""Asking a question through the one client, and judging its answer by our policy and Schemathesis' checks."""

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, cast

import httpx
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.transport import HttpMethod
from schemathesis.openapi.checks import JsonSchemaError
from schemathesis.specs.openapi import checks

from client import ABSENT, Exchange, GuardError
from harness.answers import OK_CLAUSES, Answer
from harness.customer import Customer
from harness.polling import settled as in_time
from harness.schemathesis.adapter import Fitting, first
from harness.schemathesis.document import operations
from harness.schemathesis.expected_rejections import ITEMS, PUBLISHED_METHODS, WRITES, breaches, certain
from harness.schemathesis.request_spec import Generated, Question
from harness.tenant_under_test import TenantUnderTest
from spec import Violation, clauses
from strategies import namespace

SUBJECT = "schemathesis"
SUCCESS = {"create": 201, "upsert": 201, "delete": 202}
STATUS_CLAUSES = OK_CLAUSES | {"upsert": "upsert.create.status"}
RESULTS = ("list", "search")
SHAPED = (400, 401, 403, 404, 409)
ALLOWED = {"collection": {"GET", "POST"}, "item": {"GET", "PUT", "PATCH", "DELETE"}}


@dataclass
class Asked:
    """A question as it went out, its answer, and both as Schemathesis has them."""

    question: Question
    answer: Answer
    case: Generated
    response: httpx.Response


@dataclass
class Asking:
    """Asks one tenant; `choose` picks among valid values, the first unless Hypothesis draws."""

    tenant: TenantUnderTest
    choose: Callable[[Sequence[Any]], Any] = field(default=first)

    def subject(self) -> Customer:
        """The customer that questions about an existing one are about; nobody expects its data to stay."""
        customer = self.tenant.shared.get(SUBJECT)
        if customer is None:
            customer = self.tenant.has(self.tenant.rich())
            self.tenant.get(customer).must_show()
            self.tenant.shared[SUBJECT] = customer
        return customer

    def ask(self, question: Question, part: str = "") -> Asked:
        """Ask in the tenant's own words, and demand what the contract promises; `part` is what varies."""
        number = self._number(question)
        asked = self._sent_in_time(
            Fitting(self.tenant, self.subject().email, self.choose).fitted(question), number
        )
        try:
            self.judge(asked, number, part)
        except Violation:
            self._undo(asked, number)
            raise
        return asked

    def _sent_in_time(self, question: Question, number: str) -> Asked:
        """Send; a get that does not know the customer yet is sent again within the window of reads."""
        asked = self.send(question, number)

        def found() -> None:
            nonlocal asked
            asked = self.send(question, number)
            if asked.answer.status == 404:
                raise asked.answer.violation("create.visible.get", expected="200")

        late = question.operation == "get" and asked.answer.status == 404 and number in self.tenant.known
        if late and self.tenant.windows.read:
            with suppress(Violation):
                in_time(self.tenant.windows.read, found)
        return asked

    def send(self, question: Question, number: str) -> Asked:
        """Send the question about this customer; what the guard stops goes to our own tenant instead."""
        try:
            return self._send(question, number)
        except GuardError:
            return self._send(replace(question, tenant=None), number)

    def judge(self, asked: Asked, number: str, part: str = "") -> None:
        """Demand that a valid question succeeds and any other is refused, each in its published form."""
        question, answer = asked.question, asked.answer
        found = breaches(question)
        settled = certain(found)
        if settled:
            statuses = tuple(dict.fromkeys(status for each in settled for status in each.statuses))
            clause = settled[0].clause
            if answer.status not in statuses or len(settled) == 1:
                answer.must_refuse(clause, *statuses, about=settled[0].about)
            if statuses == (405,):
                self._must_offer(answer, ALLOWED[clause.rpartition(".")[2]])
        elif found:
            answer.must_not_be(500, f"{question.operation}.robust.no-5xx")
        else:
            self._must_succeed(asked, number, part)
        self.must_conform(asked)

    def must_conform(self, asked: Asked) -> None:
        """Demand what Schemathesis checks of an answer, each check under its clause."""
        question, status = asked.question, asked.answer.status
        if question.method != PUBLISHED_METHODS[question.operation]:
            return
        response = self._of_this_run(asked) if question.operation in RESULTS else asked.response
        for check, clause in _checks(question, status, asked.answer):
            try:
                asked.case.validate_response(response, checks=[check])
            except FailureGroup as group:
                failure = group.exceptions[0]
                told = " ".join(f"{failure.title}: {failure.message}".split())
                name = _narrowed(clause, failure)
                raise asked.answer.violation(name, expected="as documented", about=told[:160]) from None
            if response.content not in (b"", b"[]"):
                self.tenant.trial.credit(clause)

    def _undo(self, asked: Asked, number: str) -> None:
        """Delete what a tenant has taken wrongly: other answers would show it and be blamed for it."""
        subject = self.tenant.shared.get(SUBJECT)
        if subject is not None and subject.id == number:
            del self.tenant.shared[SUBJECT]
        told = asked.answer.json
        if asked.question.operation == "create" and isinstance(told, dict):
            number = str(told.get("id", ""))
        if number and asked.question.operation in WRITES and 200 <= asked.answer.status < 300:
            self.tenant.delete(number)

    def _number(self, question: Question) -> str:
        operation = question.operation
        if operation not in ITEMS:
            return ""
        if question.tenant is not None or operation == "upsert":
            return self.tenant.unknown_id()
        if operation == "delete" and not certain(breaches(question)):
            return self.tenant.has().id
        return self.subject().id

    def _send(self, question: Question, number: str) -> Asked:
        tenant = self.tenant
        case = case_of(question, question.tenant or tenant.client.home(tenant.identity), number)
        responses: list[httpx.Response] = []

        def send() -> Exchange:
            kwargs = case.as_transport_kwargs(base_url=tenant.settings.api_url)
            named = (
                question.operation if question.method == PUBLISHED_METHODS[question.operation] else "other"
            )
            exchange, response = tenant.client.send_case(kwargs, named, identity=tenant.identity)
            responses[:] = [response]
            return exchange

        answer = tenant.asked(send)
        return Asked(question, answer, case, responses[0])

    def _must_succeed(self, asked: Asked, number: str, part: str) -> None:
        question, answer, tenant = asked.question, asked.answer, self.tenant
        operation = question.operation
        if operation == "upsert" and answer.status == 400 and not tenant.custom_ids:
            return  # the tenant reads the id pattern literally, in upsert too
        answer.must_answer(SUCCESS.get(operation, 200), clause=blamed(question, answer.status, part))
        match operation:
            case "create":
                tenant.created(answer)
            case "upsert":
                tenant.upserted(answer, number)
            case "patch" if number in tenant.known:
                tenant.patched(answer, tenant.known[number])
            case "delete" if number in tenant.known:
                tenant.known[number].deleted = True
        tenant.trial.credit(STATUS_CLAUSES[operation])

    def _must_offer(self, answer: Answer, methods: set[str]) -> None:
        offered = {each.strip().upper() for each in (answer.exchange.header("Allow") or "").split(",")}
        if not methods <= offered:
            raise answer.violation("http.method.allow", expected=f"Allow: {', '.join(sorted(methods))}")
        self.tenant.trial.credit("http.method.allow", answer.exchange.method)

    def _of_this_run(self, asked: Asked) -> httpx.Response:
        """The result without strangers: what others have put into the tenant is not judged."""
        told, response = asked.answer.json, asked.response
        if response.status_code != 200 or not isinstance(told, list):
            return response
        ours = [each for each in told if not isinstance(each, dict) or self._is_ours(each.get("id"))]
        headers = [
            (name, value)
            for name, value in response.headers.multi_items()
            if name.lower() != "content-length"
        ]
        filtered = httpx.Response(
            200, headers=headers, content=json.dumps(ours).encode(), request=response.request
        )
        filtered.elapsed = response.elapsed
        return filtered

    def _is_ours(self, customer_id: Any) -> bool:
        return customer_id in self.tenant.known or namespace.is_ours(str(customer_id))


def case_of(question: Question, tenant: str, number: str) -> Generated:
    """The question as a case of Schemathesis."""
    operation = operations()[question.operation]
    return operation.Case(
        method=cast(HttpMethod, question.method),
        path_parameters={"tenant": tenant}
        | ({"customerNumber": number} if question.operation in ITEMS else {}),
        query={
            name: list(values) if len(values) > 1 else values[0] for name, values in question.query.items()
        },
        headers={"Content-Type": question.content_type} if question.content_type else None,
        **({} if question.body is ABSENT else {"body": question.body, "media_type": question.media_type}),
    )


def blamed(question: Question, status: int, part: str) -> str:
    """The clause that promises this success; that of the status alone where the status is another success."""
    operation, body = question.operation, question.body
    if 200 <= status < 400 or operation in ("list", "get"):
        return STATUS_CLAUSES[operation]
    if body is ABSENT or operation == "delete" or (body == {} and operation == "search"):
        return f"{operation}.body.optional"
    if question.media_type and "merge-patch" in question.media_type:
        return f"{operation}.merge-patch"
    if body == {} and operation == "create":
        return "create.properties.optional"
    if part == "type":
        return f"{operation}.type.supported"
    if part == "restriction":
        return f"{operation}.restriction.{'null' if body.get(part) is None else 'listed'}"
    return STATUS_CLAUSES[operation]


def _narrowed(clause: str, failure: Failure) -> str:
    """The clause of the property that differs from its schema where it has one, such as accounts."""
    operation = clause.partition(".")[0]
    steps = [] if not isinstance(failure, JsonSchemaError) else failure.instance_path
    own = (f"{operation}.{step}.{aspect}" for step in steps for aspect in ("shape", "enum"))
    return next((name for name in own if name in clauses()), clause)


def _checks(question: Question, status: int, answer: Answer) -> list[tuple[Any, str]]:
    """The checks that apply to an answer, each with the clause that its failure breaks."""
    operation = question.operation
    if status in SHAPED:
        return _checks_of_refusals(question, status, answer)
    documented = {
        ("list", 200): "list.schema.customer",
        ("search", 200): "search.schema.customer",
        ("get", 200): "get.schema.customer",
        ("create", 201): "create.answer.id",
        ("upsert", 201): "upsert.create.answer-id",
    }
    unsupported = certain(breaches(question)) and status == 415  # RFC 9110; documented or not
    found: list[tuple[Any, str]] = []
    if not unsupported:
        found.append((checks.status_code_conformance, STATUS_CLAUSES[operation]))
    if (operation, status) in documented:
        found.append((checks.content_type_conformance, "http.content-type.json"))
        found.append((checks.response_schema_conformance, documented[operation, status]))
    if operation in RESULTS and status == 200:
        found.append((checks.response_headers_conformance, f"{operation}.count.header"))
    return found


def _checks_of_refusals(question: Question, status: int, answer: Answer) -> list[tuple[Any, str]]:
    if str(status) not in operations()[question.operation].responses.status_codes:
        return []  # an invalid tenant name may be refused with any of these
    media_type = (answer.exchange.header("Content-Type") or "").partition(";")[0].strip().lower()
    of_type = [] if media_type.endswith("+json") else [(checks.content_type_conformance, "errors.body.json")]
    return [*of_type, (checks.response_schema_conformance, f"errors.{status}.shape")]
