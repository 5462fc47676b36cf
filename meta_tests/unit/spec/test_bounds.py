"""Every bound, default, pattern and enumeration of the document has a clause that a tenant can break."""

from collections.abc import Iterator
from typing import Any

import pytest

import spec
from spec.references import resolved

KEYWORDS = ("minimum", "maximum", "minLength", "maxLength", "pattern", "default", "enum")
WRITTEN = ("create", "upsert", "patch")
READ = ("list", "search", "get")

# The API does not show whether a mail is sent.
UNSEEN = {
    ("create", "query.sendPasswordResetNotifications", "default"),
    ("upsert", "query.sendPasswordResetNotifications", "default"),
}

# (operation, place, keyword): clause
CLAUSES: dict[tuple[str, str, str], str] = {
    ("create", "body.id", "minLength"): "create.id.empty",
    ("create", "body.id", "maxLength"): "create.id.max-length",
    ("create", "body.id", "pattern"): "create.id.characters",
}
for operation in spec.operations():
    bounded = operation in {"list", "create"}
    for keyword, aspect in (
        ("minLength", "min-length"),
        ("maxLength", "max-length"),
        ("pattern", "pattern"),
    ):
        key = (operation, "path.tenant", keyword)
        CLAUSES[key] = f"{operation}.tenant.{aspect}" if bounded else f"{operation}.tenant.invalid"
    for status in (400, 403, 404, 409):
        for place, keyword in (
            *(("status", "minimum"), ("status", "maximum")),
            *(("type", "pattern"), ("details[].type", "pattern")),
        ):
            CLAUSES[operation, f"{status}.{place}", keyword] = f"errors.{status}.shape"
for operation in ("list", "search"):
    CLAUSES |= {
        (operation, "query.pageNumber", "minimum"): f"{operation}.pageNumber.min",
        (operation, "query.pageNumber", "default"): f"{operation}.pageNumber.default",
        (operation, "query.pageSize", "minimum"): f"{operation}.pageSize.min",
        (operation, "query.pageSize", "default"): f"{operation}.pageSize.default",
    }
for operation in WRITTEN:
    CLAUSES |= {
        (operation, "body.preferredCurrency", "minLength"): f"{operation}.preferredCurrency.min-length",
        (operation, "body.preferredCurrency", "maxLength"): f"{operation}.preferredCurrency.max-length",
    }
    for name in ("preferredLanguage", "preferredCurrency", "preferredSite"):
        default = "patch.defaults.not-applied" if operation == "patch" else f"{operation}.{name}.default"
        CLAUSES[operation, f"body.{name}", "default"] = default
for operation in READ:
    item = "200[]" if operation != "get" else "200"
    CLAUSES |= {
        (operation, f"{item}.preferredCurrency", "minLength"): f"{operation}.schema.customer",
        (operation, f"{item}.preferredCurrency", "maxLength"): f"{operation}.schema.customer",
        (operation, f"{item}.addresses[].country", "minLength"): f"{operation}.schema.customer",
        (operation, f"{item}.addresses[].country", "maxLength"): f"{operation}.schema.customer",
        **{
            (operation, f"{item}.{place}", keyword): f"{operation}.{clause}"
            for place, keyword, clause in (
                ("addresses[].isDefault", "default", "addresses.values"),
                ("defaultAddress.isDefault", "default", "defaultAddress.agrees"),
                ("defaultAddress.country", "minLength", "schema.customer"),
                ("defaultAddress.country", "maxLength", "schema.customer"),
            )
        },
        (operation, f"{item}.businessModel", "enum"): f"{operation}.businessModel.enum",
        (operation, f"{item}.preferredLanguage", "default"): "create.preferredLanguage.default",
        (operation, f"{item}.preferredCurrency", "default"): "create.preferredCurrency.default",
        (operation, f"{item}.preferredSite", "default"): "create.preferredSite.default",
    }


@pytest.mark.parametrize("name", spec.operations())
def test_every_bound_has_a_clause(name: str) -> None:
    found = set(_bounds(name, corrected=False)) | set(_bounds(name, corrected=True))
    assert found, "each operation has a tenant"
    assert sorted(found - UNSEEN - CLAUSES.keys()) == []


def test_the_table_has_no_bound_that_the_document_lacks() -> None:
    found = {bound for name in spec.operations() for bound in _bounds(name, corrected=True)}
    listed = {key for key in CLAUSES if not key[1].startswith(("400", "403", "404", "409"))}
    assert sorted((listed | UNSEEN) - found) == []


def test_every_clause_of_the_table_exists() -> None:
    assert sorted(set(CLAUSES.values()) - spec.clauses().keys()) == []


def _bounds(name: str, corrected: bool) -> Iterator[tuple[str, str, str]]:
    """Each bound of an operation: the operation, the place and the keyword."""
    operation = spec.operations()[name]
    document = spec.document(corrected)
    entry = document["paths"][operation.path][operation.method.lower()]
    entry = resolved(entry, document, place="openapi.yaml")
    for parameter in entry["parameters"]:
        yield from _within(name, f"{parameter['in']}.{parameter['name']}", parameter["schema"])
    for media in entry.get("requestBody", {}).get("content", {}).values():
        yield from _within(name, "body", media["schema"])
    for status, response in entry["responses"].items():
        for header, described in response.get("headers", {}).items():
            yield from _within(name, f"{status}.header.{header}", described["schema"])
        for media in response.get("content", {}).values():
            yield from _within(name, status, media["schema"])


def _within(name: str, place: str, schema: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for keyword in KEYWORDS:
        if keyword in schema:
            yield name, place, keyword
    for part, inner in schema.get("properties", {}).items():
        yield from _within(name, f"{place}.{part}", inner)
    if "items" in schema:
        yield from _within(name, f"{place}[]", schema["items"])
