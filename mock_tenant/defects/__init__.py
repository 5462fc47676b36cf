"""Seeded defects: each class or registration is one fault of a tenant. Importing the package registers them all."""

from mock_tenant.defects.consistency import concurrency, intermittent, monotonic_reads, stateful
from mock_tenant.defects.protocol import (
    error_bodies,
    http_semantics,
    server_errors,
    status_codes,
    validation,
)
from mock_tenant.defects.reads import conditions, listings, paging, queries, representations, sorting
from mock_tenant.defects.security import (
    authorization,
    isolation,
    password_disclosure,
    restrictions,
    tokens,
)
from mock_tenant.defects.writes import (
    creation,
    deletions,
    fields,
    generated_properties,
    identity,
    other_customers,
    patches,
    rejected_writes,
    upserts,
)

__all__ = [
    "authorization",
    "concurrency",
    "conditions",
    "creation",
    "deletions",
    "error_bodies",
    "fields",
    "generated_properties",
    "http_semantics",
    "identity",
    "intermittent",
    "isolation",
    "listings",
    "monotonic_reads",
    "other_customers",
    "paging",
    "password_disclosure",
    "patches",
    "queries",
    "rejected_writes",
    "representations",
    "restrictions",
    "server_errors",
    "sorting",
    "stateful",
    "status_codes",
    "tokens",
    "upserts",
    "validation",
]
