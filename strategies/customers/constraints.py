"""Bodies that break exactly one constraint of their schema, and properties that a client cannot set."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from strategies import currencies, identifiers, namespace
from strategies.cases import Case
from strategies.customers.bodies import plain
from strategies.customers.properties import FLAGS, OBJECTS, STRINGS, Body, BodyOperation


@dataclass(frozen=True, slots=True)
class Constraint:
    """One constraint of a body's schema: its name (`title.type`, `b2b.companyRegistrationId.type`) and its clause."""

    name: str
    clause: str

    @property
    def property(self) -> str:
        """The property of the body that the constraint applies to."""
        return self.name.partition(".")[0]

    def __str__(self) -> str:
        return self.name


_NOT_STRINGS: tuple[Case[Any], ...] = (
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
_NOT_FLAGS: tuple[Case[Any], ...] = (
    Case("the word true", "true"),
    Case("1", 1),
    Case("the word false", "false"),
    Case("0", 0),
    Case("the word yes", "yes"),
    Case("the empty string", ""),
    Case("an array", [True]),
    Case("an object", {"value": True}),
)
_NOT_OBJECTS: tuple[Case[Any], ...] = (
    Case("an array", [{"a": 1}]),  # the first ones, because some languages take them for an object
    Case("an empty string", ""),
    Case("a string", "Ada"),
    Case("a number", 1),
    Case("true", True),
    Case("an empty array", []),
    Case("JSON in a string", '{"a": 1}'),
)
# Some invalid values suit one property only: three letters in an array have length 3.
_OWN: dict[str, tuple[Case[Any], ...]] = {
    "preferredCurrency": (Case("three letters in an array", ["E", "U", "R"]), Case("a numeric code", 978)),
    "restriction": (Case("an array of restrictions", ["DE"]),),
}
_OF_COMPANY = "b2b.companyRegistrationId.type"


@cache
def constraints(operation: BodyOperation) -> tuple[Constraint, ...]:
    """Every constraint that the corrected schema puts on the body of create, upsert or patch.

    Null is not among them: the contract does not specify the response to it.
    """
    names = [f"{name}.type" for name in (*STRINGS, *OBJECTS)]
    names += ["preferredCurrency.min-length", "preferredCurrency.max-length"]
    if operation == "create":
        names += ["id.empty", "id.max-length", "id.characters", "id.type", "password.type"]
    else:
        names += [f"{name}.type" for name in FLAGS]
    found = [Constraint(name, f"{operation}.{name}") for name in names]
    return (*found, Constraint(_OF_COMPANY, f"{operation}.b2b.type"))


def invalid_body_cases(operation: BodyOperation, constraint: Constraint) -> tuple[Case[Body], ...]:
    """Every body in which only this constraint is broken, named by the invalid value; values of ids are fresh."""
    return tuple(
        Case(case.name, {**_valid_body(operation), constraint.property: case.value}, constraint.name)
        for case in _invalid_values(constraint)
    )


def generated_property_cases(operation: BodyOperation) -> tuple[Case[Body], ...]:
    """Properties that only the tenant sets, to be added to a valid body, each with the end of its clause.

    The id is one of them for upsert and patch; create accepts it as a custom id.
    """
    generated: dict[str, Body] = {
        "customerNumber": {"customerNumber": namespace.fresh_id()},
        "metadataCreatedAt": {"metadataCreatedAt": "2001-02-03T04:05:06.000Z"},
        "businessModel": {"businessModel": "B2B"},
        "legalEntities": {
            "b2b": {
                "legalEntities": [
                    {
                        "id": namespace.fresh_id(),
                        "name": "Tyrell Corporation",
                        "contactAssignmentId": namespace.fresh_id(),
                    }
                ]
            }
        },
    }
    cases = [Case(name, body, f"{name}.generated") for name, body in generated.items()]
    if operation != "create":
        cases.append(Case("id", {"id": namespace.fresh_id()}, "id.fixed"))
    return tuple(cases)


def null_cases(operation: BodyOperation) -> tuple[Case[Body], ...]:
    """Null for each property, and for the members of objects; then empty texts and empty objects.

    Of restriction alone the contract says what null means.
    """
    names = [*STRINGS, *OBJECTS, *(("id", "password") if operation == "create" else FLAGS)]
    name = namespace.fresh_name()
    nested: dict[str, Body] = {
        "b2b.companyRegistrationId": {"b2b": {"companyRegistrationId": None}},
        "members of metadata": {"metadata": {"mixins": None, "version": None}},
        "members of mixins": {"mixins": {name: None, f"{name}Of": {"member": None}}},
        "empty texts": dict.fromkeys(
            ("photoUrl", "preferredLanguage", "preferredSite", "type", "contactPhone"), ""
        ),
        "empty objects": {name: {} for name in OBJECTS},
    }
    alone = {name: {name: None} for name in names if name != "restriction"}
    return tuple(Case(name, body) for name, body in {**alone, **nested}.items())


def _invalid_values(constraint: Constraint) -> tuple[Case[Any], ...]:
    name = constraint.property
    if constraint.name == _OF_COMPANY:
        return tuple(Case(case.name, {"companyRegistrationId": case.value}) for case in _NOT_STRINGS)
    if constraint.name in ("preferredCurrency.min-length", "preferredCurrency.max-length"):
        return currencies.invalid_currency_cases(constraint.name)
    if constraint.name in ("id.empty", "id.max-length", "id.characters"):
        return identifiers.invalid_id_cases(constraint.name)
    if name in FLAGS:
        return _NOT_FLAGS
    return (*(_NOT_OBJECTS if name in OBJECTS else _NOT_STRINGS), *_OWN.get(name, ()))


def _valid_body(operation: BodyOperation) -> Body:
    # The names show where a tenant stored a rejected body; a patch names no address, to change nothing else.
    names = {"firstName": "Refused", "lastName": namespace.fresh_id()}
    return names if operation == "patch" else plain(**names)
