"""Bodies that must be refused, and those that must at least not break anything."""

import json
from collections.abc import Callable
from typing import Any, get_args

import jsonschema_rs
import pytest

from meta_tests.support.minimal import examples, minimal
from spec import clauses, schema
from strategies import Case, customers, namespace
from strategies.customers import BodyOperation

SCHEMAS = {"create": "CustomerCreate", "upsert": "CustomerUpsert", "patch": "CustomerPatch"}
EVERY = [
    pytest.param(operation, constraint, id=constraint.clause)
    for operation in get_args(BodyOperation)
    for constraint in customers.constraints(operation)
]
operations = pytest.mark.parametrize("operation", get_args(BodyOperation))


@pytest.fixture(autouse=True)
def _prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(namespace._namespace, "prefix", None)  # puts back what was there before
    namespace.use("cct-k3f9a-")


def complaints(operation: str, body: Any) -> list[Any]:
    return list(jsonschema_rs.validator_for(schema(SCHEMAS[operation])).iter_errors(body))


@pytest.mark.parametrize(("operation", "constraint"), EVERY)
def test_a_body_breaks_its_constraint_and_nothing_else(
    operation: BodyOperation, constraint: customers.Constraint
) -> None:
    assert constraint.clause in clauses()
    assert clauses()[constraint.clause].level == "must"
    cases = customers.breaking_cases(operation, constraint)
    assert len({case.name for case in cases}) == len(cases) > 0
    for body in [case.value for case in cases] + examples(customers.breaking(operation, constraint), 20):
        found = complaints(operation, body)
        assert found, body
        assert {error.instance_path[0] for error in found} == {constraint.property}
        repaired = {name: value for name, value in body.items() if name != constraint.property}
        assert complaints(operation, repaired) == []
        assert body[constraint.property] is not None
        if constraint.name.endswith(".type"):
            assert {error.kind.name for error in found} == {"type"}
        else:
            assert isinstance(body[constraint.property], str)


@operations
def test_every_type_length_and_pattern_of_the_schema_has_a_constraint(operation: BodyOperation) -> None:
    properties = schema(SCHEMAS[operation])["properties"]
    names = {constraint.name for constraint in customers.constraints(operation)}
    assert {f"{name}.type" for name in properties} <= names
    for name, property_schema in properties.items():
        for keyword, suffixes in {
            "maxLength": {"max-length"},
            "minLength": {"min-length", "empty"},
            "pattern": {"characters"},
        }.items():
            if keyword in property_schema:
                assert names & {f"{name}.{suffix}" for suffix in suffixes}


@operations
def test_no_clause_about_a_body_schema_is_left_without_a_constraint(operation: BodyOperation) -> None:
    endings = (".type", ".min-length", ".max-length", ".characters", "id.empty")
    about_parameters = {f"{operation}.sendPasswordResetNotifications.type"}
    promised = {
        name
        for name in clauses()
        if name.startswith(f"{operation}.") and name.endswith(endings) and ".tenant." not in name
    }
    answered = {constraint.clause for constraint in customers.constraints(operation)}
    assert promised - about_parameters == answered


def test_wrong_types_come_in_every_kind_and_a_boolean_also_as_a_word() -> None:
    of = {constraint.name: constraint for constraint in customers.constraints("upsert")}
    kinds = {type(case.value) for case in customers.broken_values(of["firstName.type"])}
    assert kinds == {int, bool, list, dict, float}
    flags = [case.value for case in customers.broken_values(of["active.type"])]
    assert {"true", "false", "yes"} <= {flag for flag in flags if isinstance(flag, str)}
    assert any(flag == 1 and not isinstance(flag, bool) for flag in flags)


@pytest.mark.parametrize(
    ("operation", "name", "smallest"),
    [
        ("create", "title.type", 1),
        ("create", "preferredCurrency.min-length", "EU"),
        ("create", "preferredCurrency.max-length", "EURO"),
        ("create", "id.empty", ""),
        ("upsert", "onHold.type", "true"),
        ("patch", "mixins.type", "Ada"),
    ],
)
def test_the_smallest_broken_body(operation: BodyOperation, name: str, smallest: Any) -> None:
    constraint = next(one for one in customers.constraints(operation) if one.name == name)
    body = minimal(customers.breaking(operation, constraint))
    assert body.pop(constraint.property) == smallest
    body.pop("contactEmail", None)
    assert body == {"firstName": "Refused", "lastName": "Unwritten"}


@operations
def test_nulls_are_single_and_not_nullable(operation: BodyOperation) -> None:
    cases = customers.null_cases(operation)
    names = [next(name for name, value in case.value.items() if value is None) for case in cases]
    assert set(names) == set(schema(SCHEMAS[operation])["properties"]) - {"restriction"}
    assert all(len(complaints(operation, case.value)) == 1 for case in cases)
    assert minimal(customers.nulls(operation)).name == "contactEmail is null"


@operations
def test_unknown_and_generated_members_are_in_no_schema(operation: BodyOperation) -> None:
    known = set(schema(SCHEMAS[operation])["properties"])
    for case in customers.unknown_property_cases():
        inside = {name for value in case.value.values() if isinstance(value, dict) for name in value}
        assert set(case.value) - known or "unknown" in inside
    generated = customers.generated_property_cases(operation)
    assert not {name for case in generated for name in case.value} & known
    assert {f"{operation}.{case.constraint}" for case in generated} <= set(clauses())
    assert len(generated) == (3 if operation == "create" else 4)
    assert minimal(customers.generated_properties(operation)).name == "customerNumber"
    assert minimal(customers.unknown_properties()).value == {"favouriteColour": "blue"}


def test_flags_at_creation_come_in_all_four_combinations() -> None:
    pairs = {(case.value["active"], case.value["onHold"]) for case in customers.creation_flag_cases()}
    assert len(pairs) == 4


def test_not_objects_are_json_and_no_objects() -> None:
    assert {type(case.value) for case in customers.not_object_cases()} == {list, str, int, bool}
    assert minimal(customers.not_objects()).value == []


def is_json(document: bytes) -> bool:
    def refuse(word: str) -> None:
        raise ValueError(word)

    try:
        json.loads(document.decode("utf-8"), parse_constant=refuse)
    except ValueError:
        return False
    return True


def test_malformed_json_is_no_json() -> None:
    cases = customers.malformed_json_cases()
    assert len({case.name for case in cases}) == len({case.value for case in cases}) == len(cases)
    for case in cases:
        assert not is_json(case.value), case.name
    assert minimal(customers.malformed_json()).name == "no closing brace"


@pytest.mark.parametrize("make", [customers.malformed_json_cases, customers.odd_body_cases])
def test_raw_bodies_carry_an_address_of_this_run_and_are_new_each_time(
    make: Callable[[], tuple[Case[bytes], ...]],
) -> None:
    first, second = make(), make()
    assert not {case.value for case in first} & {case.value for case in second}
    for case in first:
        assert b"cct-k3f9a-" in case.value.replace(b"\0", b"")
        assert len(case.value) < 300_000


def test_odd_bodies_hold_what_their_names_say() -> None:
    bodies = {case.name: case.value for case in customers.odd_body_cases()}
    assert bodies["20,000 nested arrays"].count(b"[") == 20_000
    assert json.loads(bodies["-1e999"])["mixins"].popitem()[1]["n"] == float("-inf")
    assert json.loads(bodies["a lone high surrogate"])["firstName"] == "Ada\ud83d"
    assert json.loads(bodies["NUL"])["firstName"] == "Ada\0"
    assert len(json.loads(bodies["10,000 members"])) == 10_001
    assert bodies["a byte order mark"].startswith(b"\xef\xbb\xbf")
    assert bodies["a member twice"].count(b'"firstName"') == 2
    assert minimal(customers.odd_bodies()).name == "2,000 nested arrays"


def test_odd_texts_travel_in_ascii() -> None:
    for case in customers.odd_text_cases("company"):
        assert case.value.isascii()
        assert json.loads(case.value)["company"]
