"""Bodies that break exactly one constraint of their schema, each under the constraint's name."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import hypothesis.strategies as st

from strategies import currencies, identifiers
from strategies.cases import Case, drawn
from strategies.customers.bodies import plain
from strategies.customers.properties import FLAGS, OBJECTS, STRINGS, Body, BodyOperation


@dataclass(frozen=True, slots=True)
class Constraint:
    """One constraint of a body's schema: its name (`title.type`) and the clause that promises it."""

    name: str
    clause: str

    @property
    def property(self) -> str:
        """The property of the body that the constraint is about."""
        return self.name.partition(".")[0]

    def __str__(self) -> str:
        return self.name


_NO_STRINGS: tuple[Case[Any], ...] = (
    Case("a number", 1),
    Case("true", True),
    Case("an array", ["Ada"]),
    Case("an object", {"text": "Ada"}),
    Case("false", False),
    Case("zero", 0),
    Case("a fraction", 1.5),
    Case("an empty array", []),
    Case("an empty object", {}),
)
_NO_FLAGS: tuple[Case[Any], ...] = (
    Case("the word true", "true"),
    Case("1", 1),
    Case("the word false", "false"),
    Case("0", 0),
    Case("the word yes", "yes"),
    Case("the empty string", ""),
    Case("an array", [True]),
    Case("an object", {"value": True}),
)
_NO_OBJECTS: tuple[Case[Any], ...] = (
    Case("a string", "Ada"),
    Case("a number", 1),
    Case("true", True),
    Case("an array", [{"a": 1}]),
    Case("an empty array", []),
    Case("JSON in a string", '{"a": 1}'),
)
# Some wrong values are tempting for one property only: three letters in an array have length 3.
_OWN: dict[str, tuple[Case[Any], ...]] = {
    "preferredCurrency": (Case("three letters in an array", ["E", "U", "R"]), Case("a numeric code", 978)),
    "restriction": (Case("an array of restrictions", ["DE"]),),
    "b2b": tuple(
        Case(f"companyRegistrationId is {case.name}", {"companyRegistrationId": case.value})
        for case in _NO_STRINGS
    ),
}


@cache
def constraints(operation: BodyOperation) -> tuple[Constraint, ...]:
    """Every constraint that the corrected schema puts on the body of create, upsert or patch.

    Null is none of them: what a tenant does with it is open, see `null_cases()`.
    """
    names = [f"{name}.type" for name in (*STRINGS, *OBJECTS)]
    names += ["preferredCurrency.min-length", "preferredCurrency.max-length"]
    if operation == "create":
        names += ["id.empty", "id.max-length", "id.characters", "id.type", "password.type"]
    else:
        names += [f"{name}.type" for name in FLAGS]
    return tuple(Constraint(name, f"{operation}.{name}") for name in names)


def breaking(operation: BodyOperation, constraint: Constraint) -> st.SearchStrategy[Body]:
    """Bodies in which this constraint is broken and everything else is plainly valid."""
    return drawn(broken_values(constraint)).map(lambda case: _broken(operation, constraint, case.value))


def breaking_cases(operation: BodyOperation, constraint: Constraint) -> tuple[Case[Body], ...]:
    """Every body of `breaking()` once, named by what stands where a valid value should."""
    return tuple(
        Case(case.name, _broken(operation, constraint, case.value), constraint.name)
        for case in broken_values(constraint)
    )


def broken_values(constraint: Constraint) -> tuple[Case[Any], ...]:
    """The values that break this constraint; those of an id are stamped anew with each call."""
    name = constraint.property
    if constraint.name in ("preferredCurrency.min-length", "preferredCurrency.max-length"):
        return currencies.broken_currency_cases(constraint.name)
    if constraint.name in ("id.empty", "id.max-length", "id.characters"):
        return identifiers.broken_id_cases(constraint.name)
    if name in FLAGS:
        return _NO_FLAGS
    return (*(_NO_OBJECTS if name in OBJECTS else _NO_STRINGS), *_OWN.get(name, ()))


def valid_neighbours(operation: BodyOperation) -> Body:
    """A small valid body for one operation, in words that show where a refused body is written all the same.

    A patch names no address, to have nothing but its point.
    """
    words = {"firstName": "Refused", "lastName": "Unwritten"}
    return words if operation == "patch" else plain(**words)


def _broken(operation: BodyOperation, constraint: Constraint, value: Any) -> Body:
    return {**valid_neighbours(operation), constraint.property: value}
