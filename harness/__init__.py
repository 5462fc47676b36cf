"""The test API: a driver for the tenant, clauses, assertions, polling, customers as preconditions, and parameters."""

from harness.api import JSON, MERGE_PATCH, MIXINS, TenantApi, customers_with
from harness.checks.customers import (
    check_customer,
    check_found_alone,
    check_not_found,
    check_unchanged,
    poll_get,
    poll_query,
)
from harness.checks.evidence import clause
from harness.customers import (
    create_customer,
    created,
    delete_customer,
    patch_customer,
    patched,
    shared_customer,
    update_customer,
    updated,
    upsert_customer,
    upserted,
)
from harness.params import READS, RESULTS, WRITES, cases, covering, operations, round_trips
from harness.plugin.execution.profiles import examples, only_nightly, profile, smoke
from harness.polling import poll
from spec.contract import OPERATIONS

__all__ = [
    "JSON",
    "MERGE_PATCH",
    "MIXINS",
    "OPERATIONS",
    "READS",
    "RESULTS",
    "WRITES",
    "TenantApi",
    "cases",
    "check_customer",
    "check_found_alone",
    "check_not_found",
    "check_unchanged",
    "clause",
    "covering",
    "create_customer",
    "created",
    "customers_with",
    "delete_customer",
    "examples",
    "only_nightly",
    "operations",
    "patch_customer",
    "patched",
    "poll",
    "poll_get",
    "poll_query",
    "profile",
    "round_trips",
    "shared_customer",
    "smoke",
    "update_customer",
    "updated",
    "upsert_customer",
    "upserted",
]
