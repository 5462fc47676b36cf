"""Seeded defects: each class or registration is one fault of a tenant. Importing the package registers them all."""

from mock_tenant.defects.consistency import concurrency, intermittent, monotonic_reads, stateful
from mock_tenant.defects.protocol import (
    error_bodies,
    http_semantics,
    server_errors,
    status_codes,
    validation,
)
from mock_tenant.defects.reads import addresses as read_addresses
from mock_tenant.defects.reads import (
    combinations,
    conditions,
    listings,
    paging,
    queries,
    query_values,
    representations,
    sorting,
    stale_results,
)
from mock_tenant.defects.security import (
    authorization,
    authorization_headers,
    isolation,
    password_disclosure,
    restrictions,
    tokens,
)
from mock_tenant.defects.values import free_objects, merge_patches, partial_updates, texts, unique_values
from mock_tenant.defects.writes import addresses as written_addresses
from mock_tenant.defects.writes import (
    creation,
    deletions,
    fields,
    generated_properties,
    identity,
    locking,
    other_customers,
    patches,
    rejected_writes,
    upserts,
)

__all__ = [
    "authorization",
    "authorization_headers",
    "combinations",
    "concurrency",
    "conditions",
    "creation",
    "deletions",
    "error_bodies",
    "fields",
    "free_objects",
    "generated_properties",
    "http_semantics",
    "identity",
    "intermittent",
    "isolation",
    "listings",
    "locking",
    "merge_patches",
    "monotonic_reads",
    "other_customers",
    "paging",
    "partial_updates",
    "password_disclosure",
    "patches",
    "queries",
    "query_values",
    "read_addresses",
    "rejected_writes",
    "representations",
    "restrictions",
    "server_errors",
    "sorting",
    "stale_results",
    "stateful",
    "status_codes",
    "texts",
    "tokens",
    "unique_values",
    "upserts",
    "validation",
    "written_addresses",
]
