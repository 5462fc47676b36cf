"""A change that was seen stays seen: no view of the tenant goes back to what was."""

import time
from functools import partial
from typing import Any

from harness import Answer, Customer, TenantUnderTest, clause, settled
from harness.plugin.profiles import NIGHTLY, profile
from harness.polling import let_close
from harness.tenant_under_test import PAGE
from strategies import namespace

RESULTS = ("list", "search")


def looks(gate: int) -> int:
    """How often a view is looked at once the window has closed."""
    return gate * 4 if profile() == NIGHTLY else gate


def looked(tenant: TenantUnderTest, customer: Customer, operation: str) -> Answer:
    """One look, which waits for nothing."""
    if operation == "get":
        return tenant.asked(lambda: tenant.client.get(customer.id, identity=tenant.identity), customer)
    return tenant.query(operation, f"contactEmail:{customer.email}", **PAGE)


def shown(answer: Answer, customer: Customer) -> dict[str, Any] | None:
    """What a look shows of the customer; None where it shows nobody."""
    if answer.exchange.operation != "get":
        return next(iter(answer.of([customer])), None)
    return answer.json if answer.status == 200 and isinstance(answer.json, dict) else None


def stays(tenant: TenantUnderTest, customer: Customer, name: str | None, operation: str, times: int) -> None:
    """Demand that a view goes on showing the first name, or that the customer is gone where that is None."""
    clause_id = f"{operation}.flicker"
    for _ in range(times):
        answer = looked(tenant, customer, operation)
        if operation != "get" or answer.status not in (200, 404):
            answer.must_answer(200)
        seen = shown(answer, customer)
        if seen is None if name is not None else seen is not None:
            accepted = (
                f"firstName {name!r}, as it was seen before" if name else "nobody, as it was seen before"
            )
            raise answer.violation(clause_id, expected=accepted)
        if seen is not None and seen.get("firstName") != name:
            raise answer.violation(
                clause_id, expected=f"firstName {name!r}, as it was seen before", about="$.firstName"
            )
        tenant.trial.credit(clause_id, "a change" if name else "a deletion")


@clause("get.flicker", "list.flicker", "search.flicker", at_least=4)
def test_a_change_that_was_seen_stays(tenant: TenantUnderTest) -> None:
    windows = tenant.windows
    customer = tenant.has()
    name = namespace.fresh_word()
    tenant.patched(tenant.patch(customer, {"firstName": name}), customer)
    changed = time.monotonic()
    tenant.get(customer).must_show()
    for operation in RESULTS:
        settled(windows.index, partial(_agrees, tenant, customer, operation))
    for operation in ("get", *RESULTS):
        # Within the window, views of the tenant that are not up to date may still take turns.
        let_close(windows.read if operation == "get" else windows.index, changed)
        stays(tenant, customer, name, operation, looks(3))

    tenant.deleted(customer)
    deleted = time.monotonic()
    window = max(windows.index, windows.deletion)
    for operation in RESULTS:
        missing = f"{operation}.deleted.vanishes"
        settled(window, partial(tenant.finds_nothing, customer, missing, operation))
    for operation in ("get", *RESULTS):
        let_close(window if operation in RESULTS else max(windows.read, windows.deletion), deleted)
        stays(tenant, customer, None, operation, looks(2))


def _agrees(tenant: TenantUnderTest, customer: Customer, operation: str) -> None:
    """Demand that a result finds the customer as get shows it."""
    answer = tenant.finds_alone(customer, f"{operation}.q.exact", operation)
    tenant.views_agree(answer.customers[0], customer.shown, operation)
