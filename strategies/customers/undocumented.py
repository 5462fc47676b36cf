"""Members that a body may hold although the contract lists none such: nulls, unknown and generated ones."""

import hypothesis.strategies as st

from strategies import namespace
from strategies.cases import Case, drawn
from strategies.customers.constraints import valid_neighbours
from strategies.customers.properties import FLAGS, Body, BodyOperation, names

_UNKNOWN: tuple[Case[Body], ...] = (
    Case("a word", {"favouriteColour": "blue"}),
    Case("a number", {"shoeSize": 38}),
    Case("an object", {"unknown": {"deep": {"deeper": True}}}),
    Case("an array", {"unknown": [1, 2, 3]}),
    Case("null", {"unknown": None}),
    Case("a known name in another case", {"FIRSTNAME": "Grace"}),
    Case("a known name in snake case", {"first_name": "Grace"}),
    Case("a known name and a space", {"firstName ": "Grace"}),
    Case("a privilege", {"role": "ADMIN", "isAdmin": True}),
    Case("an unknown member of b2b", {"b2b": {"companyRegistrationId": "HRB 1", "unknown": "x"}}),
)


def null_cases(operation: BodyOperation) -> tuple[Case[Body], ...]:
    """Bodies with null in one property that is not nullable, each property once; restriction is nullable."""
    return tuple(_null(operation, name) for name in _not_nullable(operation))


def nulls(operation: BodyOperation) -> st.SearchStrategy[Case[Body]]:
    """One of the bodies with a null."""
    return st.sampled_from(_not_nullable(operation)).map(lambda name: _null(operation, name))


def _null(operation: BodyOperation, name: str) -> Case[Body]:
    return Case(f"{name} is null", {**valid_neighbours(operation), name: None}, "null.non-nullable")


def _not_nullable(operation: BodyOperation) -> tuple[str, ...]:
    published = tuple(name for name in names(operation) if name != "restriction")
    return (*published, "password") if operation == "create" else published


def unknown_property_cases() -> tuple[Case[Body], ...]:
    """Members that no body has, to be added to a valid one."""
    return _UNKNOWN


def unknown_properties() -> st.SearchStrategy[Case[Body]]:
    """One of the members that no body has."""
    return drawn(_UNKNOWN)


def generated_property_cases(operation: BodyOperation) -> tuple[Case[Body], ...]:
    """What a client may not set or move: members to be added to a valid body, each with its clause's end.

    The id counts among them for upsert and patch; create has it for custom ids.
    """
    return tuple(_generated(name) for name in _generated_names(operation))


def generated_properties(operation: BodyOperation) -> st.SearchStrategy[Case[Body]]:
    """One of the generated members with a value of the client's own."""
    return st.sampled_from(_generated_names(operation)).map(_generated)


def _generated(name: str) -> Case[Body]:
    own_values = {"metadataCreatedAt": "2001-02-03T04:05:06.000Z", "businessModel": "B2B"}
    constraint = "id.fixed" if name == "id" else f"{name}.generated"
    return Case(name, {name: own_values.get(name) or namespace.fresh_id()}, constraint)


def _generated_names(operation: BodyOperation) -> tuple[str, ...]:
    published = ("customerNumber", "metadataCreatedAt", "businessModel")
    return published if operation == "create" else (*published, "id")


def creation_flag_cases() -> tuple[Case[Body], ...]:
    """The flags that upsert and patch have and create has not, in all four combinations of both."""
    first, second = FLAGS
    return tuple(
        Case(f"{first} is {str(one).lower()}, {second} is {str(two).lower()}", {first: one, second: two})
        for one in (True, False)
        for two in (True, False)
    )
