"""Optimistic locking by metadata.version: off without one; the current one is accepted, a stale one refused."""

from typing import Any

import pytest

import oracle
from client import Exchange
from harness import (
    JSON,
    MERGE_PATCH,
    TenantApi,
    check_customer,
    clause,
    create_customer,
    operations,
    poll_get,
)
from harness.checks.assertions import (
    assert_equal,
    assert_holds,
    assert_status,
    assert_status_class_is_not,
)
from harness.checks.customers import check_nothing_written
from harness.customers import read_version
from harness.data import permitted
from strategies import namespace
from tests.writes.steps import body_with, customer_after

LOCKED = ("upsert", "patch")


@pytest.mark.covers("get.changes-nothing")
@pytest.mark.parametrize(
    "operation",
    operations(LOCKED, "lock.without-version", "lock.current", "lock.new-version", "metadata.round-trip"),
)
def test_the_current_version_and_none_are_accepted(api: TenantApi, operation: str) -> None:
    customer, version = read_version(api, create_customer(api, firstName="before"))
    versions = [version]

    for name, headers, metadata in (
        ("none", JSON, None),
        ("none, but metadata", JSON, {"mixins": {}}),
        ("current", JSON, {"version": ...}),
        ("current in a merge patch", MERGE_PATCH, {"version": ...}),
    ):
        locked = metadata is not None and "version" in metadata
        response = write(
            api, operation, customer, name, headers, {"version": version} if locked else metadata
        )
        with clause(f"{operation}.lock.{'current' if locked else 'without-version'}", name):
            assert_status_class_is_not(response, 4)
        customer, changed = read_version(api, customer_after(api, operation, customer, response))
        with clause(f"{operation}.lock.new-version", name):
            assert_holds(changed not in versions, f"none of {versions}", response=response, actual=changed)
        version = changed
        versions.append(changed)

    api.windows.read.sleep_until_closed()
    shown = poll_get(api, customer)
    with clause("get.changes-nothing"):
        assert_status(shown, 200)
        actual = oracle.value_at(shown.object, "metadata.version")
        assert_equal(actual, version, path="$.metadata.version", response=shown)


@pytest.mark.parametrize("operation", operations(LOCKED, "lock.stale", "refused.changes-nothing"))
def test_a_stale_version_is_refused(api: TenantApi, operation: str) -> None:
    customer, oldest = read_version(api, create_customer(api, firstName="before"))
    customer, previous = read_version(
        api, customer_after(api, operation, customer, write(api, operation, customer, "once"))
    )
    customer = customer_after(api, operation, customer, write(api, operation, customer, "twice"))
    customer = check_customer(api, poll_get(api, customer), customer)

    for name, headers, version in (("previous", JSON, previous), ("oldest", MERGE_PATCH, oldest)):
        response = write(api, operation, customer, f"stale {name}", headers, {"version": version})
        with clause(f"{operation}.lock.stale", f"{name}, {headers['Content-Type']}"):
            assert_holds(response.status >= 400, "a refusal", response=response, actual=response.status)
        check_nothing_written(api, response, customer)
        if response.status < 400:  # a SHOULD clause, whose failure does not end the test
            customer = customer_after(api, operation, customer, response)


def write(
    api: TenantApi,
    operation: str,
    customer: oracle.CustomerModel,
    name: str,
    headers: dict[str, str] = JSON,
    metadata: dict[str, Any] | None = None,
) -> Exchange:
    """An upsert or a patch that changes the first name and the mixins, with this metadata and a schema."""
    mixin = namespace.fresh_name()
    parts: dict[str, Any] = {"firstName": name, **permitted(api, {"mixins": {mixin: {"name": name}}})}
    if metadata is not None:
        schemas = {"mixins": {mixin: "https://example.com/schema.json"}} if api.rules.free_mixins else {}
        parts["metadata"] = metadata | schemas
    return api.write(operation, customer.id, body_with(operation, customer, parts), headers=headers)
