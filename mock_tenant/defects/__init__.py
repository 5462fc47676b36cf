"""Planted defects: each module a theme, each class one lie; importing the package registers them all."""

from mock_tenant.defects.consistency import monotonic_reads, timing
from mock_tenant.defects.protocol import errors, statuses, validation
from mock_tenant.defects.reads import listings, paging, queries, sorting, views
from mock_tenant.defects.security import access, isolation, secrecy, tokens
from mock_tenant.defects.writes import any_write, creation, fields, identity, patches, upserts

__all__ = [
    "access",
    "any_write",
    "creation",
    "errors",
    "fields",
    "identity",
    "isolation",
    "listings",
    "monotonic_reads",
    "paging",
    "patches",
    "queries",
    "secrecy",
    "sorting",
    "statuses",
    "timing",
    "tokens",
    "upserts",
    "validation",
    "views",
]
