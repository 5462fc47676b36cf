"""HTTP itself (RFC 9110): methods that a resource lacks, media types, and what an answer says of its body."""

import pytest

from harness import TenantUnderTest, clause
from harness.params import cases
from strategies import queries
from strategies.cases import Case

# DELETE on the collection is never sent: a tenant that mistook it could delete everything.
LACKING = (
    ("PUT", "collection", "/customers", {"GET", "POST"}),
    ("PATCH", "collection", "/customers", {"GET", "POST"}),
    ("POST", "item", "/customers/{id}", {"GET", "PUT", "PATCH", "DELETE"}),
)


@clause("http.method.allow")
@pytest.mark.parametrize(
    ("method", "path", "allowed", "name"),
    [
        pytest.param(
            m,
            path,
            allowed,
            f"http.method.{kind}",
            id=f"{m} {kind}",
            marks=pytest.mark.clause(f"http.method.{kind}"),
        )
        for m, kind, path, allowed in LACKING
    ],
)
def test_a_method_that_the_resource_lacks(
    tenant: TenantUnderTest, method: str, path: str, allowed: set[str], name: str
) -> None:
    subject = tenant.standing()
    answer = tenant.send(method, tenant.path(path.format(id=subject.id)), operation="other", json={})

    answer.must_answer(405, clause=name)
    offered = {each.strip().upper() for each in (answer.exchange.header("Allow") or "").split(",")}
    if not allowed <= offered:
        raise answer.violation(
            "http.method.allow", expected=f"Allow: {', '.join(sorted(allowed))}", about=str(offered)
        )
    tenant.trial.credit("http.method.allow", method)
    tenant.get(subject).must_show(since="patch.refused.changes-nothing")


@clause("http.content-type.json", at_least=3)
def test_answers_say_that_they_are_json(tenant: TenantUnderTest) -> None:
    """Judged on every answer of the run; here each operation that has a body answers once."""
    customer = tenant.has()
    tenant.get(customer).must_answer(200)
    tenant.list(page_size=1).must_answer(200)
    tenant.search({}, page_size=1).must_answer(200)


@clause("http.media-type.unsupported")
@pytest.mark.parametrize("operation", ["create", "upsert", "patch"])
def test_a_write_that_is_not_json(tenant: TenantUnderTest, operation: str) -> None:
    target = tenant.target(operation)
    answer = tenant.write(operation, target, content=b"firstName=Ada", headers={"Content-Type": "text/plain"})

    answer.must_answer(400, 415, clause="http.media-type.unsupported", about=operation)


@clause("http.media-type.charset")
def test_json_may_name_its_charset(tenant: TenantUnderTest) -> None:
    named = {"Content-Type": "application/json; charset=utf-8"}
    answer = tenant.search(content=b"{}", headers=named, page_size=1)

    answer.must_answer(200, clause="http.media-type.charset")


@pytest.mark.parametrize(
    ("operation", "case"),
    cases(("create", "upsert"), queries.broken_flag_cases(), gate=("a word", "a number", "a list")),
)
def test_a_flag_that_is_no_boolean(tenant: TenantUnderTest, operation: str, case: Case[str]) -> None:
    target = tenant.target(operation)
    body = tenant.body_for(target, firstName="never")
    answer = tenant.write(operation, target, body, params={"sendPasswordResetNotifications": case.value})

    answer.must_refuse(f"{operation}.{case.constraint}", about=case.name)
