"""The clause catalogue: readable, complete over the operations and the document, and published as a page."""

import re
from collections import Counter
from typing import Any

import pytest
import yaml

import spec
from spec.clauses import CATALOGUE, HEADINGS
from spec.clauses_page import PAGE, page

# What an id may begin with; the clauses of every operation at once have subjects of their own.
PREFIXES = {name: {name} for name in HEADINGS} | {"any": {"tenant", "isolation", "concurrency", "limits"}}
HEADINGS_OF_THE_REFERENCE = {
    "list": "Retrieving a list of customers",
    "create": "Creating a customer",
    "search": "Searching for customers",
    "get": "Retrieving a customer profile",
    "upsert": "Upserting a customer profile",
    "patch": "Updating a customer profile",
    "delete": "Deleting a customer profile",
}
# operation: the least number of clauses of level must, and of all levels
LEAST = {
    "token": (8, 9),
    "any": (8, 10),
    "errors": (6, 10),
    "http": (4, 5),
    "list": (45, 55),
    "create": (75, 85),
    "search": (48, 58),
    "get": (18, 22),
    "upsert": (70, 75),
    "patch": (60, 70),
    "delete": (14, 15),
    "addresses": (3, 4),
}
STATUSES = {
    "list": {200: "list.status.ok"},
    "create": {
        201: "create.status.created",
        409: "create.id.unique",
    },
    "search": {200: "search.status.ok"},
    "get": {200: "get.status.ok", 404: "get.unknown.not-found"},
    "upsert": {201: "upsert.create.status", 204: "upsert.update.status", 409: "upsert.email.unique"},
    "patch": {200: "patch.status.ok", 404: "patch.unknown.not-found", 409: "patch.email.conflict"},
    "delete": {202: "delete.status.accepted", 404: "delete.unknown.not-found"},
}


def test_there_are_as_many_clauses_as_entries() -> None:
    entries = yaml.safe_load(CATALOGUE.read_text(encoding="utf-8"))
    assert [entry["id"] for entry in entries] == list(spec.clauses())


def test_the_catalogue_is_large_enough() -> None:
    levels = Counter(clause.level for clause in spec.clauses().values())
    assert levels.total() >= 120
    assert levels["must"] >= 80


@pytest.mark.parametrize("operation", HEADINGS)
def test_every_operation_has_its_clauses(operation: str) -> None:
    levels = Counter(clause.level for clause in spec.clauses().values() if clause.operation == operation)
    must, every = LEAST[operation]
    assert levels["must"] >= must
    assert levels.total() >= every


@pytest.mark.parametrize("clause", spec.clauses().values(), ids=lambda clause: clause.id)
def test_a_clause_is_well_formed(clause: spec.Clause) -> None:
    assert re.fullmatch(r"[a-zA-Z0-9]+(\.[a-zA-Z0-9]+(-[a-zA-Z0-9]+)*){1,2}", clause.id)
    assert clause.id.split(".")[0] in PREFIXES[clause.operation]
    assert re.fullmatch(r"[A-Z][^\n]*[^\s.]\.", clause.text), "one sentence with a full stop"
    assert ". " not in clause.text
    heading = HEADINGS_OF_THE_REFERENCE.get(clause.operation)
    inferred_from_a_standard = re.fullmatch(r"RFC \d+ §[\d.]+", clause.source)
    assert clause.source in {heading, "published", "inferred"} or inferred_from_a_standard
    if clause.level == "unspecified":
        assert clause.text.startswith(("What ", "Whether ", "How ")), "an unspecified clause is a question"
    if clause.untestable is not None:
        assert not clause.untestable.endswith("."), "a reason completes a sentence"


@pytest.mark.parametrize("name", spec.operations())
def test_every_parameter_has_a_clause(name: str) -> None:
    for parameter in _parameters(name):
        if parameter == "customerNumber":
            assert f"{name}.id.case-sensitive" in spec.clauses() or name == "upsert"
        else:
            assert any(known.startswith(f"{name}.{parameter}.") for known in spec.clauses()), parameter


@pytest.mark.parametrize("name", ["create", "upsert", "patch"])
def test_every_property_of_a_written_body_has_its_clauses(name: str) -> None:
    for part in spec.schema(f"Customer{name.capitalize()}")["properties"]:
        assert f"{name}.{part}.type" in spec.clauses()
        # An id is read back as the id of the customer, and a password never.
        reading = {"id": "create.id.custom", "password": "create.password.never-returned"}
        assert reading.get(part, f"{name}.{part}.round-trip") in spec.clauses()


@pytest.mark.parametrize("name", spec.operations())
def test_every_status_has_a_clause(name: str) -> None:
    refusals = {400: "errors.400.shape", 401: f"{name}.auth.token-required", 403: f"{name}.auth.scope"}
    known = {**refusals, **STATUSES[name]}
    for status in _entry(name)["responses"]:
        assert known[int(status)] in spec.clauses()


def test_an_unknown_clause_is_named() -> None:
    with pytest.raises(KeyError, match=r"create\.nothing"):
        spec.clause("create.nothing")


def test_the_committed_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(spec.clauses().values()), (
        "docs/clauses.md differs from spec/clauses.yaml; run python -m spec.clauses_page"
    )


def test_the_page_has_a_row_for_each_clause_under_its_operation() -> None:
    heading, rows = "", Counter[str]()
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            heading = line.removeprefix("## ")
        if match := re.match(r"\| `([^`]+)` \|", line):
            assert heading == HEADINGS[spec.clause(match[1]).operation]
            assert len(re.split(r"(?<!\\)\|", line)) == 8, "six cells"
            rows[match[1]] += 1
    assert rows == Counter(list(spec.clauses()))


def test_the_readings_of_an_unspecified_clause_are_short_distinct_phrases() -> None:
    for clause in spec.clauses().values():
        assert len(set(clause.readings)) == len(clause.readings) <= 4, clause.id
        assert all(re.fullmatch(r"[a-z0-9 ]{4,30}", reading) for reading in clause.readings), clause.id


def test_the_page_shows_the_readings() -> None:
    assert "sort property that does not exist. Readings: rejected, accepted. |" in page(
        spec.clauses().values()
    )


def test_the_page_escapes_what_markdown_would_read() -> None:
    clause = spec.Clause("get.a.b", "get", "must", "Answers <b>, a|b, *c* and _d_.", "published")
    assert r"Answers \<b\>, a\|b, \*c\* and \_d\_." in page([clause])


def _entry(name: str) -> dict[str, Any]:
    """What the document has of an operation."""
    operation = spec.operations()[name]
    entry: dict[str, Any] = spec.document()["paths"][operation.path][operation.method.lower()]
    return entry


def _parameters(name: str) -> list[str]:
    references = [parameter["$ref"].rpartition("/")[2] for parameter in _entry(name)["parameters"]]
    return [spec.document()["components"]["parameters"][reference]["name"] for reference in references]
