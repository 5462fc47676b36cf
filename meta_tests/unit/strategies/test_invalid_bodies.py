"""Bodies that a tenant must reject, and adversarial bodies."""

import json
from collections.abc import Callable
from typing import Any, get_args

import jsonschema_rs
import pytest

from spec import clauses, schema
from strategies import Case, customers
from strategies.customers import BodyOperation

SCHEMAS = {"create": "CustomerCreate", "upsert": "CustomerUpsert", "patch": "CustomerPatch"}
EVERY = [
    pytest.param(operation, constraint, id=constraint.clause)
    for operation in get_args(BodyOperation)
    for constraint in customers.constraints(operation)
]
operations = pytest.mark.parametrize("operation", get_args(BodyOperation))


def schema_errors(operation: str, body: Any) -> list[Any]:
    return list(jsonschema_rs.validator_for(schema(SCHEMAS[operation])).iter_errors(body))


@pytest.mark.parametrize(("operation", "constraint"), EVERY)
def test_a_body_breaks_its_constraint_and_nothing_else(
    operation: BodyOperation, constraint: customers.Constraint
) -> None:
    assert constraint.clause in clauses()
    assert clauses()[constraint.clause].level == "must"
    cases = customers.invalid_body_cases(operation, constraint)
    assert len({case.name for case in cases}) == len(cases) > 0
    for body in [case.value for case in cases]:
        found = schema_errors(operation, body)
        assert found, body
        assert {error.instance_path[0] for error in found} == {constraint.property}
        repaired = {name: value for name, value in body.items() if name != constraint.property}
        assert schema_errors(operation, repaired) == []
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
def test_every_clause_of_a_body_schema_has_a_constraint(operation: BodyOperation) -> None:
    endings = (".type", ".min-length", ".max-length", ".characters", "id.empty")
    about_parameters = {f"{operation}.sendPasswordResetNotifications.type"}
    promised = {
        name
        for name in clauses()
        if name.startswith(f"{operation}.") and name.endswith(endings) and ".tenant." not in name
    }
    answered = {constraint.clause for constraint in customers.constraints(operation)}
    assert promised - about_parameters == answered


def test_invalid_types_are_of_every_kind_and_a_boolean_also_a_word() -> None:
    of = {constraint.name: constraint for constraint in customers.constraints("upsert")}
    texts, flags = (
        [case.value[name] for case in customers.invalid_body_cases("upsert", of[f"{name}.type"])]
        for name in ("firstName", "active")
    )
    assert {type(value) for value in texts} == {int, bool, list, dict, float}
    assert {"true", "false", "yes"} <= {flag for flag in flags if isinstance(flag, str)}
    assert any(flag == 1 and not isinstance(flag, bool) for flag in flags)


@operations
def test_generated_properties_are_in_no_schema(operation: BodyOperation) -> None:
    generated = customers.generated_property_cases(operation)
    properties = schema(SCHEMAS[operation])["properties"]
    assert {name for case in generated for name in case.value} & set(properties) == {"b2b"}
    assert not {name for case in generated for name in case.value.get("b2b", ())} & set(
        properties["b2b"]["properties"]
    )
    assert {f"{operation}.{case.constraint}" for case in generated} <= set(clauses())
    assert len(generated) == (4 if operation == "create" else 5)


def test_not_objects_are_other_json_values() -> None:
    assert {type(case.value) for case in customers.not_object_cases()} == {list, str, int, bool}


def is_json(document: bytes) -> bool:
    def refuse(word: str) -> None:
        raise ValueError(word)

    try:
        json.loads(document.decode("utf-8"), parse_constant=refuse)
    except ValueError:
        return False
    return True


def test_malformed_json_is_not_json() -> None:
    cases = customers.malformed_json_cases()
    assert len({case.name for case in cases}) == len({case.value for case in cases}) == len(cases)
    for case in cases:
        assert not is_json(case.value), case.name


@pytest.mark.parametrize("make", [customers.malformed_json_cases, customers.adversarial_body_cases])
def test_raw_bodies_have_a_fresh_address_of_this_run(
    make: Callable[[], tuple[Case[bytes], ...]],
) -> None:
    first, second = make(), make()
    assert not {case.value for case in first} & {case.value for case in second}
    for case in first:
        assert b"cct-k3f9a-" in case.value.replace(b"\0", b"")
        assert len(case.value) < 300_000


def test_adversarial_bodies_are_as_named() -> None:
    bodies = {case.name: case.value for case in customers.adversarial_body_cases()}
    assert bodies["20,000 nested arrays"].count(b"[") == 20_000
    assert json.loads(bodies["-1e999"])["mixins"].popitem()[1]["n"] == float("-inf")
    assert json.loads(bodies["a lone high surrogate"])["firstName"] == "Ada\ud83d"
    assert json.loads(bodies["NUL"])["firstName"] == "Ada\0"
    assert len(json.loads(bodies["10,000 members"])) == 10_001
    assert bodies["a byte order mark"].startswith(b"\xef\xbb\xbf")
    assert bodies["a duplicate member"].count(b'"firstName"') == 2


def test_adversarial_texts_are_sent_in_ascii() -> None:
    for case in customers.adversarial_text_cases():
        assert case.value.isascii()
        assert json.loads(case.value)["firstName"]
